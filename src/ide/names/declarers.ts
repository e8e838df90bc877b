import { isStandardFile } from '../../standard-file.js';
import type { Workspace } from '../workspace.js';

/** The other files of the workspace that declare a name and that a file could import. */
export function declarersOf(workspace: Workspace, path: string, name: string): readonly string[] {
  const declares = new RegExp(`^[ \\t]*(?:let|fn|layer|model|config)[ \\t]+${name}\\b`, 'm');
  return workspace.files().filter((other) => {
    const text = other === path ? undefined : workspace.text(other);
    return text?.includes(name) === true && declares.test(text) && !imports(workspace, other, path);
  });
}

/** Whether a file imports another one, directly or not: the other one cannot import it. */
function imports(workspace: Workspace, path: string, other: string): boolean {
  const seen = new Set([path]);
  for (const current of seen) {
    if (current === other) return true;
    for (const [, source = ''] of (workspace.text(current) ?? '').matchAll(/\bfrom\s+"([^"\n]+\.arch)"/g))
      if (!isStandardFile(source)) seen.add(workspace.resolve(source, current));
  }
  return false;
}
