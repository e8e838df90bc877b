import type { Edit, Fix } from './record.js';

/**
 * The texts of the files that a fix changes, by their paths, after the change. `sources` has the texts to which the diagnostic belongs. Throws `RangeError` if it
 * lacks one of them.
 */
export function applyFix({ edits }: Fix, sources: ReadonlyMap<string, string>): ReadonlyMap<string, string> {
  const changed = new Map<string, string>();
  for (const { span } of edits) {
    const { file } = span;
    const text = sources.get(file);
    if (text === undefined) throw new RangeError(`the text of ${file} is not given`);
    if (changed.has(file)) continue;
    changed.set(
      file,
      edited(
        text,
        edits.filter((edit) => edit.span.file === file),
      ),
    );
  }
  return changed;
}

/** A text after edits that do not overlap, whose spans are places in the text before all of them. Insertions at one place keep their order. */
export function edited(text: string, edits: readonly Edit[]): string {
  const forwards = [...edits].sort(({ span: a }, { span: b }) => a.start - b.start || a.end - b.end);
  let changed = '';
  let at = 0;
  for (const { span, text: by } of forwards) {
    changed += text.slice(at, span.start) + by;
    at = span.end;
  }
  return changed + text.slice(at);
}
