import type { CodeAction } from '../../src/ide/features/actions/action.js';
import { codeActions, resolveCodeAction } from '../../src/ide/features/actions/code-actions.js';
import { textsAfter } from '../../src/ide/features/rename/verify.js';
import { type Opened, opened } from './ide.js';

export interface Offered extends Opened {
  readonly span: { readonly start: number; readonly end: number };
  readonly actions: readonly CodeAction[];
}

/** The actions at the cursor, or for what is between two cursors. */
export function offered(source: string | Readonly<Record<string, string>>, only?: readonly string[]): Offered {
  const all = opened(source);
  const [start = 0, end = start] = all.offsets;
  const span = { start, end };
  return { ...all, span, actions: codeActions(all.workspace, all.path, span, only) };
}

export function titles(source: string | Readonly<Record<string, string>>, only?: readonly string[]): readonly string[] {
  return offered(source, only).actions.map(({ title }) => title);
}

/** The texts of the files that an action changes, after it; why it is disabled; or which actions there are instead. */
export function afterAction(
  source: string | Readonly<Record<string, string>>,
  title: string | RegExp,
): Readonly<Record<string, string>> | string {
  const { workspace, path, span, actions } = offered(source);
  const action = actions.find((other) => (typeof title === 'string' ? other.title === title : title.test(other.title)));
  if (action === undefined) return actions.map((other) => other.title).join('\n');
  const { edits, disabled } = action.edits === undefined ? resolveCodeAction(workspace, path, span, action) : action;
  return edits === undefined ? (disabled ?? 'no edits') : Object.fromEntries(textsAfter(workspace, edits));
}

/** The same for a file alone. */
export function acted(source: string, title: string | RegExp): string {
  const after = afterAction(source, title);
  return typeof after === 'string' ? after : (after['main.arch'] ?? '');
}
