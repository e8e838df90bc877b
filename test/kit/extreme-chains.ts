import type { NdArray } from '../../src/ops/types.js';
import { randomNumbers } from './random.js';
import { weightChain } from './weight-chains.js';

/** A random chain of operators whose scales and shifts are often 0, huge or tiny. */
export function extremeChain(seed: number): string {
  const random = randomNumbers(seed + 77);
  const values = ['0', '1e30', '1e-30', '1e-38', 'uniform(0.5, 2.0)', 'uniform(0.5, 2.0)'];
  return weightChain(seed).replaceAll('uniform(0.5, 2.0)', () => values[Math.floor(random() * values.length)] ?? '1');
}

/** The input of such a chain. */
export function feedsOfChain(source: string): Readonly<Record<string, NdArray>> {
  const [, type, sizes = ''] = /x: Tensor(<i64>)?\[([\d, ]+)\]/.exec(source) ?? [];
  const shape = sizes.split(',').map(Number);
  const random = randomNumbers(5);
  const data = Float64Array.from({ length: shape.reduce((a, b) => a * b, 1) }, () =>
    type === undefined ? Math.fround(4 * random() - 2) : Math.floor(3 * random()),
  );
  return { x: { dtype: type === undefined ? 'f32' : 'i64', shape, data } };
}
