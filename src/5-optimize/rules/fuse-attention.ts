import { type OpNode, Value } from '../../3-graph/graph.js';
import type { GraphBuilder } from '../../3-graph/graph-builder.js';
import { attention } from '../../ops/attention/attention.js';
import { formOf } from '../../ops/forms.js';
import { nth } from '../../ops/only.js';
import { fromStart, sameShape } from '../../ops/sizes.js';
import { boundOf, numberOf } from '../known-numbers.js';
import { rule } from '../rule.js';

interface Match {
  readonly q: Value;
  /** Keys with their last two axes swapped. */
  readonly turnedKeys: Value;
  readonly v: Value;
  readonly scale: number;
  readonly mask: Mask | undefined;
  /** What only the softmax and the product with the values may read. */
  readonly inner: readonly Value[];
  readonly y: Value;
}

/** Numbers that are added to the scores, or booleans that keep them; the others become `other`. */
type Mask =
  | { readonly kind: 'added'; readonly value: Value }
  | { readonly kind: 'kept'; readonly value: Value; readonly other: number | undefined };

/**
 * Turns attention that is written out into the operator `attention`, for which targets have kernels.
 *
 * Before: `y = softmax(q @ k.T * c + mask, axis = -1) @ v`, where the factor and the mask may be missing, a constant may scale queries or keys instead, and `where(allowed, scores, -inf)` may mask them. After:
 * `y = attention(q, k, v, mask, scale = c)`. Where the mask may keep no key of a query, the softmax written out gives NaN, and `attention` 0: `y = where(all(mask == -inf, axes = [-1], keep = true), nan, y)` then
 * restores NaN. A mask that is known to be finite, such as `where(allowed, 0, -1e9)`, needs no such step.
 */
export const fuseAttention = rule<Match>({
  name: 'fuse-attention',
  summary: 'turns attention that is written out into one operator',
  level: 1,
  match: (node, { on }) => {
    const [weights, v] = node.inputs;
    const [y] = node.outputs;
    if (!on.fused || node.op.name !== 'matmul' || !(v instanceof Value) || y === undefined) return undefined;
    const softmax = operator(weights, 'softmax');
    const [scores] = softmax?.inputs ?? [];
    if (softmax === undefined || !(scores instanceof Value) || !(weights instanceof Value)) return undefined;
    const { shape } = scores.type;
    if (shape.length !== 4 || fromStart(softmax.attrs.axis as number, 4) !== 3) return undefined;
    const masked = maskedScores(scores) ?? { scores, mask: undefined };
    const scaled = scaledProduct(masked.scores);
    if (scaled === undefined || !sameShape(nth(scaled.product.outputs, 0).type, scores.type)) return undefined;
    const [queries, keys] = scaled.product.inputs;
    if (!(queries instanceof Value) || !(keys instanceof Value) || !areHeads(queries, keys, v)) return undefined;
    const [q, turnedKeys] = [unscaled(queries), unscaled(keys)];
    return {
      q: q.value,
      turnedKeys: turnedKeys.value,
      v,
      scale: scaled.factor * q.factor * turnedKeys.factor,
      mask: masked.mask,
      inner: [weights, scores, masked.scores, ...scaled.inner],
      y,
    };
  },
  when: (match, { on }) => {
    const { mask, inner } = match;
    if (inner.some(({ users }) => users.size > 1)) return 'something else reads the scores or the weights of the softmax';
    if (mask?.kind === 'kept' && mask.other !== Number.NEGATIVE_INFINITY)
      return 'masked scores become a finite number; `attention` does not count them at all';
    return !Number.isFinite(match.scale) || formOf(attention, on, callOf(match)) === undefined
      ? `${on.target} has no operator for it at opset ${on.opset}`
      : undefined;
  },
  rewrite: (g, match) => {
    const { q, turnedKeys, v, mask } = match;
    const keys = operator(turnedKeys, 'transpose');
    const [before] = keys?.inputs ?? [];
    const k =
      before instanceof Value && (keys?.attrs.perm as readonly number[] | undefined)?.join() === '0,1,3,2' ? before : g.swap(turnedKeys);
    const y = g.op('attention', [q, k, v, mask?.value], attrsOf(match));
    const empty = mask && emptyRows(g, mask);
    return [empty === undefined ? y : g.where(empty, g.scalar(Number.NaN, y), y)];
  },
});

