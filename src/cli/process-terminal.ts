import process from 'node:process';
import type { Stream, Terminal } from './terminal.js';

/** The terminal of this process. A reader that goes away (`archc ... | head`) ends the process quietly. */
export function processTerminal(): Terminal {
  for (const stream of [process.stdout, process.stderr]) {
    stream.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'EPIPE') process.exit(0);
      throw error;
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
