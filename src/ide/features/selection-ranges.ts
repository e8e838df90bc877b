import { plainSpan, type Span } from '../../diagnostics/span.js';
import type { Workspace } from '../workspace.js';

/** The parts of a file around an offset, from the smallest to the whole, each larger than the one before. */
export function selectionRanges(workspace: Workspace, path: string, offset: number): readonly Span[] {
  const view = workspace.view(path);
  if (view === undefined) return [];
  const { file } = view.module;
  const around: Span[] = [{ file: path, start: 0, end: view.text.length }];
  const add = (span: Span) => {
    if (span.start <= offset && offset <= span.end) around.push(plainSpan(span));
  };
  for (const item of file.items) {
    if (item.span.start > offset || offset > item.span.end) continue;
    eachSpan(item, add);
  }
  const found: Span[] = [];
  for (const span of around.sort((a, b) => a.end - a.start - (b.end - b.start))) {
    const inner = found.at(-1);
    if (inner === undefined || (contains(span, inner) && !contains(inner, span))) found.push(span);
  }
  return found;
}

/** Visits the spans of all parts of a tree, also of those that are not nodes, such as names and blocks. */
function eachSpan(part: unknown, visit: (span: Span) => void): void {
  if (typeof part !== 'object' || part === null) return;
  if ('span' in part) visit(part.span as Span);
  for (const key in part) if (!key.toLowerCase().endsWith('span')) eachSpan(part[key as keyof typeof part], visit);
}

function contains(outer: Span, inner: Span): boolean {
  return outer.start <= inner.start && inner.end <= outer.end;
}
