import { spawnSync } from 'node:child_process';
import process from 'node:process';

const uid = 65534;

/**
 * The user as whom a child meets the permissions of files: the superuser, who may read and write everything, becomes another user. Undefined where
 * somebody else cannot run Node, as with a Node below `/root`.
 */
export const nobody: { readonly uid?: number; readonly gid?: number } | undefined =
  process.getuid?.() !== 0 ? {} : canRunNode() ? { uid, gid: uid } : undefined;

function canRunNode(): boolean {
  return spawnSync(process.execPath, ['-e', '0'], { uid, gid: uid }).status === 0;
}
