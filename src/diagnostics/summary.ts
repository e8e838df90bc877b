import type { Diagnostic } from './record.js';

/** How many of each there are. */
export interface Count {
  readonly errors: number;
  readonly warnings: number;
}

export function countOf(diagnostics: readonly Diagnostic[]): Count {
  const errors = diagnostics.filter((d) => d.severity === 'error').length;
  return { errors, warnings: diagnostics.length - errors };
}

/** The last line of a report: `2 errors, 1 warning`; empty if there is nothing to report. */
export function summaryLine({ errors, warnings }: Count): string {
  const parts: string[] = [];
  if (errors > 0) parts.push(`${errors} error${errors === 1 ? '' : 's'}`);
  if (warnings > 0) parts.push(`${warnings} warning${warnings === 1 ? '' : 's'}`);
  return parts.join(', ');
}
