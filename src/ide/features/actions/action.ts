import type { Diagnostic, Edit } from '../../../diagnostics/record.js';
import { plainSpan, type Span } from '../../../diagnostics/span.js';
import type { FileItem, FileView } from '../../file-view.js';
import type { Workspace } from '../../workspace.js';

/** What an action is for, as the language server protocol names it. */
export type ActionKind =
  | 'quickfix'
  | 'refactor.extract'
  | 'refactor.inline'
  | 'refactor.rewrite'
  | 'source.fixAll'
  | 'source.organizeImports';

/** A change that an editor offers. */
export interface CodeAction {
  readonly title: string;
  readonly kind: ActionKind;
  /** Absent if it takes time to find them: `resolveCodeAction` does. */
  readonly edits?: readonly Edit[] | undefined;
  /** It is what most people want. */
  readonly isPreferred?: true;
  /** What it corrects. */
  readonly diagnostics?: readonly Diagnostic[];
  /** A name that it makes up, and that the user may want to change at once: its place in the file after the edits. */
  readonly rename?: { readonly file: string; readonly offset: number };
  /** It turns out that it cannot be done. */
  readonly disabled?: string;
}

/** An edit that writes a name that is made up, at an offset in its text. */
export interface NamingEdit extends Edit {
  readonly nameAt?: number;
}

/** An action whose edits are made where they are needed. */
export interface Offer extends Omit<CodeAction, 'edits' | 'rename' | 'disabled'> {
  /** Undefined if it cannot be done after all. */
  edits(): readonly NamingEdit[] | undefined;
  /** Its edits are found, and tested, only when it is chosen. */
  readonly isSlow?: true;
}

/** Where actions are asked for. */
export interface Place {
  readonly workspace: Workspace;
  readonly view: FileView;
  readonly text: string;
  /** What is selected; empty at a cursor. */
  readonly span: Span;
  /** The declaration around the selection. */
  readonly item: FileItem | undefined;
  /** The mistakes and warnings that the selection touches. */
  readonly diagnostics: readonly Diagnostic[];
}

/** Whether two spans of one file overlap or touch. */
export function touches(a: Pick<Span, 'start' | 'end'>, b: Pick<Span, 'start' | 'end'>): boolean {
  return a.start <= b.end && b.start <= a.end;
}

/** Whether a span is inside another one. */
export function isInside(inner: Pick<Span, 'start' | 'end'>, outer: Pick<Span, 'start' | 'end'>): boolean {
  return outer.start <= inner.start && inner.end <= outer.end;
}

export function placeAt(workspace: Workspace, path: string, span: Pick<Span, 'start' | 'end'>): Place | undefined {
  const view = workspace.view(path);
  if (view === undefined) return undefined;
  const end = Math.max(0, Math.min(Math.max(span.start, span.end), view.text.length));
  const start = Math.max(0, Math.min(span.start, span.end, view.text.length));
  const diagnostics = view.diagnostics.filter((d) => touches(d.span, { start, end }));
  return { workspace, view, text: view.text, span: { file: path, start, end }, item: view.itemAt(start), diagnostics };
}

/** A replacement in the file of a place. */
export function replace({ file, start, end }: Span, text: string): Edit {
  return { span: { file, start, end }, text };
}

/** An insertion. */
export function insert(file: string, offset: number, text: string): Edit {
  return { span: { file, start: offset, end: offset }, text };
}

export function plainEdits(edits: readonly Edit[]): readonly Edit[] {
  return edits.map(({ span, text }) => ({ span: plainSpan(span), text }));
}

/** Where the name that edits make up is after them. */
export function renameAfter(edits: readonly NamingEdit[]): Pick<CodeAction, 'rename'> {
  const naming = edits.find(({ nameAt }) => nameAt !== undefined);
  if (naming?.nameAt === undefined) return {};
  const { file, start } = naming.span;
  const before = edits.filter(({ span }) => span.file === file && span.end <= start && span.start < start);
  const shift = before.reduce((sum, { span, text }) => sum + text.length - (span.end - span.start), 0);
  return { rename: { file, offset: start + shift + naming.nameAt } };
}

/** The source of a node. */
export function sourceOf({ text }: Place, { span }: { readonly span: Span }): string {
  return text.slice(span.start, span.end);
}
