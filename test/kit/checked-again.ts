import { type CheckedFile, check } from '../../src/check.js';
import { createMemoryHost } from '../../src/memory-host.js';
import { shippedSources } from './broken-source.js';
import { declarationsIn, randomEdits } from './random-edits.js';

/** How many edits were checked, and how many of them left errors. */
export interface CheckedEdits {
  readonly edits: number;
  readonly wrong: number;
}

interface Files {
  readonly 'main.arch': string;
  /** What `main.arch` imports; empty if that is the whole. */
  readonly 'lib.arch': string;
}

/**
 * Edits the shipped files at random, each once as a whole and once split into two files, one of which imports the other, and compares the continued check with a new
 * check of each text. Throws for the first difference.
 */
export function checkedAgain(count: number, seed: number): CheckedEdits {
  const sources = shippedSources();
  const texts = sources.map(({ text }) => text);
  const cases = sources.flatMap(({ name, text }) => [
    { name, files: { 'main.arch': text, 'lib.arch': '' } },
    { name: `${name} in two files`, files: inTwoFiles(text) },
  ]);
  const each = Math.ceil(count / cases.length);
  const all = { edits: 0, wrong: 0 };
  for (const [i, { name, files }] of cases.entries()) {
    const others = texts.filter((_, k) => k % 7 === i % 7);
    const { edits, wrong } = editAndCheck(name, files, others, Math.min(each, count - all.edits), seed + i);
    all.edits += edits;
    all.wrong += wrong;
  }
  return all;
}

function editAndCheck(name: string, original: Files, others: readonly string[], count: number, seed: number): CheckedEdits {
  let files = original;
  const host = createMemoryHost({});
  const open = { resolve: host.resolve, read: (path: string) => (path in files ? files[path as keyof Files] : undefined) };
  const edits = {
    'main.arch': randomEdits(files['main.arch'], others, seed),
    'lib.arch': randomEdits(files['lib.arch'], others, seed + 1),
  };
  let now = check('main.arch', open);
  let wrong = 0;
  for (let k = 0; k < count; k++) {
    const edited = original['lib.arch'] !== '' && k % 2 === 0 ? 'lib.arch' : 'main.arch';
    const edit = edits[edited].next().value;
    files = { ...files, [edited]: edit.text };
    const place = `${name}, edit ${k} of ${edited} (${edit.what})`;
    try {
      now = now.next(files['main.arch']);
    } catch (error) {
      throw new Error(`${place}: ${error instanceof Error ? error.stack : error}\n${edit.text}`);
    }
    const [found, wanted] = [summary(now), summary(check('main.arch', open))];
    if (found !== wanted) throw new Error(`${place}:\n${differences(found, wanted)}\nfor\n${edit.text}`);
    if (now.failed) wrong++;
  }
  return { edits: count, wrong };
}

/** A text as two files: models, which import everything else from the other one. */
function inTwoFiles(text: string): Files {
  const parts = declarationsIn(text);
  const imports = parts.filter((part) => /^import\b/m.test(part));
  const models = parts.filter((part) => /^(?:model|train)\b/m.test(part));
  const others = parts.filter((part) => !models.includes(part) && !imports.includes(part));
  const names = others.flatMap((part) => /^(?:layer|fn|let|config) (\w+)/m.exec(part)?.[1] ?? []);
  const importing = names.length === 0 ? [] : [`import { ${names.join(', ')} } from "./lib.arch"`];
  return { 'main.arch': [...imports, ...importing, ...models].join('\n'), 'lib.arch': [...imports, ...others].join('\n') };
}

/** All that a check says, with the types at some places. */
function summary(file: CheckedFile): string {
  const { diagnostics, failed, sources, imports } = file;
  const types = ['main.arch', 'lib.arch'].map((path) => {
    const length = sources.get(path)?.length ?? 0;
    return [0.2, 0.5, 0.8].map((part) => file.typeAt(Math.floor(part * length), path) ?? null);
  });
  return JSON.stringify(
    { diagnostics, failed, sources: [...sources], imports: [...imports].map(([path, names]) => [path, [...names]]), types },
    undefined,
    1,
  );
}

/** The lines of two texts that only one of them has. */
function differences(found: string, wanted: string): string {
  const [a, b] = [found.split('\n'), wanted.split('\n')];
  const [more, less] = [a.filter((line) => !b.includes(line)), b.filter((line) => !a.includes(line))];
  return [...more.map((line) => `found: ${line}`), ...less.map((line) => `wanted: ${line}`)].join('\n');
}
