import { Dim } from '../../dims/dim.js';
import type { Builder } from '../builder.js';
import { nth } from '../only.js';
import { type OnnxCall, type Outputs, type Translation, TypeOnly } from './call.js';
import { demandShape } from './demands.js';

/** `[N, T, heads*d]` as `[N, heads, T, d]`; inputs of rank 4 are that already. */
function headed<V>(c: OnnxCall<V>, i: number, count: string): V {
  const { g } = c;
  if (c.rank(i) === 4) return c.in(i);
  c.rule.rank(c.nameOf(i), c.type(i), 3, '[N, T, heads * width]');
  const [batch, length, width] = [nth(c.shape(i), 0), nth(c.shape(i), 1), nth(c.shape(i), 2)];
  const heads = c.int(count, 0);
  if (heads < 1) c.rule.fail('bad-option', { message: `inputs of rank 3 need \`${count}\`, the number of heads` });
  c.rule.divides(heads, width, () => ({ message: `a width of ${width} does not split into ${heads} heads` }));
  return g.transpose(g.reshape(c.in(i), [batch, length, heads, width.floorDiv(heads)]), [0, 2, 1, 3]);
}

/** The mask, extended to the length of the keys: a shorter one does not allow the others. */
function wholeMask<V>(c: OnnxCall<V>, keys: Dim): V | undefined {
  const { g } = c;
  const mask = c.x(3);
  if (mask === undefined) return undefined;
  const { dtype, shape } = g.type(mask);
  const missing = keys.sub(shape.at(-1) ?? keys).constant;
  if (missing === undefined || missing <= 0 || shape.at(-1)?.constant === 1) return mask;
  const value = Number.NEGATIVE_INFINITY;
  if (dtype !== 'bool') return g.op('pad', [mask], { pads: [0, missing], axes: [-1], value });
  const rest = g.op('zeros', [], { shape: [...shape.slice(0, -1), missing], dtype });
  return g.concat([mask, rest], -1);
}

/** Numbers to add to the scores, minus infinity where a query must not attend to a key; undefined if there is no such limit. */
function bias<V>(g: Builder<V>, mask: V | undefined, causal: boolean, scores: V): V | undefined {
  const nothing = g.scalar(Number.NEGATIVE_INFINITY, scores);
  const added = mask === undefined || g.type(mask).dtype !== 'bool' ? mask : g.where(mask, g.scalar(0, scores), nothing);
  if (!causal) return added;
  const shape = g.shape(scores).slice(-2);
  const allowed = g.op('tril', [g.op('ones', [], { shape, dtype: 'bool' })]);
  return g.where(allowed, added ?? g.scalar(0, scores), nothing);
}

/** Attention step by step, with its scores at the stage that `qk_matmul_output_mode` names. */
function composed<V>(c: OnnxCall<V>, q: V, k: V, v: V, mask: V | undefined): { readonly y: V; readonly scores: V } {
  const { g } = c;
  const [heads, shared, width] = [nth(g.shape(q), 1), nth(g.shape(k), 1), nth(g.shape(q), 3).constant];
  if (width === undefined && !c.has('scale')) return c.unknown('the width of the heads is not a number');
  const grouped = (x: V): V => (heads.equals(shared) ? x : g.op('repeat_interleave', [x], { repeats: heads.floorDiv(shared), axis: 1 }));
  const products = g.scale(g.matmul(q, g.swap(grouped(k))), c.float('scale', 1 / Math.sqrt(width ?? 1)));
  const softcap = c.float('softcap', 0);
  const capped = softcap === 0 ? products : g.scale(g.tanh(g.scale(products, 1 / softcap)), softcap);
  const added = bias(g, mask, c.flag('is_causal'), capped);
  const biased = added === undefined ? capped : g.add(capped, added);
  const shares = g.softmax(biased, -1);
  const stages = [products, capped, biased, shares];
  const scores = stages[c.int('qk_matmul_output_mode', 0)] ?? c.rule.fail('bad-option', { message: 'qk_matmul_output_mode is 0 to 3' });
  return { y: g.matmul(shares, grouped(v)), scores };
}

