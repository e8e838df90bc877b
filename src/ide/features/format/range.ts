import { parse } from '../../../1-syntax/parse.js';
import type { Edit } from '../../../diagnostics/record.js';
import { Report } from '../../../diagnostics/report.js';
import { plainSpan, type Span } from '../../../diagnostics/span.js';
import { format } from '../../../format.js';
import type { Workspace } from '../../workspace.js';

/** Formats a whole file, as `archc fmt` does; nothing if it has syntax errors. Only the lines between the first and the last that differ are replaced. */
export function formatting(workspace: Workspace, path: string): readonly Edit[] {
  const text = workspace.text(path);
  const formatted = text === undefined ? undefined : format(path, text).text;
  if (text === undefined || formatted === undefined || formatted === text) return [];
  const lines = (whole: string) => whole.split(/(?<=\n)/);
  const [before, after] = [lines(text), lines(formatted)];
  let first = 0;
  while (first < before.length && first < after.length && before[first] === after[first]) first++;
  let same = 0;
  while (same < before.length - first && same < after.length - first && before.at(-1 - same) === after.at(-1 - same)) same++;
  const start = before.slice(0, first).join('').length;
  const end = start + before.slice(first, before.length - same).join('').length;
  return [{ span: { file: path, start, end }, text: after.slice(first, after.length - same).join('') }];
}

/** Formats the declarations that a range touches, also in a file with syntax errors elsewhere. */
export function rangeFormatting(workspace: Workspace, path: string, { start, end }: Pick<Span, 'start' | 'end'>): readonly Edit[] {
  const text = workspace.text(path);
  if (text === undefined) return [];
  return parse(path, text, new Report()).items.flatMap(({ kind, span }): readonly Edit[] => {
    if (kind === 'error-item' || span.end < start || end < span.start) return [];
    const before = text.slice(span.start, span.end);
    const after = format(path, before).text?.trimEnd();
    return after === undefined || after === before ? [] : [{ span: plainSpan(span), text: after }];
  });
}
