import type { File } from './1-syntax/ast.js';

/**
 * The syntax tree of a standard module, without its text. For the command line, `scripts/build.mjs` substitutes another function, which
 * reads the trees that the build has made; everywhere else there are none, and the text is parsed.
 */
export function preparedTree(_path: string): Omit<File, 'text'> | undefined {
  return undefined;
}
