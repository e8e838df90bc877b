import { isAbsolute, relative, resolve } from 'node:path';
import { ParsedOptions } from '../arguments.js';
import { isOptionName, type OptionName } from '../options.js';
import { UsageError } from '../usage-error.js';
import type { RunRecord } from './run-record.js';

/** Options that say how archc reports, and not what it trains. */
const notRecorded: readonly OptionName[] = [
  'output',
  'resume',
  'format',
  'max-diagnostics',
  'deny-warnings',
  'color',
  'quiet',
  'debug',
  'help',
  'version',
];

/** Options that may change when a run continues. */
const changeable: readonly OptionName[] = ['data', 'val-data', 'epochs', 'patience', 'lr', 'provider', 'threads'];

/** Options whose values are paths of data. */
const paths: readonly OptionName[] = ['data', 'val-data'];

/** The options as `run.json` stores them. The paths of the data are absolute, so that a run can be continued from another folder. */
export function recordedOptions(options: ParsedOptions): RunRecord['options'] {
  const recorded: Record<string, readonly string[]> = {};
  for (const name of options.names) if (!notRecorded.includes(name)) recorded[name] = valuesOf(options, name);
  return recorded;
}

function valuesOf(options: ParsedOptions, name: OptionName): readonly string[] {
  const values = options.values(name);
  return paths.includes(name) ? values.map((path) => resolve(path)) : values;
}

/** A recorded path as one would write it in the current folder: relative, if it is in there. */
function shownPath(path: string): string {
  const own = relative('.', path);
  return own.startsWith('..') || isAbsolute(own) ? path : own || '.';
}

/** The options of the run, except those that are given now. Throws `UsageError` for one that cannot change. */
export function resumedOptions(given: ParsedOptions, recorded: RunRecord['options'], folder: string): ParsedOptions {
  const all = new Map<OptionName, readonly string[]>();
  for (const [name, values] of Object.entries(recorded)) if (isOptionName(name)) all.set(name, values);
  for (const name of given.names) {
    const values = valuesOf(given, name);
    const isSame = all.has(name) && String(all.get(name)) === String(values);
    if (!isSame && !changeable.includes(name) && !notRecorded.includes(name)) {
      const before = all.get(name);
      const was = before === undefined ? 'was not given' : `was \`${before.join(' ')}\``;
      throw new UsageError(
        `\`--${name}\` ${was} when the run in ${folder} began`,
        `\`archc train --help\` says which options may change with \`--resume\``,
      );
    }
    all.set(name, values);
  }
  for (const name of paths) {
    const values = all.get(name);
    if (values !== undefined) all.set(name, values.map(shownPath));
  }
  return new ParsedOptions(all);
}
