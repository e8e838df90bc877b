import { binary, type Expr, integer, type Random, variable } from './naive.js';

/** Which variables the generated expressions use; all are at least 1. */
export const NETWORK_VARIABLES = ['H', 'T', 's'];

/**
 * Sizes as networks make them - convolutions, pools, crops, tiles, padding to a multiple, head splits, clamps - each step together
 * with a second way to write it: the second of two independent generators, and with `twin` a source of pairs that are equal for
 * reasons that are not plain algebra.
 */
export function network(random: Random, steps: number, symbolic: boolean): { readonly first: Expr; readonly twin: Expr } {
  let [x, y]: [Expr, Expr] = seed(random);
  for (let i = 0; i < steps; i++) [x, y] = random.pick(symbolic ? [...STEPS, ...SYMBOLIC_STEPS] : STEPS)(random, x, y);
  return { first: x, twin: y };
}

type Step = (random: Random, x: Expr, y: Expr) => [Expr, Expr];

function seed(random: Random): [Expr, Expr] {
  const v = variable(random.pick(NETWORK_VARIABLES));
  return random.unit() < 0.5 ? [v, v] : [binary('*', v, 2), binary('+', v, v)];
}

const STEPS: readonly Step[] = [
  // A convolution, by the two formulas that people write.
  (random, x, y) => {
    const [k, s, p] = [random.between(1, 7), random.between(1, 4), random.between(0, 3)];
    const first = binary('+', binary('//', binary('-', binary('+', x, 2 * p), k), s), 1);
    return [first, binary('//', binary('+', binary('-', binary('+', y, 2 * p), k), s), s)];
  },
  // Rounding up: with s - 1 added, or by negation.
  (random, x, y) => {
    const s = random.between(2, 8);
    return [binary('//', binary('+', x, s - 1), s), binary('-', integer(0), binary('//', binary('-', integer(0), y), s))];
  },
  // Two pools are one.
  (random, x, y) => {
    const [a, b] = [random.between(2, 4), random.between(2, 3)];
    return [binary('//', binary('//', x, a), b), binary('//', y, a * b)];
  },
  // The next multiple.
  (random, x, y) => {
    const d = random.between(2, 8);
    return [binary('*', binary('//', binary('+', x, d - 1), d), d), binary('+', y, binary('%', binary('-', integer(0), y), d))];
  },
  // Upsampling.
  (random, x, y) => {
    const k = random.between(2, 3);
    const sum = Array.from({ length: k - 1 }).reduce<Expr>((total) => binary('+', total, y), y);
    return [binary('*', x, k), sum];
  },
  // A flattened product.
  (random, x, y) => {
    const other = binary('+', variable(random.pick(NETWORK_VARIABLES)), random.between(0, 2));
    return [binary('*', x, other), binary('*', other, y)];
  },
  // Splitting into blocks loses nothing.
  (random, x, y) => {
    const c = random.between(2, 8);
    return [x, binary('+', binary('*', binary('//', y, c), c), binary('%', y, c))];
  },
  // A clamp from below.
  (random, x, y) => {
    const k = random.between(1, 9);
    return [binary('max', x, k), binary('-', binary('+', y, k), binary('min', integer(k), y))];
  },
  // A crop to the smaller of two.
  (random, x, y) => {
    const other = binary('//', binary('+', variable(random.pick(NETWORK_VARIABLES)), random.between(0, 3)), random.between(1, 3));
    return [binary('min', x, other), binary('-', y, binary('max', binary('-', y, other), 0))];
  },
  // Padding on both sides and cutting off again.
  (random, x, y) => {
    const p = random.between(1, 4);
    return [binary('+', x, 2 * p), binary('+', binary('+', p > 2 ? binary('+', y, p) : binary('+', integer(p), y), 0), p)];
  },
];

const SYMBOLIC_STEPS: readonly Step[] = [
  // A convolution with a stride that is a parameter.
  (random, x, y) => {
    const s = variable('s');
    const k = random.between(1, 5);
    return [binary('+', binary('//', binary('-', x, k), s), 1), binary('//', binary('+', binary('-', y, k), s), s)];
  },
  // Split by heads and joined again.
  (_, x, y) => {
    const heads = variable('s');
    return [x, binary('//', binary('*', y, heads), heads)];
  },
  // The largest multiple of a parameter.
  (_, x, y) => {
    const s = variable('s');
    return [binary('*', binary('//', x, s), s), binary('-', y, binary('%', y, s))];
  },
  // Common factors of both sides cancel.
  (random, x, y) => {
    const d = binary('+', variable('T'), random.between(0, 1));
    const k = random.between(2, 3);
    return [binary('//', x, d), binary('//', binary('*', y, k), binary('*', d, k))];
  },
];
