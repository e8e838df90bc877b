import { lstatSync, mkdirSync, readdirSync, realpathSync, type Stats } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import process from 'node:process';

/**
 * The real path of a folder in which only this user (and root) can put or replace anything; it is created with its parents if it is
 * missing. Undefined if that is not certain: the folder is a link or belongs to another user, others may write to it, to something in it or
 * to a folder above it, or the platform does not report who owns a file (Windows).
 */
export function privateFolder(path: string): string | undefined {
  const user = process.geteuid?.();
  if (user === undefined) return undefined;
  try {
    const parent = realFolder(dirname(path));
    if (!foldersDownTo(parent).every((folder) => isTrusted(lstatSync(folder), user))) return undefined;
    const folder = join(parent, basename(path));
    makeUnlessThere(folder);
    return lstatSync(folder).isDirectory() && isOwn(folder, user) ? folder : undefined;
  } catch {
    // What cannot be created, read or compared is not known to be private.
    return undefined;
  }
}

/** The path of a folder without links; the folder is created if it is missing. */
function realFolder(path: string): string {
  try {
    return realpathSync(path);
  } catch (error) {
    if (!isError(error, 'ENOENT') || dirname(path) === path) throw error;
  }
  const folder = join(realFolder(dirname(path)), basename(path));
  makeUnlessThere(folder);
  return folder;
}

function makeUnlessThere(folder: string): void {
  try {
    mkdirSync(folder, { mode: 0o700 });
  } catch (error) {
    if (!isError(error, 'EEXIST')) throw error;
  }
}

/** `/`, `/home`, `/home/ada` */
function foldersDownTo(path: string): readonly string[] {
  return dirname(path) === path ? [path] : [...foldersDownTo(dirname(path)), path];
}

/** Whether nobody else can replace what this user has in the folder. In a folder like `/tmp`, everybody can add files, but only owners can remove them. */
function isTrusted(folder: Stats, user: number): boolean {
  return folder.isDirectory() && [0, user].includes(folder.uid) && (!othersMayWrite(folder) || (folder.mode & 0o1000) !== 0);
}

/** Whether a file, or a folder with everything in it, belongs to this user alone. Links do not count. */
function isOwn(path: string, user: number): boolean {
  const entry = lstatSync(path);
  if (entry.uid !== user || othersMayWrite(entry)) return false;
  return entry.isDirectory() ? readdirSync(path).every((name) => isOwn(join(path, name), user)) : entry.isFile();
}

function othersMayWrite({ mode }: Stats): boolean {
  return (mode & 0o022) !== 0;
}

function isError(error: unknown, code: string): boolean {
  return error instanceof Error && 'code' in error && error.code === code;
}
