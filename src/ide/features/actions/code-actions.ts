import type { Span } from '../../../diagnostics/span.js';
import type { Workspace } from '../../workspace.js';
import { type ActionKind, type CodeAction, type Offer, type Place, placeAt, plainEdits, renameAfter } from './action.js';
import { providers } from './providers.js';
import { keepsChecks } from './tried.js';

/**
 * What can be changed at a selection: corrections of mistakes, and refactorings that leave all graphs as they are. `only` are the kinds that are wanted, also by the
 * part before a dot. Actions without edits are completed by `resolveCodeAction`.
 */
export function codeActions(
  workspace: Workspace,
  path: string,
  span: Pick<Span, 'start' | 'end'>,
  only?: readonly string[],
): readonly CodeAction[] {
  const place = placeAt(workspace, path, span);
  if (place === undefined) return [];
  return offersAt(place, only).flatMap((offer): readonly CodeAction[] => {
    const { edits: make, isSlow, ...action } = offer;
    if (isSlow === true) return [action];
    const edits = make();
    return edits === undefined || edits.length === 0 ? [] : [{ ...action, ...renameAfter(edits), edits: plainEdits(edits) }];
  });
}

/** An action with its edits. It is disabled if it would lead to new mistakes. */
export function resolveCodeAction(
  workspace: Workspace,
  path: string,
  span: Pick<Span, 'start' | 'end'>,
  action: Pick<CodeAction, 'title' | 'kind'>,
): CodeAction {
  const place = placeAt(workspace, path, span);
  const offer = place && offersAt(place, [action.kind]).find(({ title, kind }) => title === action.title && kind === action.kind);
  const edits = offer?.edits();
  if (place === undefined || offer === undefined || edits === undefined || edits.length === 0)
    return { title: action.title, kind: action.kind, disabled: 'it cannot be done here' };
  const { edits: _, isSlow, ...rest } = offer;
  if (isSlow === true && !keepsChecks(place, edits)) return { ...rest, disabled: 'it would lead to a mistake' };
  return { ...rest, ...renameAfter(edits), edits: plainEdits(edits) };
}

function offersAt(place: Place, only: readonly string[] | undefined): readonly Offer[] {
  const isWanted = (kind: ActionKind) => only === undefined || only.some((wanted) => kind === wanted || kind.startsWith(`${wanted}.`));
  const seen = new Set<string>();
  return providers
    .filter(({ kinds }) => kinds.some(isWanted))
    .flatMap(({ offers }) => offers(place))
    .filter(({ kind, title }) => isWanted(kind) && !seen.has(`${kind} ${title}`) && seen.add(`${kind} ${title}`));
}
