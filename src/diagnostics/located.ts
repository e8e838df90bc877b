import { SourceText } from './source-line.js';
import type { Position, Span } from './span.js';

/** A span in the units of people and other programs: lines and columns from 1. */
export interface Range {
  readonly start: Position;
  readonly end: Position;
}

/**
 * Turns spans into lines and columns: `const rangeOf = rangesIn(sources)`. Each text is read once. In a file whose text is not known, everything is at its first
 * line.
 */
export function rangesIn(sources: ReadonlyMap<string, string>): (span: Span) => Range {
  const texts = new Map<string, SourceText>();
  return (span) => {
    const source = sources.get(span.file);
    if (source === undefined) {
      return { start: { line: 1, column: 1, offset: span.start }, end: { line: 1, column: 1, offset: span.end } };
    }
    const text = texts.get(span.file) ?? new SourceText(source);
    texts.set(span.file, text);
    return { start: text.position(span.start), end: text.position(span.end) };
  };
}
