import type { Span } from './span.js';

/** `error` stops a build, `warning` does not (unless `--deny-warnings`). */
export type Severity = 'error' | 'warning';

/** A secondary location: where the other number came from. */
export interface Note {
  readonly span: Span;
  readonly text: string;
  /** The note shows the use of a declaration in which the problem is. */
  readonly isUse?: true;
}

export interface Edit {
  readonly span: Span;
  readonly text: string;
}

/** A change that a machine can apply, and that corrects the mistake. Other mistakes stay. */
export interface Fix {
  readonly title: string;
  readonly edits: readonly Edit[];
  /** Whether it changes neither what is computed nor a name that is visible elsewhere, so that it may be applied without asking. */
  readonly safe?: boolean;
}

/** One record for the terminal, JSON, SARIF, the language server and bundler overlays. */
export interface Diagnostic<Code extends string = string> {
  readonly code: Code;
  readonly severity: Severity;
  readonly message: string;
  readonly label?: string | undefined;
  readonly help?: string | undefined;
  readonly span: Span;
  readonly notes: readonly Note[];
  readonly fixes: readonly Fix[];
  /** Two rows of equal length, one cell per axis, printed as an aligned table with the differing cells marked. */
  readonly table?: ShapeTable | undefined;
}

export interface ShapeTable {
  readonly wanted: readonly string[];
  readonly got: readonly string[];
  /** The axes on which any size fits: they are never marked. */
  readonly open?: readonly number[];
}
