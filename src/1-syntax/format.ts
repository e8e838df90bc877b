import type { File } from './ast.js';
import { align } from './format/align.js';
import { FilePrinter } from './format/declarations.js';
import { layOut } from './format/doc.js';

/** The line width of formatted source. */
const width = 100;

/**
 * The source of a file in its standard form: two spaces of indentation, lines of at most 100 columns where the language lets them break, and at most one empty
 * line in a row. Pipelines keep the author's lines, with their `as` aligned in one column. The result keeps every comment and parses to the same tree.
 * Formatting formatted source changes nothing.
 *
 * Only for files without syntax errors: the caller refuses others, whose trees omit what could not be read.
 */
export function format(file: File): string {
  const lines = align(layOut(new FilePrinter(file).file(file), width), file.text, width);
  const text = lines.join('\n').trim();
  return text === '' ? '' : `${text}\n`;
}
