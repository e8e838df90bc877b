import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { HostError } from '../host.js';
import { version } from '../version.js';
import { parseArguments } from './arguments.js';
import { exit } from './command.js';
import { commands } from './commands.js';
import { commandHelp, generalHelp } from './help.js';
import { packageRoot } from './package-root.js';
import { line, lines, trusted } from './plain-text.js';
import type { Terminal } from './terminal.js';
import { UsageError } from './usage-error.js';

/** Runs one command line and returns the exit code. Nothing is thrown and nothing exits. */
export async function main(argv: readonly string[], terminal: Terminal): Promise<number> {
  try {
    return await dispatch(argv, terminal);
  } catch (error) {
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

function explainFailure(error: unknown, argv: readonly string[], terminal: Terminal): number {
  if (error instanceof UsageError || error instanceof HostError) {
    const hint = error instanceof UsageError && error.hint !== undefined ? [`  = help: ${error.hint}`] : [];
    terminal.err.write(lines([`archc: ${error.message}`, ...hint]));
    return exit.usage;
  }
  if (isSystemError(error)) {
    terminal.err.write(line(`archc: ${error.message}`));
    return exit.usage;
  }
  const reason = error instanceof Error ? error.message : String(error);
  terminal.err.write(
    lines([
      `archc: internal error: ${reason}`,
      `This is a bug in archc ${version}, not in your model. Please report it${trackerText()} with the model and this command line:`,
      `  archc ${argv.join(' ')}`,
      ...(argv.includes('--debug') && error instanceof Error ? (error.stack ?? '').split('\n') : ['`--debug` prints where it happened.']),
    ]),
  );
  return exit.internal;
}

/** ` at https://...`, where package.json says where bugs are reported. */
function trackerText(): string {
  try {
    const { bugs }: { bugs?: string | { url?: string } } = JSON.parse(readFileSync(join(packageRoot(), 'package.json'), 'utf8'));
    const url = typeof bugs === 'string' ? bugs : bugs?.url;
    return url === undefined ? '' : ` at ${url}`;
  } catch {
    // The message about the bug matters more than where it goes.
    return '';
  }
}

/** A failed call of the operating system: no space, no permission, a broken disk. */
function isSystemError(error: unknown): error is NodeJS.ErrnoException {
  return error instanceof Error && 'syscall' in error && 'code' in error;
}
