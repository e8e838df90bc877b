import { Dim } from '../../dims/dim.js';
import { bool, float, optionalAttr, size } from '../attrs.js';
import { isPortable } from '../capabilities/capability.js';
import { composite, optional } from '../define.js';
import { nth, only } from '../only.js';
import { demandOption } from '../option-bounds.js';
import { exactly, floats32 } from '../sample.js';
import { concrete, isKnown } from '../sizes.js';
import type { TensorType } from '../types.js';
import { attention } from './attention.js';
import { demandHeads, demandMask } from './demands.js';
import { addedMask, standardAttention } from './forms.js';
import { joinedHeads, splitHeads, zeroJoined } from './joined.js';

/** The type of tensors `[N, T, h*d]` as `[N, h, T, d]`. */
function withHeads({ dtype, shape }: TensorType, heads: Dim): TensorType {
  const [batch, rows, joined] = shape as [Dim, Dim, Dim];
  return { dtype, shape: [batch, heads, rows, joined.floorDiv(heads)] };
}

export const joinedAttention = composite({
  name: 'joined_attention',
  family: 'attention',
  doc: {
    summary: 'Attention whose heads are side by side, as linear layers make and read them.',
    example: 'joined_attention(q, k, v, heads = 2, kv_heads = 2)',
    source: 'ONNX Attention with inputs of three axes',
  },
  inputs: {
    q: 'queries: `[N, T, h*d]`',
    k: 'keys: `[N, S, hk*d]`, where h is a multiple of hk',
    v: 'values: `[N, S, hk*e]`',
    mask: optional('`bool[N|1, h|1, T|1, S]`, true where a query may attend to a key; or floats that are added to the products'),
  },
  attrs: {
    heads: size('the number of query heads, h'),
    kv_heads: size('the number of key heads, hk'),
    causal: bool('query i attends to keys 0 to i only', false),
    scale: optionalAttr(float('factor of the products; 1/sqrt(d) if left out')),
  },
  outputs: ['y'],
  infer: (rule, { q, k, v, mask }, { heads, kv_heads: shared }) => {
    rule.dtype('q', q, 'float');
    const parts = { q: [q, heads, '[N, T, h*d]'], k: [k, shared, '[N, S, hk*d]'], v: [v, shared, '[N, S, hk*e]'] } as const;
    demandOption(rule, 'heads', heads, 1);
    demandOption(rule, 'kv_heads', shared, 1);
    for (const [name, [part, count, axes]] of Object.entries(parts)) {
      rule.rank(name, part, 3, axes);
      const width = nth(part.shape, 2);
      rule.divides(count, width, () => ({ message: `${width} channels are not ${count} heads`, input: name }));
    }
    const [queries, keys, values] = [withHeads(q, heads), withHeads(k, shared), withHeads(v, shared)];
    demandHeads(rule, queries, keys, values);
    const [batch, rows] = [nth(q.shape, 0), nth(q.shape, 1)];
    if (mask !== undefined) demandMask(rule, q, mask, [batch, heads, rows, nth(k.shape, 1)]);
    return [{ dtype: q.dtype, shape: [batch, rows, heads.mul(nth(values.shape, 3))] }];
  },
  flops: ({ q, k, v, mask }, { heads, kv_heads: shared, causal, scale }, y) => {
    const inputs = { q: withHeads(q, heads), k: withHeads(k, shared), v: withHeads(v, shared), mask };
    return attention.flops(inputs, { causal, scale, dropout: 0 }, y);
  },
  lower: (g, { q, k, v, mask }, { heads, kv_heads: shared, causal, scale }) => {
    const split = (part: typeof q, count: Dim) => splitHeads(g, part, withHeads(g.type(part), count).shape as [Dim, Dim, Dim, Dim]);
    return [joinedHeads(g, g.op('attention', [split(q, heads), split(k, shared), split(v, shared), mask], { causal, scale }))];
  },
  forms: [
    {
      // The transposes around an attention with heads of their own cost an encoder the size of BERT-base 3 % at 16 positions, and smaller ones more.
      name: 'ONNX Attention with three axes',
      fits: (on, { q, k, v, mask }, { heads, kv_heads: shared, scale }) =>
        isKnown([heads, shared]) &&
        isPortable(on.target, 'Attention', 'f32', 'rank=3') &&
        standardAttention.fits(on, { q, k, v, mask }, { causal: false, scale }),
      onnx: (g, { q, k, v, mask: given }, { heads, kv_heads: shared, causal, scale }, y, operators) => {
        const [batch, queries, joined] = only(y).shape as [Dim, Dim, Dim];
        const { added, empty, isCausal } = addedMask(operators, q, given, { causal, queries, keys: nth(g.type(k).shape, 1) });
        const attrs = {
          q_num_heads: { int: concrete(heads) },
          kv_num_heads: { int: concrete(shared) },
          is_causal: { int: isCausal ? 1 : 0 },
          scale: scale === undefined ? undefined : { float: scale },
        };
        const result = only(g.node('Attention', [q, k, v, added], attrs, y));
        return [zeroJoined(operators, result, empty, [batch, heads, queries, joined.floorDiv(heads)])];
      },
    },
  ],
  grad: 'by-lowering',
  samples: [
    {
      inputs: { q: floats32([2, 3, 8]), k: floats32([2, 5, 8]), v: floats32([2, 5, 12]) },
      attrs: { heads: Dim.of(2), kv_heads: Dim.of(2) },
    },
    {
      inputs: { q: floats32([2, 4, 6]), k: floats32([2, 4, 6]), v: floats32([2, 4, 6]) },
      attrs: { heads: Dim.of(3), kv_heads: Dim.of(3), causal: true, scale: 0.3 },
    },
    // Four query heads share two key heads.
    {
      inputs: { q: floats32([2, 3, 16]), k: floats32([2, 5, 8]), v: floats32([2, 5, 6]), mask: floats32([2, 1, 3, 5]) },
      attrs: { heads: Dim.of(4), kv_heads: Dim.of(2) },
    },
    // No key is left for the second batch element.
    {
      inputs: {
        q: floats32([2, 3, 4]),
        k: floats32([2, 3, 4]),
        v: floats32([2, 3, 4]),
        mask: exactly('bool', [2, 1, 1, 3], [0, 1, 1, 0, 0, 0]),
      },
      attrs: { heads: Dim.of(2), kv_heads: Dim.of(2), causal: true },
    },
    // A row of one of the heads is empty.
    {
      inputs: {
        q: floats32([1, 2, 4]),
        k: floats32([1, 2, 4]),
        v: floats32([1, 2, 4]),
        mask: exactly('f32', [2, 2, 2], [0, -Infinity, 0.5, 1, -Infinity, -Infinity, 0, 0]),
      },
      attrs: { heads: Dim.of(2), kv_heads: Dim.of(2) },
    },
  ],
});
