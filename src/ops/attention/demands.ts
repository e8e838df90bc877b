import { nth } from '../only.js';
import type { Rule } from '../rule.js';
import type { Shape, TensorType } from '../types.js';

/** Demands queries, keys and values that fit each other. */
export function demandHeads(rule: Rule, q: TensorType, k: TensorType, v: TensorType): void {
  rule.dtype('q', q, 'float');
  rule.rank('q', q, 4, '[N, h, T, d]');
  rule.rank('k', k, 4, '[N, hk, S, d]');
  rule.rank('v', v, 4, '[N, hk, S, e]');
  rule.sameDtype('q', q, 'k', k);
  rule.sameDtype('q', q, 'v', v);
  const same = (name: string, got: TensorType, wanted: TensorType, axis: number, what: string, other: string) => {
    const [left, right] = [nth(got.shape, axis), nth(wanted.shape, axis)];
    rule.equal(left, right, () => ({
      message: `attention needs \`${name}\` to have the ${what} of \`${other}\`, ${right}, but it has ${left}`,
      input: name,
      wanted: got.shape.map((size, i) => String(i === axis ? right : size)),
      got: got.shape,
    }));
  };
  same('k', k, q, 0, 'batch size', 'q');
  same('v', v, q, 0, 'batch size', 'q');
  same('k', k, q, 3, 'head width', 'q');
  rule.atLeast(nth(q.shape, 3), 1, () => ({ message: `attention has no scores for heads of width ${nth(q.shape, 3)}`, input: 'q' }));
  same('v', v, k, 1, 'number of heads', 'k');
  same('v', v, k, 2, 'length', 'k');
  const [heads, shared] = [nth(q.shape, 1), nth(k.shape, 1)];
  rule.divides(shared, heads, () => ({
    message: `${heads} query heads cannot share ${shared} key heads evenly`,
    input: 'k',
    wanted: k.shape.map((size, i) => (i === 1 ? `a divisor of ${heads}` : String(size))),
    got: k.shape,
  }));
}

/** Demands a mask that broadcasts to the scores, of booleans or of the element type of `q`. */
export function demandMask(rule: Rule, q: TensorType, mask: TensorType, scores: Shape): void {
  rule.dtype('mask', mask, ['bool', q.dtype]);
  rule.rank('mask', mask, { min: 0, max: 4 }, '[N, h, T, S]');
  const shift = 4 - mask.shape.length;
  for (const [i, got] of mask.shape.entries()) {
    const wanted = nth(scores, i + shift);
    if (got.constant === 1) continue;
    rule.equal(got, wanted, () => ({
      message: `attention has scores ${`[${scores.join(', ')}]`}, to which \`mask\` cannot be broadcast`,
      input: 'mask',
      wanted: scores,
      got: mask.shape,
      help: 'an axis of the mask is as long as that of the scores, or 1',
    }));
  }
}
