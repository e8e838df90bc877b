import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type BinaryHost, type Host, HostError } from '../host.js';
import { hostError } from '../node/host-error.js';
import { createNodeHost } from '../node/node-host.js';
import { UsageError } from './usage-error.js';

/** What a source read from standard input is called in messages. */
export const stdinName = '<stdin>';

/** The file system, and standard input under the name `<stdin>`; imports from there start at the current folder. */
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
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(readFileSync(0));
  } catch (error) {
    if (error instanceof TypeError) throw new HostError('cannot read standard input: it is not UTF-8 text');
    throw hostError('read', 'standard input', error);
  }
}

/** The path that the compiler is given for a word of the command line. */
export function sourcePath(word: string): string {
  if (/\.(?:onnx|safetensors|npy)$/.test(word)) throw new UsageError(`${word} is no source file`, 'the source of a model ends in .arch');
  return word === '-' ? stdinName : word;
}

/** The only positional of a command. */
export function onlyFile(positionals: readonly string[], command: string): string {
  const [file, extra] = positionals;
  if (file === undefined) throw new UsageError(`\`archc ${command}\` needs a file`, `\`archc ${command} --help\` says more`);
  if (extra !== undefined) throw new UsageError(`\`archc ${command}\` takes one file, not also \`${extra}\``);
  return file;
}
