import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { githubCommand } from '../diagnostics/render-github.js';
import { renderSarif } from '../diagnostics/render-sarif.js';
import { type FilePlace, HostError } from '../host.js';
import { version } from '../version.js';
import { exit } from './command.js';
import { isCommandName } from './commands.js';
import { packageRoot } from './package-root.js';
import { escapedJson, json, lines, type PlainText, trusted } from './plain-text.js';
import type { Terminal } from './terminal.js';
import { UsageError } from './usage-error.js';

/** Why a command could not do its work: the command line or a file cannot be used. */
interface Failure {
  readonly message: string;
  readonly hint?: string | undefined;
  readonly place?: FilePlace | undefined;
}

/** Reports what ended a command, and returns the exit code. */
export function explainFailure(error: unknown, argv: readonly string[], terminal: Terminal): number {
  const failure = failureOf(error);
  if (failure === undefined) return explainBug(error, argv, terminal);
  const format = formatOf(argv);
  const stream = !['json', 'sarif', 'github'].includes(format) || isOutTaken(argv) ? terminal.err : terminal.out;
  stream.write(rendered(failure, format));
  return exit.usage;
}

function failureOf(error: unknown): Failure | undefined {
  if (error instanceof UsageError) return { message: error.message, hint: error.hint };
  if (error instanceof HostError) return { message: error.message, place: error.place };
  // A failed call to the operating system: no space, no permission, a broken disk.
  return error instanceof Error && 'syscall' in error && 'code' in error ? { message: error.message } : undefined;
}

function rendered({ message, hint, place }: Failure, format: string): PlainText {
  switch (format) {
    case 'json': {
      const position = place === undefined ? undefined : { line: place.line, column: place.column, offset: place.offset };
      const range = position === undefined ? null : { start: position, end: position };
      return json([
        { code: 'cannot-run', severity: 'error', message, file: place?.file ?? null, range, related: [], fixes: [], help: hint ?? null },
      ]);
    }
    case 'sarif':
      return escapedJson(renderSarif([], new Map(), { version, failure: { message, exitCode: exit.usage, place } }));
    case 'github':
      return trusted(
        githubCommand('error', place === undefined ? {} : { file: place.file, line: place.line, col: place.column }, [
          message,
          ...(hint === undefined ? [] : [`help: ${hint}`]),
        ]),
      );
    default:
      return lines([`archc: ${message}`, ...(hint === undefined ? [] : [`  = help: ${hint}`])]);
  }
}

/** The command line may be wrong; use whatever can be read of it. */
function formatOf(argv: readonly string[]): string {
  const given = argv.flatMap((word, i) =>
    word === '--format' ? [argv[i + 1] ?? ''] : word.startsWith('--format=') ? [word.slice('--format='.length)] : [],
  );
  return given.at(-1) ?? 'human';
}

/** Whether standard output carries something other than diagnostics. */
function isOutTaken(argv: readonly string[]): boolean {
  const command = argv.find((word) => !word.startsWith('-'));
  if (command === 'check') return false;
  if (command !== undefined && isCommandName(command) && command !== 'build') return command !== 'fmt' || argv.includes('-');
  return argv.some((word, i) => word === '-o-' || word === '--output=-' || (word === '-' && /^(?:-o|--output)$/.test(argv[i - 1] ?? '')));
}

function explainBug(error: unknown, argv: readonly string[], terminal: Terminal): number {
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

/** ` at https://...`, if package.json says where to report bugs. */
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
