import { parse } from '../../../1-syntax/parse.js';
import type { Edit } from '../../../diagnostics/record.js';
import { Report } from '../../../diagnostics/report.js';
import { plainSpan } from '../../../diagnostics/span.js';
import { isStandardFile } from '../../../standard-file.js';
import type { Workspace } from '../../workspace.js';

/** A file or folder that gets another path. */
export interface FileRename {
  readonly from: string;
  readonly to: string;
}

/** What must change in the imports of all files before files or folders get other paths. */
export function willRenameFiles(workspace: Workspace, renames: readonly FileRename[]): readonly Edit[] {
  const moved = (path: string): string => {
    for (const { from, to } of renames) {
      if (path === from) return to;
      const folder = from.endsWith('/') ? from : `${from}/`;
      if (path.startsWith(folder)) return `${to.replace(/\/$/, '')}/${path.slice(folder.length)}`;
    }
    return path;
  };
  return workspace.files().flatMap((path) => importEdits(workspace, path, moved));
}

function importEdits(workspace: Workspace, path: string, moved: (path: string) => string): readonly Edit[] {
  const text = isStandardFile(path) ? undefined : workspace.text(path);
  if (text === undefined || !/\bimport\b/.test(text)) return [];
  const { items } = parse(path, text, new Report());
  return items.flatMap((item): readonly Edit[] => {
    if (item.kind !== 'import' || item.source === '' || isStandardFile(item.source)) return [];
    const target = workspace.resolve(item.source, path);
    const newPath = moved(path);
    const newTarget = moved(target);
    const source = item.source.startsWith('/') ? newTarget : relativePath(newPath, newTarget);
    const isSame = newPath === path && newTarget === target;
    if (isSame || source === item.source || workspace.resolve(item.source, newPath) === newTarget) return [];
    return [{ span: plainSpan(item.sourceSpan), text: `"${source.replaceAll(/["\\{}]/g, '\\$&')}"` }];
  });
}

/** How a file writes the path of another one in an import. */
export function relativePath(from: string, to: string): string {
  const folders = from.split('/').slice(0, -1);
  const target = to.split('/');
  let shared = 0;
  while (shared < folders.length && shared < target.length - 1 && folders[shared] === target[shared]) shared++;
  const up = folders.length - shared;
  return `${up === 0 ? './' : '../'.repeat(up)}${target.slice(shared).join('/')}`;
}
