import process from 'node:process';
import { hostError } from '../node/host-error.js';
import { exit } from './command.js';
import type { Stream, Terminal } from './terminal.js';

/**
 * The terminal of this process. A reader that goes away (`archc ... | head`) ends the process quietly; an output that cannot be written, because a disk is full,
 * ends it with a message.
 */
export function processTerminal(): Terminal {
  for (const stream of [process.stdout, process.stderr]) {
    stream.on('error', (error: NodeJS.ErrnoException) => {
      // With the exit code of the command, if it has come to its end already.
      if (error.code === 'EPIPE') process.exit();
      if (stream === process.stdout) process.stderr.write(`archc: ${hostError('write', 'standard output', error).message}\n`);
      process.exit(exit.usage);
    });
  }
  return { out: streamOf(process.stdout), err: streamOf(process.stderr), env: process.env };
}

function streamOf(stream: NodeJS.WriteStream): Stream {
  return {
    isTerminal: stream.isTTY === true,
    get columns() {
      return stream.isTTY ? stream.columns : undefined;
    },
    write: (data) => {
      stream.write(data);
    },
  };
}
