import type { Block, Item } from '../../1-syntax/ast.js';
import { eachNode } from '../../1-syntax/walk.js';
import { lineStarts, positionAt } from '../../diagnostics/span.js';
import type { Workspace } from '../workspace.js';

/** Lines that can be hidden, from the end of the first to the end of the last; counted from 0. */
export interface FoldingRange {
  readonly startLine: number;
  readonly endLine: number;
  readonly kind?: 'comment' | 'imports';
}

/** Declarations, blocks, lists over several lines, comments and runs of imports. */
export function foldingRanges(workspace: Workspace, path: string): readonly FoldingRange[] {
  const view = workspace.view(path);
  if (view === undefined) return [];
  const { file } = view.module;
  const starts = lineStarts(view.text);
  const lineOf = (offset: number) => positionAt(starts, offset).line - 1;
  const found = new Map<number, FoldingRange>();
  const add = (start: number, end: number, kind?: FoldingRange['kind']) => {
    const [startLine, endLine] = [lineOf(start), lineOf(end)];
    // The line of a closing bracket stays visible.
    const last = kind === undefined && /^\s*[)\]}]/.test(lineText(view.text, starts, endLine)) ? endLine - 1 : endLine;
    if (last > startLine && !found.has(startLine))
      found.set(startLine, { startLine, endLine: last, ...(kind === undefined ? {} : { kind }) });
  };
  for (const run of runsOf(file.items.filter(isImport), (a, b) => lineOf(b.span.start) - lineOf(a.span.end) <= 1))
    add(run[0]?.span.start ?? 0, run.at(-1)?.span.end ?? 0, 'imports');
  const ownLines = file.comments.filter(({ ownLine }) => ownLine);
  for (const run of runsOf(ownLines, (a, b) => lineOf(b.span.start) - lineOf(a.span.end) === 1))
    add(run[0]?.span.start ?? 0, run.at(-1)?.span.end ?? 0, 'comment');
  for (const item of file.items) {
    if (item.kind !== 'import') add(item.span.start, item.span.end);
    eachNode(item, (node) => {
      const { span, argsSpan, body, then, otherwise } = node as NodeParts;
      for (const block of [body, then, otherwise]) if (isBlock(block)) add(block.span.start, block.span.end);
      if (argsSpan !== undefined) add(argsSpan.start, argsSpan.end);
      if (span !== undefined && (node.kind === 'list' || node.kind === 'tuple' || node.kind === 'pipe')) add(span.start, span.end);
    });
  }
  return [...found.values()].sort((a, b) => a.startLine - b.startLine);
}

interface NodeParts {
  readonly span?: { readonly start: number; readonly end: number };
  readonly argsSpan?: { readonly start: number; readonly end: number };
  readonly body?: unknown;
  readonly then?: unknown;
  readonly otherwise?: unknown;
}

function isBlock(part: unknown): part is Block {
  return typeof part === 'object' && part !== null && 'statements' in part;
}

function isImport(item: Item): boolean {
  return item.kind === 'import';
}

function lineText(text: string, starts: readonly number[], line: number): string {
  return text.slice(starts[line] ?? 0, starts[line + 1] ?? text.length);
}

/** Divides a list where two neighbors do not belong together. */
function runsOf<T>(list: readonly T[], together: (a: T, b: T) => boolean): readonly (readonly T[])[] {
  const runs: T[][] = [];
  for (const item of list) {
    const last = runs.at(-1)?.at(-1);
    if (last !== undefined && together(last, item)) runs.at(-1)?.push(item);
    else runs.push([item]);
  }
  return runs;
}
