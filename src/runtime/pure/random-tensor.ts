import { isFloat } from '../../ops/types.js';
import type { InputSlot } from './input-slots.js';
import { elementCount, type TensorData } from './tensor-data.js';
import { tensorOf } from './tensor-numbers.js';

/**
 * A generated tensor of this shape for an input: floats from -1 up to 1, integers and booleans 0 or 1, which are valid as token ids and as
 * masks. The same seed, name, type and shape give the same values on every machine.
 */
export function randomTensor({ name, dtype }: Pick<InputSlot, 'name' | 'dtype'>, shape: readonly number[], seed: number): TensorData {
  const next = generator(`${seed}/${name}`);
  const numbers = new Float64Array(elementCount(shape));
  for (let i = 0; i < numbers.length; i++) numbers[i] = isFloat(dtype) ? next() * 2 - 1 : Math.floor(next() * 2);
  return tensorOf(dtype, shape, numbers);
}

/**
 * A generator of numbers from 0 up to 1: SplitMix32 (Steele, Lea, Flood: "Fast splittable pseudorandom number generators"), seeded by the
 * FNV-1a hash of a text.
 */
export function generator(seed: string): () => number {
  let state = 0x811c9dc5;
  for (let i = 0; i < seed.length; i++) state = Math.imul(state ^ seed.charCodeAt(i), 0x01000193);
  return () => {
    state = (state + 0x9e3779b9) | 0;
    let z = state;
    z = Math.imul(z ^ (z >>> 16), 0x21f0aaad);
    z = Math.imul(z ^ (z >>> 15), 0x735a2d97);
    return ((z ^ (z >>> 15)) >>> 0) / 2 ** 32;
  };
}
