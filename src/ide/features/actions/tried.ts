import type { Diagnostic, Edit } from '../../../diagnostics/record.js';
import type { Workspace } from '../../workspace.js';
import { movedBy, newMistake, textsAfter } from '../rename/verify.js';
import type { Place } from './action.js';

/** Whether the files that edits change have no more mistakes than before. */
export function keepsChecks({ workspace }: Place, edits: readonly Edit[]): boolean {
  const texts = textsAfter(workspace, edits);
  const after = workspace.with(texts);
  return [...texts.keys()].every((path) => mistakesIn(after, path) <= mistakesIn(workspace, path));
}

/** Whether edits remove a mistake without introducing another one. */
export function corrects({ workspace, view }: Place, { code, span }: Diagnostic, edits: readonly Edit[]): boolean {
  const after = workspace.with(textsAfter(workspace, edits));
  const now = after.view(view.path);
  if (now === undefined || mistakesIn(after, view.path) >= mistakesIn(workspace, view.path)) return false;
  const moved = movedBy(edits);
  const start = moved(span.file, span.start);
  return !now.diagnostics.some((other) => other.code === code && other.span.start === start) && newMistake(view, now, moved) === undefined;
}

function mistakesIn(workspace: Workspace, path: string): number {
  return workspace.view(path)?.diagnostics.filter(({ severity }) => severity === 'error').length ?? 0;
}
