import type { Span } from '../../diagnostics/span.js';
import type { Item } from './declarations.js';

/**
 * The syntax tree. The parser is total: for any input, it returns a tree in which every required child is present. What could not be read is an `error` node,
 * which later phases skip silently because the parser has already reported it.
 */
export interface File {
  readonly kind: 'file';
  readonly path: string;
  readonly text: string;
  readonly items: readonly Item[];
  /** Ordinary `#` comments in source order; `##` documentation is on the declarations. */
  readonly comments: readonly Comment[];
  readonly span: Span;
}

export interface Comment {
  readonly text: string;
  readonly span: Span;
  /** Whether it is on a line of its own. */
  readonly ownLine: boolean;
}
