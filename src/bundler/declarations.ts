import { readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { HostError } from '../host.js';
import { type ModuleContents, moduleTypes } from '../module/module-types.js';
import { makeFolder } from '../node/make-folder.js';
import { writeAtomically } from '../node/write-atomically.js';
import { keptPath } from './build-settings.js';

/** Where the types of a source file are: TypeScript reads `lenet.d.arch.ts` for an import of `lenet.arch`. */
export function declarationPath(file: string, dts: true | string, root: string): string {
  const path = file.replace(/\.arch$/, '.d.arch.ts');
  return dts === true ? path : join(resolve(root, dts), keptPath(path, root).replace(/^(?:\.\.\/)+/, ''));
}

/** Writes the types of a module, unless the file has them. Returns why that failed, if it did. */
export function writeDeclarations(path: string, contents: ModuleContents): string | undefined {
  const text = moduleTypes(contents);
  try {
    if (textOf(path) === text) return undefined;
    makeFolder(dirname(path));
    writeAtomically(path, [Buffer.from(text)]);
    return undefined;
  } catch (error) {
    if (error instanceof HostError) return error.message;
    throw error;
  }
}

function textOf(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
}
