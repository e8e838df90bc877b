import type { File } from './1-syntax/ast.js';
import { parse } from './1-syntax/parse.js';
import { InternalError } from './diagnostics/internal-error.js';
import { Report } from './diagnostics/report.js';
import { preludeNames, standardLibrary } from './stdlib.generated.js';
import { preparedTree } from './stdlib-trees.js';

/**
 * Syntax trees of standard modules, made on first use. They depend only on constants, so it does not matter which compilation makes one,
 * and all compilations share them.
 */
const trees = new Map<string, File>();

/** The syntax tree of a standard module, `std/layers`. */
export function standardFile(path: string): File | undefined {
  const known = trees.get(path);
  if (known !== undefined) return known;
  const text = standardLibrary[path];
  if (text === undefined) return undefined;
  const prepared = preparedTree(path);
  const file = prepared === undefined ? parsed(path, text) : { ...prepared, text };
  trees.set(path, file);
  return file;
}

function parsed(path: string, text: string): File {
  const report = new Report();
  const file = parse(path, text, report);
  if (report.hasErrors) throw new InternalError(`${path} has syntax errors`);
  return file;
}

/** All standard modules: `std/layers`, ... */
export function standardModules(): readonly string[] {
  return Object.keys(standardLibrary);
}

/** The standard module that declares a name of the prelude. */
export function preludeFileOf(name: string): string | undefined {
  return preludeNames[name];
}

export function preludeDeclarations(): readonly string[] {
  return Object.keys(preludeNames);
}

/** The standard module that declares `name` outside the prelude, so that it must be imported. */
export function standardModuleOf(name: string): string | undefined {
  if (name.startsWith('_') || !/^\w+$/.test(name)) return undefined;
  const declaration = new RegExp(`^(?:let|fn|layer|model) ${name}\\b`, 'm');
  return Object.keys(standardLibrary).find((path) => preludeNames[name] === undefined && declaration.test(standardLibrary[path] ?? ''));
}
