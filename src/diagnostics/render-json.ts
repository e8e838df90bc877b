import { type Range, rangesIn } from './located.js';
import type { Diagnostic, Severity } from './record.js';
import type { Span } from './span.js';

/** One diagnostic for other programs. Lines and columns count from 1, offsets from 0, all in UTF-16 units. */
export interface JsonDiagnostic {
  readonly code: string;
  readonly severity: Severity;
  readonly message: string;
  readonly file: string;
  readonly range: Range;
  /** The places that the numbers come from; the first says what was found at `range` itself, if the diagnostic says so. */
  readonly related: readonly { readonly message: string; readonly file: string; readonly range: Range }[];
  readonly fixes: readonly {
    readonly title: string;
    /** Whether `archc check --fix` applies it. */
    readonly safe: boolean;
    readonly edits: readonly { readonly file: string; readonly range: Range; readonly text: string }[];
  }[];
  readonly help: string | null;
}

/** Diagnostics as `archc check --format json` prints them. */
export function toJson(diagnostics: readonly Diagnostic[], sources: ReadonlyMap<string, string>): readonly JsonDiagnostic[] {
  const rangeOf = rangesIn(sources);
  const place = (span: Span) => ({ file: span.file, range: rangeOf(span) });
  return diagnostics.map((d) => ({
    code: d.code,
    severity: d.severity,
    message: d.message,
    ...place(d.span),
    related: [...(d.label === undefined ? [] : [{ span: d.span, text: d.label }]), ...d.notes].map((note) => ({
      message: note.text,
      ...place(note.span),
    })),
    fixes: d.fixes.map((fix) => ({
      title: fix.title,
      safe: fix.safe === true,
      edits: fix.edits.map((edit) => ({ ...place(edit.span), text: edit.text })),
    })),
    help: d.help ?? null,
  }));
}

/** One JSON array, even if it is empty. */
export function renderJson(diagnostics: readonly Diagnostic[], sources: ReadonlyMap<string, string>): string {
  return `${JSON.stringify(toJson(diagnostics, sources), undefined, 2)}\n`;
}
