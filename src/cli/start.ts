import { main } from './main.js';
import { processTerminal } from './process-terminal.js';

/** What `bin.ts` loads: runs the command line in this process and gives its exit code. */
export function start(words: readonly string[]): Promise<number> {
  return main(words, processTerminal());
}
