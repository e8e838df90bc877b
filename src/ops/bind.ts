import { InternalError } from '../diagnostics/internal-error.js';
import type { OpInput } from './builder.js';
import type { Op } from './define.js';

/** The inputs of a call by name, from their order in the operator's table. Variadic inputs are lists, and no others are. */
export function bindInputs<V>(op: Op, inputs: readonly OpInput<V>[]): Record<string, V | readonly V[] | undefined> {
  const table = op.lists().inputs;
  if (inputs.length > table.length) throw new InternalError(`${op.name} has ${table.length} inputs, ${inputs.length} were given`);
  const bound: Record<string, V | readonly V[] | undefined> = {};
  let index = 0;
  for (const [name, spec] of table) {
    const input = inputs[index++] ?? undefined;
    const mode = typeof spec === 'string' ? 'required' : spec.mode;
    if (input === undefined && mode !== 'optional') throw new InternalError(`${op.name} needs its input ${name}`);
    if (Array.isArray(input) !== (mode === 'variadic')) throw new InternalError(`the input ${name} of ${op.name} is ${mode}`);
    bound[name] = input;
  }
  return bound;
}

/** Bound inputs with `f` of every tensor. */
export function mapBound<V, W>(
  bound: Readonly<Record<string, V | readonly V[] | undefined>>,
  f: (value: V) => W,
): Record<string, W | readonly W[] | undefined> {
  const result: Record<string, W | readonly W[] | undefined> = {};
  for (const [name, input] of Object.entries(bound)) {
    // Array.isArray does not distinguish a readonly array from an opaque V, which is never an array itself.
    result[name] = input === undefined ? undefined : Array.isArray(input) ? (input as readonly V[]).map(f) : f(input as V);
  }
  return result;
}
