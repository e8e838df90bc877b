import type { Diagnostic } from '../src/diagnostics/diagnostic.js';

/** Thrown inside the parser to leave a statement that cannot be read; the nearest recovery point reports it. */
export class SyntaxFailure extends Error {
  override readonly name = 'SyntaxFailure';
  readonly diagnostic: Diagnostic;
  constructor(diagnostic: Diagnostic) {
    super(diagnostic.message);
    this.diagnostic = diagnostic;
  }
}
