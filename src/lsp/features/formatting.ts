import { format } from '../../format.js';
import type { Documents } from '../documents.js';
import type { Feature } from '../feature.js';

/** Formatting of whole documents, as `archc fmt` does it. Only the lines that differ are replaced. */
export const formatting: Feature = {
  capabilities: () => ({ documentFormattingProvider: true }),
  register: ({ connection, documents }) => {
    connection.onDocumentFormatting(({ textDocument }) => formatEdits(documents, documents.path(textDocument)));
  },
};

function formatEdits(documents: Documents, path: string) {
  const text = documents.workspace.text(path);
  if (text === undefined) return null;
  const formatted = format(path, text).text;
  if (formatted === undefined || formatted === text) return [];
  const lines = (whole: string) => whole.split(/(?<=\n)/);
  const [before, after] = [lines(text), lines(formatted)];
  let start = 0;
  while (start < before.length && start < after.length && before[start] === after[start]) start++;
  let same = 0;
  while (same < before.length - start && same < after.length - start && before.at(-1 - same) === after.at(-1 - same)) same++;
  const from = before.slice(0, start).join('').length;
  const replaced = before.slice(start, before.length - same).join('');
  const range = documents.positions(path).range({ start: from, end: from + replaced.length });
  return [{ range, newText: after.slice(start, after.length - same).join('') }];
}
