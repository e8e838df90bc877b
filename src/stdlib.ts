import { preludeNames, standardLibrary } from './stdlib.generated.js';

/** The text of a standard module, `std/layers`. */
export function standardFile(path: string): string | undefined {
  return standardLibrary[path];
}

/** The standard module that declares a name of the prelude. */
export function preludeFileOf(name: string): string | undefined {
  return preludeNames[name];
}

export function preludeDeclarations(): readonly string[] {
  return Object.keys(preludeNames);
}
