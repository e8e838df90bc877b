import type { InitialState } from '../../api/signature.js';
import type { InputSlot } from './input-slots.js';
import { type Signature, sizeNames } from './signature.js';
import { elementCount, type TensorData } from './tensor-data.js';
import { tensorOf } from './tensor-numbers.js';

/**
 * The sizes that are 0 before the first call, each with the state that starts empty along it: those of a state's input that no other input
 * has as an axis of its own.
 */
export function emptySizes({ inputs, states }: Signature): ReadonlyMap<string, string> {
  const ofStates = new Set(states.map(({ input }) => input));
  const others = inputs.filter(({ name }) => !ofStates.has(name));
  const known = new Set(others.flatMap(({ shape = [] }) => shape.flatMap((size) => size.variableName ?? [])));
  const empty = new Map<string, string>();
  for (const { input, start } of states) {
    const declared = start.kind === 'empty' ? inputs.filter(({ name }) => name === input) : [];
    for (const size of sizeNames(declared)) if (!known.has(size) && !empty.has(size)) empty.set(size, input ?? '');
  }
  return empty;
}

/** The value of a state before the first call; undefined for one whose value is stored elsewhere, and for an empty one whose shape has elements, because its size was given. */
export function startTensor({ dtype }: InputSlot, start: InitialState, shape: readonly number[]): TensorData | undefined {
  const count = elementCount(shape);
  switch (start.kind) {
    case 'empty':
      return count === 0 ? tensorOf(dtype, shape, []) : undefined;
    case 'stored':
      return undefined;
    case 'fill':
      return tensorOf(dtype, shape, new Float64Array(count).fill(start.value));
    case 'values':
      return tensorOf(dtype, shape, broadcast(start, shape));
  }
}

/** Numbers of another shape, repeated along the axes that are missing or 1 there. */
function broadcast({ shape: from, values }: Extract<InitialState, { kind: 'values' }>, shape: readonly number[]): Float64Array {
  const missing = shape.length - from.length;
  const result = new Float64Array(elementCount(shape));
  for (let i = 0; i < result.length; i++) {
    let at = 0;
    let rest = i;
    let stride = 1;
    for (let axis = shape.length - 1; axis >= missing; axis--) {
      const size = from[axis - missing] ?? 1;
      const total = shape[axis] ?? 1;
      if (size > 1) at += (rest % total) * stride;
      stride *= size;
      rest = Math.floor(rest / total);
    }
    result[i] = values[at] ?? 0;
  }
  return result;
}
