import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { BinaryHost, Host } from '../host.js';
import { hostError } from '../node/host-error.js';
import { createNodeHost } from '../node/node-host.js';
import { utf8Text } from '../node/utf8-text.js';
import { UsageError } from './usage-error.js';

/** The name in messages of a source read from standard input. */
export const stdinName = '<stdin>';

/** The file system, plus standard input under the name `<stdin>`, whose imports are relative to the current folder. */
export function commandHost(): Host & BinaryHost {
  const files = createNodeHost();
  let text: string | undefined;
  return {
    ...files,
    read(path) {
      if (path !== stdinName) return files.read(path);
      text ??= readStdin();
      return text;
    },
    resolve: (source, from) => files.resolve(source, from === stdinName ? join('.', 'stdin') : from),
  };
}

function readStdin(): string {
  let bytes: Uint8Array;
  try {
    bytes = readFileSync(0);
  } catch (error) {
    throw hostError('read', 'standard input', error);
  }
  return utf8Text(bytes, stdinName);
}

/** The path that the compiler is given for a word on the command line. */
export function sourcePath(word: string): string {
  if (word === '-') return stdinName;
  if (!word.endsWith('.arch')) throw new UsageError(`${word} is not a source file`, 'the name of a source file ends in .arch');
  return word;
}
