import { resolve } from 'node:path';
import { type AppliedFix, fixAll } from '../fix-all.js';
import type { Host } from '../host.js';
import type { Findings } from './reporting.js';

/** What remains after safe fixes were applied, and what was fixed. */
export interface Fixed {
  readonly findings: Findings;
  readonly applied: readonly AppliedFix[];
  /** The files that have changed, with their current contents. */
  readonly texts: ReadonlyMap<string, string>;
}

/** Applies the safe fixes of `files` until nothing more can be fixed. */
export function fixFiles(files: readonly string[], host: Host, check: (host: Host) => Findings): Fixed {
  const paths = new Map(files.map((file) => [resolve(file), file]));
  return fixAll({
    nameOf: (path) => paths.get(resolve(path)),
    check: (texts) => check({ ...host, read: (path) => texts.get(paths.get(resolve(path)) ?? path) ?? host.read(path) }),
  });
}
