import { append } from '../lists.js';

/** `# archc: allow unused-input, unused-let`, and any words from which a reader would expect an effect. */
const directive = /^\s*#+\s*archc:(.*)$/;

/** The instruction of a comment line to archc: the words after `# archc:`. Undefined for every other comment. */
export function directiveIn(comment: string): { readonly verb: string; readonly codes: readonly string[] } | undefined {
  const words = directive.exec(comment)?.[1];
  if (words === undefined) return undefined;
  const [verb = '', ...codes] = words.split(/[\s,]+/).filter((word) => word !== '');
  return { verb, codes };
}

/** The warnings that the comment lines directly above the line of `offset` silence. */
export function allowedAt(text: string, offset: number): readonly string[] {
  const codes: string[] = [];
  let end = text.lastIndexOf('\n', offset - 1);
  while (end > 0) {
    const start = text.lastIndexOf('\n', end - 1) + 1;
    const line = text.slice(start, end);
    if (!/^\s*#/.test(line)) break;
    const found = directiveIn(line);
    if (found?.verb === 'allow') append(codes, found.codes);
    end = start - 1;
  }
  return codes;
}
