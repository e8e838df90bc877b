/// <reference types="node" />
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { hostError } from './host-error.js';

/** A folder with more than this is a user's home rather than a project. */
const most = { folders: 2_000, depth: 6 };

/** The source files of a project. */
export interface Sources {
  /** Relative to the folder, with `/`, in alphabetical order. */
  readonly files: readonly string[];
  /** Whether there were too many folders to look into all of them. */
  readonly isCut: boolean;
}

/** The .arch files in a folder and its subfolders, except those in packages and hidden folders. Links to folders are not followed. */
export function sourcesIn(folder: string): Sources {
  const files: string[] = [];
  const open = [{ path: '', depth: 0 }];
  let isCut = false;
  for (const [i, { path, depth }] of open.entries()) {
    if (i >= most.folders) return { files: files.sort(), isCut: true };
    for (const entry of entriesOf(join(folder, path), depth)) {
      const inner = path === '' ? entry.name : `${path}/${entry.name}`;
      const isProject = !entry.name.startsWith('.') && entry.name !== 'node_modules';
      if (!entry.isDirectory() && entry.name.endsWith('.arch')) files.push(inner);
      else if (entry.isDirectory() && isProject && depth < most.depth) open.push({ path: inner, depth: depth + 1 });
      else if (entry.isDirectory() && isProject) isCut = true;
    }
  }
  return { files: files.sort(), isCut };
}

function entriesOf(folder: string, depth: number) {
  try {
    return readdirSync(folder, { withFileTypes: true });
  } catch (error) {
    // A subfolder without read permission does not belong to the project.
    if (depth > 0) return [];
    throw hostError('read', folder, error);
  }
}
