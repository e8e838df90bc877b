import { rangesIn } from './located.js';
import type { Diagnostic } from './record.js';
import { printableText } from './text-width.js';

/** One line each, as editors and `grep` expect: `file:line:column: error[code]: message`. */
export function renderShort(diagnostics: readonly Diagnostic[], sources: ReadonlyMap<string, string>): string {
  const rangeOf = rangesIn(sources);
  return diagnostics
    .map((d) => {
      const { line, column } = rangeOf(d.span).start;
      return `${printableText(`${d.span.file}:${line}:${column}: ${d.severity}[${d.code}]: ${d.message}`)}\n`;
    })
    .join('');
}