function attention<V>(c: OnnxCall<V>): Outputs<V> {
  const { g } = c;
  const q = headed(c, 0, 'q_num_heads');
  const [ownK, ownV] = [headed(c, 1, 'kv_num_heads'), headed(c, 2, 'kv_num_heads')];
  const [pastK, pastV] = [c.x(4), c.x(5)];
  const k = pastK === undefined ? ownK : g.concat([pastK, ownK], 2);
  const v = pastV === undefined ? ownV : g.concat([pastV, ownV], 2);
  const mask = wholeMask(c, nth(g.shape(k), 2));
  const scale = c.has('scale') ? c.float('scale', 1) : undefined;
  const steps = c.float('softcap', 0) !== 0 || c.wants(3) ? composed(c, q, k, v, mask) : undefined;
  const y = steps?.y ?? g.op('attention', [q, k, v, mask], { causal: c.flag('is_causal'), scale });
  const outputs = [c.rank(0) === 3 ? flat(g, y) : y, k, v, ...(steps === undefined ? [] : [steps.scores])];
  if (c.x(6) === undefined) return outputs;
  return outputs.map((output) => new TypeOnly(g.type(output), "archc's `attention` has no lengths of the keys"));
}

/** `[N, heads, T, d]` as `[N, T, heads*d]`. */
function flat<V>(g: Builder<V>, y: V): V {
  const [batch, heads, length, width] = [nth(g.shape(y), 0), nth(g.shape(y), 1), nth(g.shape(y), 2), nth(g.shape(y), 3)];
  return g.reshape(g.transpose(y, [0, 2, 1, 3]), [batch, length, heads.mul(width)]);
}

/** Pairs of numbers in each head, turned by an angle for each position: the first and second half of the head, or its even and odd places. */
const rotary: Translation = (c) => {
  const { g } = c;
  c.rule.rank('X', c.type(0), { min: 3, max: 4 }, '[N, heads, T, width]');
  const x = headed(c, 0, 'num_heads');
  const [batch, length, width] = [nth(g.shape(x), 0), nth(g.shape(x), 2), nth(g.shape(x), 3)];
  const turned = c.int('rotary_embedding_dim', 0) === 0 ? width : Dim.of(c.int('rotary_embedding_dim', 0));
  c.rule.divides(2, turned, () => ({ message: `${turned} numbers of a head do not make pairs` }));
  const half = turned.floorDiv(2);
  demandAngles(c, batch, length, half);
  const interleaved = c.flag('interleaved');
  const rows = (i: number) => g.unsqueeze(c.x(3) === undefined ? c.in(i) : g.gather(c.in(i), c.in(3), 0), [1]);
  const [cos, sin] = [rows(1), rows(2)];
  const [a, b] = interleaved
    ? [places(g, x, 0, turned, 2), places(g, x, 1, turned, 2)]
    : [places(g, x, 0, half), places(g, x, half, turned)];
  const real = g.sub(g.mul(cos, a), g.mul(sin, b));
  const imaginary = g.add(g.mul(sin, a), g.mul(cos, b));
  const pairs = interleaved
    ? g.reshape(g.op('stack', [[real, imaginary]], { axis: -1 }), [...g.shape(x).slice(0, 3), turned])
    : g.concat([real, imaginary], 3);
  const y = turned.equals(width) ? pairs : g.concat([pairs, places(g, x, turned, width)], 3);
  return [c.rank(0) === 3 ? flat(g, y) : y];
};

/** Demands an angle for each pair: by position, and by sequence unless `position_ids` gives the position of each number. */
function demandAngles<V>(c: OnnxCall<V>, batch: Dim, length: Dim, pairs: Dim): void {
  const isLookedUp = c.x(3) !== undefined;
  for (const i of [1, 2]) {
    const rows = isLookedUp ? [c.shape(i)[0] ?? Dim.one] : [batch, length];
    demandShape(c, i, [...rows, pairs]);
  }
  demandShape(c, 3, [batch, length]);
}

/** Places of the last axis. */
function places<V>(g: Builder<V>, x: V, start: Dim | number, end: Dim, step = 1): V {
  return g.slice(x, 3, start, end, step);
}

export const attentions: Readonly<Record<string, Translation>> = { Attention: attention, RotaryEmbedding: rotary };
