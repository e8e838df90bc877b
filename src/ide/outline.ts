import type { File, ImportDecl } from '../1-syntax/ast.js';
import type { Decl } from '../2-check/modules/modules.js';
import { once } from '../once.js';
import { isStandardFile } from '../standard-file.js';
import { standardFile, standardModules } from '../stdlib.js';

/** What a file declares, as its text alone shows it. */
export interface Outline {
  readonly path: string;
  readonly file: File;
  readonly standard: boolean;
  readonly decls: ReadonlyMap<string, Decl>;
  readonly imports: readonly ImportDecl[];
}

/** The declarations of a file by name. */
export function outlineOf(file: File): Outline {
  const decls = new Map<string, Decl>();
  for (const item of file.items) {
    if (item.kind === 'error-item' || item.kind === 'import' || item.kind === 'train' || item.kind === 'let-pattern') continue;
    if (item.name.text !== '' && !decls.has(item.name.text)) decls.set(item.name.text, item);
  }
  const imports = file.items.filter((item): item is ImportDecl => item.kind === 'import');
  return { path: file.path, file, standard: isStandardFile(file.path), decls, imports };
}

/** The declarations of a file of the standard library. */
export function standardOutline(path: string): Outline | undefined {
  return standardOutlines().get(path);
}

const standardOutlines = once((): ReadonlyMap<string, Outline> => {
  const files = standardModules().flatMap((path) => standardFile(path) ?? []);
  return new Map(files.map((file) => [file.path, outlineOf(file)]));
});
