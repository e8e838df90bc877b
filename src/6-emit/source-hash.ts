import { sha256Hex } from './sha256.js';
import { utf8 } from './utf8.js';

/**
 * One hash of all source files of a build: sha256 over the sorted lines `sha256(text) name`. Names must be relative to the model, so that
 * the hash does not depend on its location.
 */
export function sourceHash(sources: ReadonlyMap<string, string>): string {
  const lines = [...sources].map(([name, text]) => `${sha256Hex(utf8(text))} ${name}\n`);
  return sha256Hex(utf8(lines.sort().join('')));
}
