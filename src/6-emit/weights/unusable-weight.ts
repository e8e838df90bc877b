import type { Diagnostic } from '../../diagnostics/diagnostic.js';
import type { Report } from '../../diagnostics/report.js';

/** A weight has a value that cannot be written. This is known only while its values are read or computed: whoever writes them reports it. */
export class UnusableWeight extends Error {
  override readonly name = 'UnusableWeight';
  readonly diagnostic: Diagnostic;

  constructor(diagnostic: Diagnostic) {
    super(diagnostic.message);
    this.diagnostic = diagnostic;
  }
}

/** Reports a weight that cannot be written, for which there is no result; throws any other error. */
export function reportUnusable(error: unknown, report: Report): undefined {
  if (!(error instanceof UnusableWeight)) throw error;
  report.push(error.diagnostic);
}
