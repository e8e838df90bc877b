import { isStandardFile } from '../standard-file.js';

/** The files that a build has written, and those that it has read. */
export interface MakeRule {
  readonly outputs: readonly string[];
  readonly inputs: readonly string[];
}

/**
 * The rules of a Makefile that includes them. Each input also gets a rule without a recipe, so that a file that no longer exists is built without, instead of ending `make`.
 */
export function makeRules(rules: readonly MakeRule[]): string {
  const files = (paths: readonly string[]) => [...new Set(paths)].filter(isFile).map(escaped);
  const own = rules.flatMap(({ outputs, inputs }) => {
    const [targets, sources] = [files(outputs), files(inputs)];
    return targets.length === 0 ? [] : [`${targets.join(' ')}: ${sources.join(' ')}\n`];
  });
  const empty = files(rules.flatMap(({ inputs }) => inputs)).map((path) => `\n${path}:\n`);
  return [...own, ...empty].join('');
}

/** Whether a source is a file: the standard library and the options of the command line are not. */
function isFile(path: string): boolean {
  return !isStandardFile(path) && !path.startsWith('--') && path !== '<stdin>';
}

/** A path as `make` reads it. */
function escaped(path: string): string {
  return path.replaceAll('\\', '/').replaceAll('$', '$$$$').replaceAll(/[ #:]/g, '\\$&');
}
