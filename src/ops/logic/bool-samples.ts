import { bools } from '../sample.js';

const shapes: readonly (readonly [readonly number[], readonly number[]])[] = [
  [
    [4, 4],
    [4, 4],
  ],
  [
    [3, 1, 2],
    [1, 4, 1],
  ],
  [[2, 8], [8]],
  [[], [4]],
  [[], []],
];

/** Pairs of boolean tensors with every kind of broadcasting. */
export const boolSamples = shapes.map(([a, b]) => ({ inputs: { a: bools(a), b: bools(b) } }));
