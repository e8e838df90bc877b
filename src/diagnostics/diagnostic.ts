import type { Entry, Severity } from './catalog/entry.js';
import { type Code, catalog, type ParamsOf } from './catalog.js';
import type { Span } from './span.js';

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

/** A change that a machine can apply and that is known to compile. */
export interface Fix {
  readonly title: string;
  readonly edits: readonly Edit[];
  /** Whether it changes neither what is computed nor a name that is visible elsewhere, so that it may be applied without asking. */
  readonly safe?: boolean;
}

/** One record for the terminal, JSON, SARIF, the language server and bundler overlays. */
export interface Diagnostic {
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

export interface Extra {
  readonly notes?: readonly Note[];
  readonly fixes?: readonly Fix[];
  readonly table?: ShapeTable | undefined;
  /** Replaces the catalog's help if the checker knows something more useful. */
  readonly help?: string | undefined;
}

export function diagnostic<C extends Code>(code: C, span: Span, params: ParamsOf<C>, extra: Extra = {}): Diagnostic {
  // The catalog is a union of entries; `C` selects the one whose parameters `params` was checked against.
  const entry = catalog[code] as unknown as Entry<ParamsOf<C>>;
  const wording = entry.say(params);
  return {
    code,
    severity: entry.severity,
    message: wording.message,
    label: wording.label,
    help: extra.help ?? wording.help,
    span,
    notes: extra.notes ?? [],
    fixes: extra.fixes ?? [],
    table: extra.table,
  };
}
