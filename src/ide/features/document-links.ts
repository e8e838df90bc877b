import { plainSpan, type Span } from '../../diagnostics/span.js';
import { isStandardFile } from '../../standard-file.js';
import { importsOf } from '../names/outer.js';
import type { Workspace } from '../workspace.js';

/** A text that leads to a file: one of the workspace, or of the standard library (`std/...`). */
export interface DocumentLink {
  readonly span: Span;
  readonly path: string;
}

/** The paths of imports. */
export function documentLinks(workspace: Workspace, path: string): readonly DocumentLink[] {
  const view = workspace.view(path);
  if (view === undefined) return [];
  return importsOf(view.module)
    .filter(({ source }) => source !== '')
    .map(({ source, sourceSpan: { file, start, end } }) => ({
      span: plainSpan({ file, start: start + 1, end: end - 1 }),
      path: isStandardFile(source) ? source : workspace.resolve(source, path),
    }));
}
