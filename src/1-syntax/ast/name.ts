import type { Span } from '../../diagnostics/span.js';

/** The text is `''` for a missing name, which the parser has reported. */
export interface Name {
  readonly text: string;
  readonly span: Span;
}
