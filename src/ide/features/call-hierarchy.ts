import { plainSpan, type Span } from '../../diagnostics/span.js';
import type { FileItem, FileView } from '../file-view.js';
import { keyOf, meant, type Named, type NamedKind } from '../names/named.js';
import { namedItem } from '../names/occurrences.js';
import type { Workspace } from '../workspace.js';

/** A declaration that uses others, and is used by others. */
export interface HierarchyItem {
  readonly name: string;
  readonly kind: NamedKind;
  readonly span: Span;
  readonly nameSpan: Span;
}

export interface HierarchyCall {
  readonly item: HierarchyItem;
  /** Where it is used: in the item of an incoming call, and in the asked item for an outgoing one. */
  readonly places: readonly Span[];
}

const callable: ReadonlySet<NamedKind> = new Set(['model', 'layer', 'function', 'config', 'constant']);

/** The declaration that is named at an offset. */
export function hierarchyAt(workspace: Workspace, path: string, offset: number): HierarchyItem | undefined {
  const named = workspace.view(path)?.occurrenceAt(offset)?.named;
  return named && itemOf(meant(named));
}

/** The declarations of the workspace that use a declaration. */
export function incomingCalls(
  workspace: Workspace,
  { name, nameSpan }: Pick<HierarchyItem, 'name' | 'nameSpan'>,
): readonly HierarchyCall[] {
  const key = `${nameSpan.file}:${nameSpan.start}`;
  return workspace.files().flatMap((path) => {
    if (workspace.text(path)?.includes(name) !== true) return [];
    const view = workspace.view(path);
    return view?.items().flatMap((item) => callsFrom(view, item, key)) ?? [];
  });
}

function callsFrom(view: FileView, item: FileItem, key: string): readonly HierarchyCall[] {
  const uses = view.occurrencesIn(item).filter(({ named, role }) => role !== 'definition' && keyOf(meant(named)) === key);
  const places = uses.map(({ span }) => plainSpan(span));
  const from = {
    name: item.name.text,
    kind: namedItem(item, view.module).kind,
    span: plainSpan(item.span),
    nameSpan: plainSpan(item.name.span),
  };
  return places.length === 0 ? [] : [{ item: from, places }];
}

/** The declarations that a declaration uses. */
export function outgoingCalls(workspace: Workspace, { nameSpan }: Pick<HierarchyItem, 'nameSpan'>): readonly HierarchyCall[] {
  const view = workspace.view(nameSpan.file);
  const item = view?.itemAt(nameSpan.start);
  if (view === undefined || item === undefined) return [];
  const calls = new Map<string, { readonly item: HierarchyItem; readonly places: Span[] }>();
  for (const { named, span, role } of view.occurrencesIn(item)) {
    const used = role === 'definition' ? undefined : itemOf(meant(named));
    if (used === undefined) continue;
    const key = keyOf(meant(named));
    const call = calls.get(key) ?? { item: used, places: [] };
    call.places.push(plainSpan(span));
    calls.set(key, call);
  }
  return [...calls.values()];
}

function itemOf({ kind, name, source, span }: Named): HierarchyItem | undefined {
  if (source?.kind !== 'decl' || span === undefined || !callable.has(kind)) return undefined;
  return { name, kind, span: plainSpan(source.decl.span), nameSpan: plainSpan(span) };
}
