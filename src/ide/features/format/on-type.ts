import { scan } from '../../../1-syntax/scan.js';
import type { Edit } from '../../../diagnostics/record.js';
import type { Workspace } from '../../workspace.js';

const step = 2;

/** Indents a line after a line break or a closing brace was typed, at `offset`. A line break after an empty `##` ends the documentation: the line goes away. */
export function onTypeFormatting(workspace: Workspace, path: string, offset: number, typed: '\n' | '}'): readonly Edit[] {
  const text = workspace.text(path);
  if (text === undefined || offset < 0 || offset > text.length) return [];
  const start = text.lastIndexOf('\n', offset - 1) + 1;
  const rest = text.slice(start);
  const [written = ''] = /^[ \t]*/.exec(rest) ?? [];
  const first = rest[written.length];
  if (typed === '}' && (first !== '}' || start + written.length + 1 !== offset)) return [];
  const wanted = indentation(text.slice(0, start), first);
  if (wanted === undefined) return [];
  const indent = ' '.repeat(wanted);
  const above = typed === '\n' && first !== '#' ? emptyDocumentation(text, start) : start;
  if (above === start && indent === written) return [];
  return [{ span: { file: path, start: above, end: start + written.length }, text: indent }];
}

/** Where the line above begins if it is an empty `##` after documentation; otherwise the place itself. */
function emptyDocumentation(text: string, start: number): number {
  const lineBefore = (end: number) => Math.max(0, text.lastIndexOf('\n', end - 2) + 1);
  const empty = lineBefore(start);
  const isEmpty = start > 0 && /^[ \t]*##[ \t]*\r?\n$/.test(text.slice(empty, start));
  return isEmpty && empty > 0 && /^[ \t]*##/.test(text.slice(lineBefore(empty), empty)) ? empty : start;
}

interface Open {
  /** The indentation of the line with the bracket. */
  readonly indent: number;
  readonly bracket: string;
}

/** The indentation of the line after a text that begins with a character; undefined inside a string. */
function indentation(before: string, first: string | undefined): number | undefined {
  const open: Open[] = [];
  // The last one is the end of the text.
  const tokens = scan(before).tokens.slice(0, -1);
  const last = tokens.at(-1);
  const indentOf = (offset: number) => /^[ \t]*/.exec(before.slice(before.lastIndexOf('\n', offset - 1) + 1))?.[0].length ?? 0;
  for (const { image, startOffset } of tokens) {
    if (image === '{' || image === '(' || image === '[') open.push({ indent: indentOf(startOffset), bracket: image });
    else if (image === '}' || image === ')' || image === ']') open.pop();
  }
  const around = open.at(-1);
  const isClosing = first === '}' || first === ')' || first === ']';
  if (around === undefined)
    return last !== undefined && continues(last.image) && isJustBefore(before, last) ? indentOf(last.startOffset) + step : 0;
  if (isClosing) return around.indent;
  const inside = around.indent + step;
  if (around.bracket !== '{' || last === undefined || !isJustBefore(before, last)) return inside;
  const line = before.slice(before.lastIndexOf('\n', last.startOffset - 1) + 1, last.startOffset + last.image.length);
  // The stages of a pipeline are on lines of their own.
  if (/^[ \t]*->/.test(line) && last.image !== '{') return Math.max(inside, indentOf(last.startOffset));
  return continues(last.image) ? Math.max(inside, indentOf(last.startOffset) + step) : inside;
}

/** Whether nothing but a comment is between the last token and the line: after an empty line, nothing is continued. */
function isJustBefore(before: string, { startOffset, image }: { readonly startOffset: number; readonly image: string }): boolean {
  return /^[ \t]*(?:#[^\n]*)?\r?\n$/.test(before.slice(startOffset + image.length));
}

/** Whether an expression goes on after a token. */
function continues(image: string): boolean {
  return ['->', '=', '+', '-', '*', '/', '//', '%', '@', '&', '|', '&&', '||', '==', '=>'].includes(image);
}
