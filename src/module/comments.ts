import type { TrainingManifest } from '../api/training.js';

/** A doc comment of these lines; nothing for none. A text can neither end it nor begin another one. */
export function docComment(lines: readonly string[], indent = ''): readonly string[] {
  const safe = lines.flatMap((line) => line.split(/\r?\n/)).map((line) => line.replaceAll('*/', '*\\/').trimEnd());
  const [only, ...others] = safe;
  if (only === undefined) return [];
  if (others.length === 0) return [`${indent}/** ${only} */`];
  return [`${indent}/**`, ...safe.map((line) => `${indent} *${line === '' ? '' : ` ${line}`}`), `${indent} */`];
}

/** The first line of both files. */
export function headerOf(source: string): string {
  return `// Written by archc from ${source.replaceAll(/[\r\n\u2028\u2029]/g, ' ')}: the next build replaces it.`;
}

/** The doc comment of a training: its own, or which model it trains. */
export function docOfTraining({ model, train, inference }: TrainingManifest): readonly string[] {
  const { doc } = train.signature;
  return [doc === undefined || doc === inference.signature.doc ? `Trains \`${model}\`.` : doc];
}
