import { ARITHMETIC_VARIABLES, arithmetic, rewritten } from './arithmetic-generator.js';
import { Random } from './naive.js';
import { NETWORK_VARIABLES, network } from './network-generator.js';
import { checkPairs, type Pair, type PairFigures } from './pairs.js';

/** One kind of pairs and its share of a run, out of 100. */
export interface PairRun {
  readonly name: string;
  readonly share: number;
  readonly names: readonly string[];
  readonly next: (random: Random, i: number) => Pair;
}

/** Every second pair is equal by construction. */
export const PAIR_RUNS: readonly PairRun[] = [
  arithmeticRun('sums, products, floors', 20, 3, { extrema: false, symbolic: false }),
  arithmeticRun('with minima and maxima', 20, 3, { extrema: true, symbolic: false }),
  arithmeticRun('deeper', 10, 4, { extrema: false, symbolic: false }),
  arithmeticRun('with symbolic divisors', 15, 3, { extrema: true, symbolic: true }),
  networkRun('networks', 15, 3, false),
  networkRun('longer networks', 5, 5, false),
  networkRun('networks with symbolic strides and heads', 15, 3, true),
];

/** Runs a share of `total` pairs with a fixed seed and prints what came out. */
export function runPairs(run: PairRun, total: number, seed: number): PairFigures {
  const random = new Random(seed);
  const figures = checkPairs((total * run.share) / 100, random, run.names, (i) => run.next(random, i));
  const { pairs, equalPairs, equalProved, answers, overLimits } = figures;
  console.log(
    `${run.name}: ${pairs} pairs, ${equalProved} of ${equalPairs} equal ones proved, ${answers.never} never, ` +
      `${answers['not-always']} refuted by a witness, ${answers.unknown} unknown, ${overLimits} over the limits, ${figures.wrong.length} wrong`,
  );
  return figures;
}

function arithmeticRun(name: string, share: number, depth: number, options: Parameters<typeof arithmetic>[2]): PairRun {
  return {
    name,
    share,
    names: ARITHMETIC_VARIABLES,
    next: (random, i) => {
      const a = arithmetic(random, depth, options);
      if (i % 2 === 0) return { a, b: rewritten(random, a), equal: true };
      return { a, b: arithmetic(random, depth, options), equal: false };
    },
  };
}

function networkRun(name: string, share: number, steps: number, symbolic: boolean): PairRun {
  return {
    name,
    share,
    names: NETWORK_VARIABLES,
    next: (random, i) => {
      const { first, twin } = network(random, steps, symbolic);
      if (i % 2 === 0) return { a: first, b: twin, equal: true };
      return { a: first, b: network(random, steps, symbolic).twin, equal: false };
    },
  };
}
