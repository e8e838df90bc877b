import type { EpochRecord, PartialEpoch } from '../../data/history.js';
import { version } from '../../version.js';
import { parseArguments } from '../arguments.js';
import { isOptionName } from '../options.js';
import { UsageError } from '../usage-error.js';

/** What a run was begun with, and where it is: `run.json`. */
export interface RunRecord {
  readonly version: 1;
  readonly archc: string;
  /** The source file, and the name of the `train` block. */
  readonly model: string;
  readonly train: string;
  /** The manifest in the folder `graphs`. */
  readonly manifest: string;
  /** The options by name, each with its values; a flag has none. */
  readonly options: Readonly<Record<string, readonly string[]>>;
  readonly rows: { readonly train: number; readonly heldOut: number };
  readonly classes?: readonly string[] | undefined;
  /** The fingerprints of the data, and of the held-out data if these are separate. */
  readonly fingerprints: readonly Fingerprint[];
  readonly history: readonly EpochRecord[];
  /** For an epoch that is not complete, the sums at the last two checkpoints. */
  readonly partial: readonly PartialEpoch[];
}

/** Tells whether data are the same as before. */
export interface Fingerprint {
  /** A hash of the contents of tables and arrays, and of the names of images. */
  readonly data: string;
  /** A hash of the sizes of images, whose contents would take too long. */
  readonly sizes?: string | undefined;
}

/** Throws `TypeError` at `path` for a value that is not what it should be. */
type Check = (value: unknown, path: string) => void;

/** The record in the JSON value of a file. Throws `TypeError` for what this version of archc did not write. */
export function checkRecord(value: unknown): RunRecord {
  const { version: own } = Object(value) as { readonly version?: unknown };
  if (own !== 1 && (typeof own === 'number' || own === undefined))
    throw new TypeError(own === undefined ? 'it is damaged: it has no `version`' : `its version is ${own}, and archc ${version} knows 1`);
  record(value, '');
  return value as RunRecord;
}

const text = is('a text', (value) => typeof value === 'string');
const number = is('a number', (value) => typeof value === 'number');
const count = is('a whole number from 0', (value) => Number.isSafeInteger(value) && Number(value) >= 0);
const results = valuesOf(orNull(number));

const record = object({
  version: is('1', (value) => value === 1),
  archc: text,
  model: text,
  train: text,
  manifest: text,
  options: allOf(valuesOf(list(text)), known),
  rows: object({ train: count, heldOut: count }),
  classes: optional(list(text)),
  fingerprints: list(object({ data: text, sizes: optional(text) })),
  history: list(
    object({ epoch: count, step: count, lr: orNull(number), train: results, heldOut: orNull(results), trace: list(orNull(number)) }),
  ),
  partial: list(object({ step: count, rows: count, sums: valuesOf(orNull(number)), trace: list(list(orNull(number))) })),
});

function is(what: string, holds: (value: unknown) => boolean): Check {
  return (value, path) => {
    if (!holds(value)) throw damaged(path, value === undefined ? 'is missing' : `is not ${what}`);
  };
}

function damaged(path: string, problem: string): TypeError {
  return new TypeError(`it is damaged: ${path === '' ? 'it' : `\`${path}\``} ${problem}`);
}

function orNull(check: Check): Check {
  return (value, path) => value === null || check(value, path);
}

function optional(check: Check): Check {
  return (value, path) => value === undefined || check(value, path);
}

function allOf(...checks: readonly Check[]): Check {
  return (value, path) => {
    for (const check of checks) check(value, path);
  };
}

function list(check: Check): Check {
  const isList = is('a list', Array.isArray);
  return (value, path) => {
    isList(value, path);
    for (const [i, item] of (value as readonly unknown[]).entries()) check(item, `${path}[${i}]`);
  };
}

const isObject = is('an object', (value) => typeof value === 'object' && value !== null && !Array.isArray(value));

function object(members: Readonly<Record<string, Check>>): Check {
  return (value, path) => {
    isObject(value, path);
    for (const [name, check] of Object.entries(members))
      check((value as Record<string, unknown>)[name], path === '' ? name : `${path}.${name}`);
  };
}

function valuesOf(check: Check): Check {
  return (value, path) => {
    isObject(value, path);
    for (const [name, item] of Object.entries(value as object)) check(item, `${path}.${name}`);
  };
}

/** The options are those of a command line. */
function known(value: unknown, path: string): void {
  for (const [name, values] of Object.entries(value as RunRecord['options'])) {
    if (!isOptionName(name)) throw damaged(`${path}.${name}`, 'is not an option');
    try {
      parseArguments(['train', ...(values.length === 0 ? [`--${name}`] : values.map((one) => `--${name}=${one}`))]);
    } catch (error) {
      if (error instanceof UsageError) throw damaged(`${path}.${name}`, `cannot be: ${error.message}`);
      throw error;
    }
  }
}
