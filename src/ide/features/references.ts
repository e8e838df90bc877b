import { plainSpan, type Span } from '../../diagnostics/span.js';
import { keyOf, meant, type Named, type Occurrence } from '../names/named.js';
import type { Workspace } from '../workspace.js';

/** A place where something is named. */
export interface Reference {
  readonly span: Span;
  readonly role: Occurrence['role'];
}

/** Every place in the workspace that names what is named at an offset, with the place of its declaration. Of an import's alias, those in its file. */
export function references(workspace: Workspace, path: string, offset: number): readonly Reference[] {
  const named = workspace.view(path)?.occurrenceAt(offset)?.named;
  return named === undefined ? [] : referencesTo(workspace, named);
}

/** Every place in the workspace that names something. */
export function referencesTo(workspace: Workspace, named: Named): readonly Reference[] {
  const found: Reference[] = [];
  for (const path of workspace.files()) {
    // Most files do not contain the name, and need not be checked to know that.
    if (workspace.text(path)?.includes(named.name) !== true) continue;
    for (const { span, role } of occurrencesOf(workspace, path, named)) found.push({ span: plainSpan(span), role });
  }
  return found;
}

/** The places in one file that name what is named at an offset there. */
export function highlights(workspace: Workspace, path: string, offset: number): readonly Reference[] {
  const named = workspace.view(path)?.occurrenceAt(offset)?.named;
  return named === undefined ? [] : occurrencesOf(workspace, path, named).map(({ span, role }) => ({ span: plainSpan(span), role }));
}

function occurrencesOf(workspace: Workspace, path: string, named: Named): readonly Occurrence[] {
  const key = keyOf(named);
  const view = workspace.view(path);
  return view?.occurrences().filter((other) => keyOf(other.named) === key || keyOf(meant(other.named)) === key) ?? [];
}
