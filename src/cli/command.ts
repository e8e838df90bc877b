import type { ParsedOptions } from './arguments.js';
import type { Terminal } from './terminal.js';

/** What a command gets: the words that are not options, the options, and where to print. It returns the exit code. */
export interface CommandInput {
  readonly positionals: readonly string[];
  readonly options: ParsedOptions;
  readonly terminal: Terminal;
}

/** Exit codes of the command line. */
export const exit = {
  ok: 0,
  /** The model is wrong, or its weights or inputs do not fit it. */
  diagnostics: 1,
  /** The command line or a file that it names cannot be used. */
  usage: 2,
  /** A bug in archc. */
  internal: 70,
} as const;
