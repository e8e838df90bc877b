import { fstatSync, writeSync } from 'node:fs';
import process from 'node:process';
import { hostError } from '../node/host-error.js';
import { exit } from './command.js';
import { line, type PlainText } from './plain-text.js';
import type { Stream, Terminal } from './terminal.js';

/**
 * The terminal of this process. If a reader goes away (`archc ... | head`), the command finishes quietly and keeps its exit code; an output
 * that cannot be written, because a disk is full, ends the process with a message.
 */
export function processTerminal(): Terminal {
  return { out: new ProcessStream(1), err: new ProcessStream(2), env: process.env };
}

/** Writes immediately if possible: Node's own stream, which takes 10 ms to create, is used on terminals, on Windows, and for a slow reader. */
class ProcessStream implements Stream {
  readonly isTerminal: boolean;
  isClosed = false;
  readonly #descriptor: 1 | 2;
  #stream: NodeJS.WriteStream | undefined;

  constructor(descriptor: 1 | 2) {
    this.#descriptor = descriptor;
    this.isTerminal = isTerminal(descriptor);
  }

  get columns(): number | undefined {
    return this.isTerminal ? this.#nodeStream().columns : undefined;
  }

  write(data: PlainText | Uint8Array): void {
    if (this.isClosed) return;
    let rest = typeof data === 'string' ? Buffer.from(data) : data;
    if (this.#stream === undefined && !this.isTerminal && process.platform !== 'win32') {
      try {
        while (rest.length > 0) rest = rest.subarray(writeSync(this.#descriptor, rest));
        return;
      } catch (error) {
        if (!hasCode(error, 'EAGAIN')) {
          this.#fail(error);
          return;
        }
      }
    }
    this.#nodeStream().write(rest);
  }

  #nodeStream(): NodeJS.WriteStream {
    if (this.#stream === undefined) {
      this.#stream = this.#descriptor === 1 ? process.stdout : process.stderr;
      this.#stream.on('error', (error) => this.#fail(error));
    }
    return this.#stream;
  }

  #fail(error: unknown): void {
    if (hasCode(error, 'EPIPE')) {
      this.isClosed = true;
      return;
    }
    if (this.#descriptor === 1) process.stderr.write(line(`archc: ${hostError('write', 'standard output', error).message}`));
    process.exit(exit.usage);
  }
}

function hasCode(error: unknown, code: string): boolean {
  return error instanceof Error && 'code' in error && error.code === code;
}

/** A pipe or a file is not a terminal; `node:tty` is loaded only for what may be one. */
function isTerminal(descriptor: number): boolean {
  try {
    if (process.platform !== 'win32' && !fstatSync(descriptor).isCharacterDevice()) return false;
  } catch {
    return false;
  }
  return process.getBuiltinModule('node:tty').isatty(descriptor);
}
