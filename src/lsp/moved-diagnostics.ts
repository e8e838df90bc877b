import type { Diagnostic } from '../diagnostics/diagnostic.js';
import type { Span } from '../diagnostics/span.js';

/** The diagnostics of an older text of a file at their places in a newer one, without those whose place has changed. */
export function movedDiagnostics(found: readonly Diagnostic[], file: string, from: string, to: string): readonly Diagnostic[] {
  if (from === to) return found;
  const shorter = Math.min(from.length, to.length);
  let start = 0;
  while (start < shorter && from[start] === to[start]) start++;
  let after = 0;
  while (after < shorter - start && from.at(-1 - after) === to.at(-1 - after)) after++;
  const end = from.length - after;
  const shift = to.length - from.length;
  const moved = (span: Span): Span | undefined => {
    if (span.file !== file || span.end <= start) return span;
    return span.start >= end ? { ...span, start: span.start + shift, end: span.end + shift } : undefined;
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
