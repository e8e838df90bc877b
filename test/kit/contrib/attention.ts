import { Dim } from '../../../src/dims/dim.js';
import { nth } from '../../../src/ops/only.js';
import type { OnnxCall, Outputs, Translation } from '../../../src/ops/onnx-table/call.js';

/** `[N, T, heads*d]` as `[N, heads, T, d]`. */
function headed<V>(c: OnnxCall<V>, x: V, heads: number): V {
  const [batch, length, width] = [0, 1, 2].map((axis) => nth(c.g.shape(x), axis)) as [Dim, Dim, Dim];
  return c.g.transpose(c.g.reshape(x, [batch, length, heads, width.floorDiv(heads)]), [0, 2, 1, 3]);
}

/** `[N, heads, T, d]` as `[N, T, heads*d]`. */
function flat<V>(c: OnnxCall<V>, x: V): V {
  const [batch, heads, length, width] = [0, 1, 2, 3].map((axis) => nth(c.g.shape(x), axis)) as [Dim, Dim, Dim, Dim];
  return c.g.reshape(c.g.transpose(x, [0, 2, 1, 3]), [batch, length, heads.mul(width)]);
}

interface Heads<V> {
  readonly q: V;
  readonly k: V;
  readonly v: V;
}

/** Attention with something added to the products of queries and keys: `bias`, and minus infinity for keys that must not be attended to. `keys` is `[N, S]`, and 0 for those. */
function attended<V>(c: OnnxCall<V>, { q, k, v }: Heads<V>, bias: V | undefined, keys: V | undefined, causal: boolean): V {
  const { g } = c;
  const masked = (allowed: V) => g.where(allowed, g.scalar(0, q), g.scalar(Number.NEGATIVE_INFINITY, q));
  const all = [
    ...(bias === undefined ? [] : [bias]),
    ...(keys === undefined ? [] : [masked(g.unsqueeze(g.not(g.equal(keys, g.scalar(0, keys))), [1, 2]))]),
    ...(causal ? [masked(causalMask(c, q, k))] : []),
  ];
  const mask = all.length === 0 ? undefined : all.reduce((a, b) => g.add(a, b));
  const scale = c.float('scale', 0);
  return flat(c, g.op('attention', [q, k, v, mask], scale === 0 ? {} : { scale }));
}

/** A mask `[T, S]` that lets the last query attend to all keys. */
function causalMask<V>(c: OnnxCall<V>, q: V, k: V): V {
  const [queries, keys] = [nth(c.g.shape(q), 2), nth(c.g.shape(k), 2)];
  const allowed = c.g.op('ones', [], { shape: [queries, keys], dtype: 'bool' });
  return c.g.op('tril', [allowed], { k: Number(keys.sub(queries).constant) });
}

/** Attention whose queries, keys and values are computed by one matrix product. */
const attention: Translation = (c) => {
  const { g } = c;
  const product = g.matmul(c.in(0), c.in(1));
  const bias = c.x(2);
  const packed = bias === undefined ? product : g.add(product, bias);
  const third = nth(g.shape(packed), 2).floorDiv(3);
  const part = (i: number) => headed(c, g.slice(packed, 2, third.mul(i), third.mul(i + 1)), c.int('num_heads', 1));
  return [attended(c, { q: part(0), k: part(1), v: part(2) }, c.x(5), c.x(3), c.flag('unidirectional'))];
};

const multiHead: Translation = (c) => {
  const { g } = c;
  const [pastK, pastV, bias] = [c.x(6), c.x(7), c.x(3)];
  let from = Dim.zero;
  const heads = [0, 1, 2].map((i) => {
    const x = c.in(i);
    const width = nth(g.shape(x), 2);
    const own = bias === undefined ? x : g.add(x, g.slice(bias, 0, from, from.add(width)));
    from = from.add(width);
    return headed(c, own, c.int('num_heads', 1));
  });
  const [q, ownK, ownV] = heads as [typeof bias & {}, typeof bias & {}, typeof bias & {}];
  const k = pastK === undefined ? ownK : g.concat([pastK, ownK], 2);
  const v = pastV === undefined ? ownV : g.concat([pastV, ownV], 2);
  return [attended(c, { q, k, v }, c.x(5), c.x(4), c.flag('unidirectional')), k, v];
};

/** Causal attention whose query heads share key heads. Each call appends its keys and values to the past ones. */
const groupedQuery: Translation = (c) => {
  const { g } = c;
  const [pastK, pastV] = [c.in(3), c.in(4)];
  const begin = nth(g.shape(pastK), 2);
  const turned = (x: typeof pastK) => {
    if (!c.flag('do_rotary')) return x;
    const length = nth(g.shape(x), 2);
    return rotated(
      c,
      x,
      ...([7, 8].map((i) => g.slice(c.in(i), 0, begin, begin.add(length))) as [typeof x, typeof x]),
      'rotary_interleaved',
    );
  };
  const shared = c.int('kv_num_heads', 1);
  const q = turned(headed(c, c.in(0), c.int('num_heads', 1)));
  const k = g.concat([pastK, turned(headed(c, c.in(1), shared))], 2);
  const v = g.concat([pastV, headed(c, c.in(2), shared)], 2);
  return [attended(c, { q, k, v }, c.x(10), undefined, true), k, v];
};

/** Rotates pairs in `x: [N, heads, T, d]` by angles whose cosines and sines are `[.., T, d/2]`. */
function rotated<V>(c: OnnxCall<V>, x: V, cos: V, sin: V, interleaved: string): V {
  const { g } = c;
  const shape = g.shape(x);
  const width = nth(shape, 3);
  const half = width.floorDiv(2);
  const pairs = c.flag(interleaved);
  const split = pairs ? g.reshape(x, [...shape.slice(0, 3), half, 2]) : g.reshape(x, [...shape.slice(0, 3), 2, half]);
  const axis = pairs ? 4 : 3;
  const [a, b] = [0, 1].map((i) => g.squeeze(g.slice(split, axis, i, i + 1), [axis])) as [V, V];
  const [left, right] = [g.sub(g.mul(a, cos), g.mul(b, sin)), g.add(g.mul(b, cos), g.mul(a, sin))];
  return g.reshape(g.concat([g.unsqueeze(left, [axis]), g.unsqueeze(right, [axis])], axis), shape);
}

const rotary: Translation = (c) => {
  const { g } = c;
  const flatInput = c.rank(0) === 3;
  const heads = flatInput ? headed(c, c.in(0), c.int('num_heads', 1)) : c.in(0);
  const [batch, , length] = g.shape(heads) as readonly [Dim, Dim, Dim];
  const positions = c.numbers(1) ?? [];
  const isOffset = c.rank(1) === 1;
  const count = Number(length.constant);
  const ids = isOffset ? Array.from({ length: count }, (_, i) => Number(positions[0]) + i) : positions;
  const rows = g.constant({ dtype: 'i64', shape: isOffset ? [1, count] : [Number(batch.constant), count], data: Float64Array.from(ids) });
  const [cos, sin] = [2, 3].map((i) => g.unsqueeze(g.gather(c.in(i), rows, 0), [1])) as [typeof heads, typeof heads];
  const y = rotated(c, heads, cos, sin, 'interleaved');
  return [flatInput ? flat(c, y) : y];
};

export const attentions: Readonly<Record<string, <V>(c: OnnxCall<V>) => Outputs<V>>> = {
  Attention: attention,
  GroupQueryAttention: groupedQuery,
  MultiHeadAttention: multiHead,
  RotaryEmbedding: rotary,
};
