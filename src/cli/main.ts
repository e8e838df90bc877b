import { version } from '../version.js';
import { parseArguments } from './arguments.js';
import { exit } from './command.js';
import { commands } from './commands.js';
import { commandHelp, generalHelp } from './help.js';
import { line, trusted } from './plain-text.js';
import type { Terminal } from './terminal.js';

/** Runs one command line and returns the exit code. Nothing is thrown and nothing exits. */
export async function main(argv: readonly string[], terminal: Terminal): Promise<number> {
  try {
    return await dispatch(argv, terminal);
  } catch (error) {
    const { explainFailure } = await import('./failure.js');
    return explainFailure(error, argv, terminal);
  }
}

async function dispatch(argv: readonly string[], terminal: Terminal): Promise<number> {
  const { command, positionals, options } = parseArguments(argv);
  if (options.has('version')) {
    terminal.out.write(line(`archc ${version}`));
    return exit.ok;
  }
  if (options.has('help')) {
    const width = Math.max(60, Math.min(100, terminal.out.columns ?? 100));
    terminal.out.write(trusted(command === undefined ? generalHelp() : commandHelp(command, width)));
    return exit.ok;
  }
  if (command === undefined) {
    terminal.err.write(trusted(generalHelp()));
    return exit.usage;
  }
  const runCommand = await commands[command].load();
  return runCommand({ positionals, options, terminal });
}
