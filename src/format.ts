import { format as print } from './1-syntax/format.js';
import { parse } from './1-syntax/parse.js';
import { plainDiagnostic } from './diagnostics/diagnostic.js';
import type { Diagnostic } from './diagnostics/record.js';
import { Report } from './diagnostics/report.js';

export interface FormatResult {
  /** The text in its standard form; absent for a text with syntax errors, which is better left as it is. */
  readonly text?: string | undefined;
  readonly diagnostics: readonly Diagnostic[];
}

/** Formats one source text: two spaces of indentation, at most 100 columns where lines can break, pipelines and their `as` aligned. */
export function format(path: string, text: string): FormatResult {
  const report = new Report();
  const file = parse(path, text, report);
  const diagnostics = report.diagnostics.map(plainDiagnostic);
  return report.hasErrors ? { diagnostics } : { text: print(file), diagnostics };
}
