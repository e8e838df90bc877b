import { changeBetween } from '../1-syntax/text-change.js';
import type { Diagnostic } from '../diagnostics/diagnostic.js';
import type { Span } from '../diagnostics/span.js';

/** The diagnostics of an older text of a file at their places in a newer one, without those whose place has changed. */
export function movedDiagnostics(found: readonly Diagnostic[], file: string, from: string, to: string): readonly Diagnostic[] {
  if (from === to) return found;
  const { start, oldEnd, shift } = changeBetween(from, to);
  const moved = (span: Span): Span | undefined => {
    if (span.file !== file || span.end <= start) return span;
    return span.start >= oldEnd ? { ...span, start: span.start + shift, end: span.end + shift } : undefined;
  };
  return found.flatMap((diagnostic) => {
    const span = moved(diagnostic.span);
    if (span === undefined) return [];
    const notes = diagnostic.notes.flatMap((note) => {
      const place = moved(note.span);
      return place === undefined ? [] : [{ ...note, span: place }];
    });
    // What a fix would change may be different now.
    return [{ ...diagnostic, span, notes, fixes: [] }];
  });
}
