import { type FSWatcher, watch as watchFolder } from 'node:fs';
import { basename, dirname, resolve } from 'node:path';
import process from 'node:process';
import { HostError } from '../host.js';
import { type CommandInput, exit } from './command.js';
import { line } from './plain-text.js';
import { UsageError } from './usage-error.js';

/** Editors write a file in several steps; changes this close together count as one. Milliseconds. */
const settleTime = 60;

/** One round of work: its exit code and the files that it read. */
export interface Round {
  readonly code: number;
  readonly sources: ReadonlyMap<string, string>;
}

/**
 * Runs `round` now and again after each change of a file that it read, until SIGINT or SIGTERM. Folders are watched, not files: editors
 * replace a file with a new one.
 */
export async function watch(input: CommandInput, words: readonly string[], round: () => Round | Promise<Round>): Promise<number> {
  if (words.includes('-')) throw new UsageError('`--watch` needs a file: standard input does not change');
  if (input.options.value('output') === '-') throw new UsageError('`--watch` needs a file to write, not standard output');
  const watchers = new Map<string, FSWatcher>();
  let files: ReadonlySet<string> = new Set();
  let timer: NodeJS.Timeout | undefined;
  let isBusy = false;
  let isStale = false;
  let fail: (error: unknown) => void = () => {};
  let end: () => void = () => {};

  const changed = (folder: string) => (_: string, name: string | null) => {
    if (name !== null && !files.has(resolve(folder, name))) return;
    clearTimeout(timer);
    timer = setTimeout(() => work(name).catch(fail), settleTime);
  };
  const work = async (name: string | null): Promise<void> => {
    if (isBusy) {
      isStale = true;
      return;
    }
    isBusy = true;
    do {
      isStale = false;
      if (name !== null) say(`${basename(name)} changed`);
      files = await read(round, words, files, input);
      for (const folder of new Set([...files].map((file) => dirname(file)))) {
        if (!watchers.has(folder)) watchers.set(folder, watchFolder(folder, changed(folder)));
      }
      say('watching for changes; Ctrl-C ends');
    } while (isStale);
    isBusy = false;
    // Nobody reads the output of the watch.
    if (input.terminal.err.isClosed === true) end();
  };
  const say = (text: string): void => {
    if (!input.options.has('quiet')) input.terminal.err.write(line(`[${new Date().toTimeString().slice(0, 8)}] ${text}`));
  };

  return new Promise((done, reject) => {
    fail = reject;
    end = () => {
      clearTimeout(timer);
      for (const watcher of watchers.values()) watcher.close();
      for (const signal of ['SIGINT', 'SIGTERM'] as const) process.off(signal, end);
      done(exit.ok);
    };
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, end);
    work(null).catch(fail);
  });
}

/** The files of this round, as absolute paths. A file that cannot be read is waited for. */
async function read(
  round: () => Round | Promise<Round>,
  words: readonly string[],
  before: ReadonlySet<string>,
  input: CommandInput,
): Promise<ReadonlySet<string>> {
  const own = words.map((word) => resolve(word));
  try {
    const { sources } = await round();
    return new Set([
      ...own,
      ...[...sources.keys()].filter((path) => !path.startsWith('std/') && !path.startsWith('--')).map((path) => resolve(path)),
    ]);
  } catch (error) {
    if (!(error instanceof HostError)) throw error;
    input.terminal.err.write(line(`archc: ${error.message}`));
    return new Set([...own, ...before]);
  }
}
