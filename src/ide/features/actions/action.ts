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
  /** It turns out that it cannot be done. */
  readonly disabled?: string;
}

/** An action whose edits are made where they are needed. */
export interface Offer extends Omit<CodeAction, 'edits' | 'disabled'> {
  /** Undefined if it cannot be done after all. */
  edits(): readonly Edit[] | undefined;
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

/** The source of a node. */
export function sourceOf({ text }: Place, { span }: { readonly span: Span }): string {
  return text.slice(span.start, span.end);
}
