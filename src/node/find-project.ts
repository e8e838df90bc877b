/// <reference types="node" />
import { lstatSync, realpathSync, statSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import type { Project, ProjectBuild } from '../api/project.js';
import { projectFile } from '../project/read-project.js';

/**
 * The path of the `archc.json` in this folder, or in the nearest folder above it that has one. Folders above are those in the path, even if it goes through
 * links.
 */
export function findProject(folder: string): string | undefined {
  let at = resolve(folder);
  while (!hasProject(at)) {
    if (dirname(at) === at) return undefined;
    at = dirname(at);
  }
  return join(at, projectFile);
}

/** Whether anything but a folder has this name: reading it tells what is wrong with a broken link or an unreadable file. */
function hasProject(folder: string): boolean {
  const path = join(folder, projectFile);
  try {
    lstatSync(path);
  } catch {
    return false;
  }
  try {
    return !statSync(path).isDirectory();
  } catch {
    return true;
  }
}

/** The builds of a source file, in the order of the project. Paths through links are the same file. */
export function buildsOf({ builds }: Project, file: string): readonly ProjectBuild[] {
  const wanted = realPath(file);
  return builds.filter((build) => realPath(build.file) === wanted);
}

function realPath(path: string): string {
  try {
    return realpathSync(path);
  } catch {
    // The file does not exist.
    return resolve(path);
  }
}
