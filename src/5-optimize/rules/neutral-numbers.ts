import { Value } from '../../3-graph/graph.js';
import { sameShape } from '../../ops/sizes.js';
import { isFloat } from '../../ops/types.js';
import { numberOf } from '../known-numbers.js';
import { rule } from '../rule.js';

interface Match {
  readonly x: Value;
  readonly result: Value;
  /** Whether a zero is added whose sign turns -0 into 0. */
  readonly losesSign: boolean;
}

/** The operators that return their first operand if the second is a certain number, with that number. */
const neutral: Readonly<Record<string, number>> = { mul: 1, div: 1, pow: 1, sub: 0, add: 0 };
const commutative = new Set(['mul', 'add']);

/**
 * Drops operators that a number turns into no-ops.
 *
 * Before: `y = x * 1`. After: `y = x`. The same for `x / 1`, `x ** 1` and `x - 0`.
 * Exact for every number, infinity and NaN. `x + 0.0` is not `x`: it turns -0 into 0. Such operators come from attention with a scale of 1, as in T5, and from gradients.
 */
export const neutralNumbers = rule<Match>({
  name: 'neutral-numbers',
  summary: 'removes operators that do nothing because of a number, such as `x * 1`',
  level: 1,
  match: ({ op, inputs, outputs: [result] }) => {
    const number = neutral[op.name];
    const [a, b] = inputs;
    if (number === undefined || result === undefined) return undefined;
    const pairs = commutative.has(op.name) ? [[a, b] as const, [b, a] as const] : [[a, b] as const];
    const [x, other] = pairs.find(([, second]) => numberOf(second) === number) ?? [];
    if (!(x instanceof Value)) return undefined;
    const losesSign = number === 0 && isFloat(x.type.dtype) && Object.is(numberOf(other), op.name === 'add' ? 0 : -0);
    return { x, result, losesSign };
  },
  when: ({ x, result, losesSign }) => {
    if (!sameShape(x.type, result.type) || x.type.dtype !== result.type.dtype) return 'the shape of the number repeats the tensor';
    return losesSign ? '-0 + 0 is 0, and not -0' : undefined;
  },
  rewrite: (_g, { x }) => [x],
});
