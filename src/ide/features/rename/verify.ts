import { edited } from '../../../diagnostics/apply-fix.js';
import type { Diagnostic, Edit } from '../../../diagnostics/record.js';
import { lineStarts, positionAt } from '../../../diagnostics/span.js';
import type { FileView } from '../../file-view.js';
import { keyOf, type Occurrence } from '../../names/named.js';
import type { Workspace } from '../../workspace.js';

/** The texts of the files that edits change, after them. */
export function textsAfter(workspace: Workspace, edits: readonly Edit[]): ReadonlyMap<string, string> {
  const texts = new Map<string, string>();
  for (const path of new Set(edits.map(({ span }) => span.file))) {
    const own = edits.filter(({ span }) => span.file === path);
    texts.set(path, edited(workspace.text(path) ?? '', own));
  }
  return texts;
}

/** Why a rename would change more than a name: a new mistake, or a name that would mean something else. Undefined if it changes nothing else. */
export function whyDifferent(workspace: Workspace, edits: readonly Edit[], newName: string): string | undefined {
  const texts = textsAfter(workspace, edits);
  const after = workspace.with(texts);
  const moved = movedBy(edits);
  for (const path of texts.keys()) {
    const old = workspace.view(path);
    const now = after.view(path);
    if (old === undefined || now === undefined) continue;
    const mistake = newMistake(old, now, moved);
    const other = mistake?.code.startsWith('duplicate') === true ? undefined : otherMeaning(old, now, moved);
    if (other !== undefined)
      return placed(`\`${now.text.slice(other.span.start, other.span.end) || newName}\` would mean something else`, now, other.span.start);
    if (mistake !== undefined) return placed(`it would be a mistake: ${mistake.message}`, now, mistake.span.start);
  }
  return undefined;
}

function placed(text: string, { path, text: source }: FileView, offset: number): string {
  return `${text} (${path}, line ${positionAt(lineStarts(source), offset).line})`;
}

/** Where an offset of a file is after edits. */
export function movedBy(edits: readonly Edit[]): (file: string, offset: number) => number {
  return (file, offset) => {
    let moved = offset;
    for (const { span, text } of edits) if (span.file === file && span.end <= offset) moved += text.length - (span.end - span.start);
    return moved;
  };
}

type Moved = ReturnType<typeof movedBy>;

/** An error after edits where none of its kind was before. */
export function newMistake(old: FileView, now: FileView, moved: Moved): Diagnostic | undefined {
  const known = new Map<string, number>();
  for (const { code, span } of old.diagnostics) {
    const key = `${code} ${moved(span.file, span.start)}`;
    known.set(key, (known.get(key) ?? 0) + 1);
  }
  return now.diagnostics.find(({ code, span, severity }) => {
    const key = `${code} ${span.start}`;
    const left = known.get(key) ?? 0;
    known.set(key, left - 1);
    return severity === 'error' && left <= 0;
  });
}

function otherMeaning(old: FileView, now: FileView, moved: Moved): { readonly span: Occurrence['span'] } | undefined {
  const found = new Map(now.occurrences().map((occurrence) => [occurrence.span.start, occurrence]));
  for (const { span, named } of old.occurrences()) {
    const at = moved(span.file, span.start);
    const other = found.get(at);
    if (other === undefined) return { span: { file: span.file, start: at, end: at } };
    const { span: declared } = named;
    const key = declared === undefined ? keyOf(named) : `${declared.file}:${moved(declared.file, declared.start)}`;
    if (key !== keyOf(other.named)) return other;
  }
  return undefined;
}
