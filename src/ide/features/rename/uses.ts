import { eachNode } from '../../../1-syntax/walk.js';
import type { FileItem, FileView } from '../../file-view.js';
import { keyOf, type Named, type Occurrence } from '../../names/named.js';
import type { Workspace } from '../../workspace.js';

/** The places in one file where a thing is named. */
export interface FileUses {
  readonly view: FileView;
  readonly occurrences: readonly Occurrence[];
}

/** The places in all files of the workspace where something is named as it is declared; not where an alias of an import, or a weight's other name, is written. */
export function usesOf(workspace: Workspace, named: Named): readonly FileUses[] {
  const found: FileUses[] = [];
  const keys = keysOf(workspace, named);
  for (const view of viewsWith(workspace, named.name)) {
    const occurrences = view
      .occurrences()
      .filter((other) => keys.has(keyOf(other.named)) && view.text.slice(other.span.start, other.span.end) === named.name);
    if (occurrences.length > 0) found.push({ view, occurrences });
  }
  return found;
}

/** The files of the workspace whose texts contain a word. */
export function viewsWith(workspace: Workspace, word: string): readonly FileView[] {
  return workspace.files().flatMap((path) => {
    const view = workspace.text(path)?.includes(word) === true ? workspace.view(path) : undefined;
    return view === undefined ? [] : [view];
  });
}

/** The declaration or `train` block that declares something inside of it, with its file. */
export function homeOf(workspace: Workspace, { span }: Named): { readonly view: FileView; readonly item: FileItem } | undefined {
  const view = span && workspace.view(span.file);
  const item = span && view?.itemAt(span.start);
  return view && item && { view, item };
}

/**
 * What counts as the same thing. A weight may be declared in several branches, and what a `scan` emits may be emitted in several: they keep one name.
 */
function keysOf(workspace: Workspace, named: Named): ReadonlySet<string> {
  const keys = new Set([keyOf(named)]);
  const home = named.kind === 'storage' || named.kind === 'variable' ? homeOf(workspace, named) : undefined;
  if (home === undefined) return keys;
  const emitted = emittedIn(home.item);
  for (const { named: other, role } of home.view.occurrencesIn(home.item)) {
    if (role !== 'definition' || other.kind !== named.kind || other.name !== named.name) continue;
    if (named.kind === 'storage' || (emitted.has(other.span?.start ?? -1) && emitted.has(named.span?.start ?? -1))) keys.add(keyOf(other));
  }
  return keys;
}

function emittedIn(item: FileItem): ReadonlySet<number> {
  const starts = new Set<number>();
  eachNode(item, (node) => {
    if (node.kind === 'emit')
      starts.add((node as unknown as { readonly name: { readonly span: { readonly start: number } } }).name.span.start);
  });
  return starts;
}
