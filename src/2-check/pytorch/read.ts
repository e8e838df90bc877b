import type { Argument } from '../context.js';
import { type Counterpart, counterpart, type Foreign } from './foreign.js';

/** Something that archc accepts under a name: a hyperparameter, a tensor or an option. */
export interface Place {
  readonly name: string;
  readonly needed: boolean;
  /** Whether it is written by position. */
  readonly leads: boolean;
  /** The text of an argument for it: empty if none is needed, undefined if the argument is not possible. */
  readonly write: (arg: Argument) => string | undefined;
}

/** Arguments read as those of another library. */
export interface Reading {
  /** The first argument that has no equivalent here, and its name there. */
  readonly inferred: { readonly arg: Argument; readonly name: string } | undefined;
  /** The arguments as they are written here. */
  readonly written: readonly string[];
  /** Whether any has a name that only the other library knows. */
  readonly foreignName: boolean;
}

/** What arguments mean to another library, if each has a counterpart here or needs none, and nothing required is missing. */
export function readForeign(foreign: Foreign, places: readonly Place[], args: readonly Argument[]): Reading | undefined {
  const table = foreign.params.map(counterpart);
  const given = new Map<string, string>();
  const seen = new Set<Counterpart>();
  let inferred: Reading['inferred'];
  let foreignName = false;
  let position = 0;
  for (const arg of args) {
    const own = places.some((p) => p.name === arg.name);
    const entry = arg.name === undefined ? table[position++] : entryNamed(table, arg.name, own);
    if (entry === undefined || seen.has(entry)) return undefined;
    seen.add(entry);
    if (arg.name !== undefined && !own) foreignName = true;
    if (entry.role === 'none' || (entry.role === 'ignored' && !isIdle(entry.name, arg))) return undefined;
    if (entry.role === 'inferred') inferred ??= { arg, name: entry.name };
    if (entry.role !== 'given') continue;
    const text = places.find((p) => p.name === entry.here)?.write(arg);
    if (text === undefined) return undefined;
    if (text !== '') given.set(entry.here, text);
  }
  if (!places.every((p) => !p.needed || given.has(p.name))) return undefined;
  for (const [name, value] of Object.entries(foreign.adds ?? {})) if (!given.has(name)) given.set(name, value);
  return { inferred, written: listed(places, given), foreignName };
}

function entryNamed(table: readonly Counterpart[], name: string, own: boolean): Counterpart | undefined {
  return table.find((e) => e.name === name) ?? (own ? table.find((e) => e.here === name && e.role === 'given') : undefined);
}

/** Whether an argument without a counterpart changes nothing here. */
function isIdle(name: string, { value }: Argument): boolean {
  if (name === 'momentum') return value.kind === 'float' || value.kind === 'int';
  return value.kind === 'bool' && (name !== 'training' || value.value === false);
}

/** By position up to the first omission, then by name. */
function listed(places: readonly Place[], given: ReadonlyMap<string, string>): readonly string[] {
  let leading = true;
  return places.flatMap(({ name, leads }) => {
    const text = given.get(name);
    if (text === undefined || !leads) leading = false;
    if (text === undefined) return [];
    return [leading ? text : `${name} = ${text}`];
  });
}