/** The operator with this name that gives a value. */
function operator(value: OpNode['inputs'][number], name: string): OpNode | undefined {
  const node = value instanceof Value && value.source.kind === 'node' ? value.source.node : undefined;
  return node?.kind === 'op' && node.op.name === name ? node : undefined;
}

/** What a mask was applied to. */
function maskedScores(value: Value): { readonly scores: Value; readonly mask: Mask } | undefined {
  const [a, b] = (operator(value, 'add')?.inputs ?? []) as readonly (Value | undefined)[];
  for (const [scores, mask] of [[a, b] as const, [b, a] as const])
    if (scores !== undefined && mask !== undefined && mask.type.shape.length > 0 && scaledProduct(scores) !== undefined)
      return { scores, mask: { kind: 'added', value: mask } };
  const [allowed, kept, other] = (operator(value, 'where')?.inputs ?? []) as readonly (Value | undefined)[];
  if (allowed === undefined || kept === undefined || allowed.type.shape.length === 0 || scaledProduct(kept) === undefined) return undefined;
  return { scores: kept, mask: { kind: 'kept', value: allowed, other: numberOf(other) } };
}

interface ScaledProduct {
  readonly product: OpNode;
  readonly factor: number;
  /** The scores before they are scaled. */
  readonly inner: readonly Value[];
}

/** The product of queries and keys in numbers times it. */
function scaledProduct(value: Value): ScaledProduct | undefined {
  const { value: product, factor, passed } = unscaled(value, true);
  const node = operator(product, 'matmul');
  return node === undefined ? undefined : { product: node, factor, inner: passed };
}

interface Unscaled {
  readonly value: Value;
  readonly factor: number;
  /** All values on the way to the one without factors, and that one. */
  readonly passed: readonly Value[];
}

/** A value without the numbers that it is multiplied with or divided by. Unless `isShared`, nothing is taken from results that something else reads, because they are computed anyway. */
function unscaled(value: Value, isShared = false): Unscaled {
  const passed = [value];
  let [current, factor] = [value, 1];
  for (;;) {
    const [product, quotient] = [operator(current, 'mul'), operator(current, 'div')];
    const [a, b] = ((product ?? quotient)?.inputs ?? []) as readonly (Value | undefined)[];
    const [x, number] = numberOf(b) === undefined && product !== undefined ? [b, numberOf(a)] : [a, numberOf(b)];
    if (x === undefined || number === undefined || (!isShared && current.users.size > 1) || !sameShape(x.type, current.type))
      return { value: current, factor, passed };
    factor = product === undefined ? factor / number : factor * number;
    current = x;
    passed.push(x);
  }
}

/** Whether these are queries `[N, h, T, d]`, keys `[N, h, d, S]` and values `[N, h, S, e]`. */
function areHeads(q: Value, keys: Value, v: Value): boolean {
  const shapes = [q, keys, v].map(({ type }) => type.shape);
  const [batch, heads] = q.type.shape;
  return shapes.every(
    (shape) => shape.length === 4 && batch !== undefined && heads !== undefined && shape[0]?.equals(batch) && shape[1]?.equals(heads),
  );
}

function attrsOf({ scale }: Match) {
  return { causal: false, scale, dropout: 0 };
}

function callOf(match: Match) {
  const { q, turnedKeys, v, mask, y } = match;
  const { dtype, shape } = turnedKeys.type;
  const k = { dtype, shape: [nth(shape, 0), nth(shape, 1), nth(shape, 3), nth(shape, 2)] };
  return { inputs: { q: q.type, k, v: v.type, mask: mask?.value.type }, attrs: attrsOf(match), outputs: [y.type] };
}

/** Queries for which a mask may keep no key. Undefined if there are none. */
function emptyRows(g: GraphBuilder, mask: Mask): Value | undefined {
  const { value } = mask;
  if (mask.kind === 'kept') return g.not(g.op('any', [value], { axes: [-1], keep: true }));
  if (boundOf(value) !== undefined) return undefined;
  return g.op('all', [g.equal(value, g.scalar(Number.NEGATIVE_INFINITY, value))], { axes: [-1], keep: true });
}
