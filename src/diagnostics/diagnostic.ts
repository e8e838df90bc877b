import type { Entry } from './catalog/entry.js';
import { type Code, catalog, type ParamsOf } from './catalog.js';
import type { Diagnostic as AnyDiagnostic, Fix, Note, ShapeTable } from './record.js';
import { plainSpan, type Span } from './span.js';

export type { Edit, Fix, Note, ShapeTable } from './record.js';

/** A diagnostic of archc, whose code is in the catalog. */
export type Diagnostic = AnyDiagnostic<Code>;

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

/** The same for readers outside the compiler: its spans do not move with the declarations that they are in. */
export function plainDiagnostic(d: Diagnostic): Diagnostic {
  const notes = d.notes.map((note) => ({ ...note, span: plainSpan(note.span) }));
  const edits = (fix: Fix) => fix.edits.map((edit) => ({ ...edit, span: plainSpan(edit.span) }));
  return { ...d, span: plainSpan(d.span), notes, fixes: d.fixes.map((fix) => ({ ...fix, edits: edits(fix) })) };
}
