import { Dim } from '../../dims/dim.js';
import { bool, float, optionalAttr, size } from '../attrs.js';
import { composite, optional } from '../define.js';
import { nth, only } from '../only.js';
import { demandOption } from '../option-bounds.js';
import { exactly, floats32 } from '../sample.js';
import { concrete, isKnown, product } from '../sizes.js';
import { attention } from './attention.js';
import { demandMask } from './demands.js';
import { areNeverEmpty, isAddedExactly, isPositive, kernelMask, zeroJoined } from './joined.js';

export const packedAttention = composite({
  name: 'packed_attention',
  family: 'attention',
  doc: {
    summary: 'Self-attention with its projections: queries, keys and values are products with one weight.',
    example: 'packed_attention(x, weight, bias, heads = 2)',
    source: 'com.microsoft.Attention',
  },
  inputs: {
    x: '`[N, T, C]`',
    weight: 'of the projections, one beside the other: `[C, 3*h*d]`',
    bias: '`[3*h*d]`',
    mask: optional('`bool[N|1, h|1, T|1, T]`, true where a query may attend to a key; or floats that are added to the products'),
  },
  attrs: {
    heads: size('the number of heads, h'),
    causal: bool('query i attends to keys 0 to i only', false),
    scale: optionalAttr(float('factor of the products; 1/sqrt(d) if left out')),
  },
  outputs: ['y'],
  infer: (rule, { x, weight, bias, mask }, { heads }) => {
    rule.dtype('x', x, 'float');
    rule.rank('x', x, 3, '[N, T, C]');
    rule.rank('weight', weight, 2, '[C, 3*h*d]');
    rule.rank('bias', bias, 1, '[3*h*d]');
    rule.sameDtype('x', x, 'weight', weight);
    rule.sameDtype('x', x, 'bias', bias);
    const [batch, rows, channels] = [nth(x.shape, 0), nth(x.shape, 1), nth(x.shape, 2)];
    const [from, to] = [nth(weight.shape, 0), nth(weight.shape, 1)];
    rule.equal(from, channels, () => ({ message: `the projections take ${from} channels, but \`x\` has ${channels}`, input: 'weight' }));
    rule.equal(nth(bias.shape, 0), to, () => ({
      message: `the projections make ${to} channels, but \`bias\` has ${bias.shape[0]}`,
      input: 'bias',
    }));
    demandOption(rule, 'heads', heads, 1);
    rule.divides(heads.mul(3), to, () => ({
      message: `${to} channels are not queries, keys and values of ${heads} heads`,
      input: 'weight',
    }));
    rule.atLeast(to, heads.mul(3), () => ({ message: 'attention has no scores for heads of width 0', input: 'weight' }));
    if (mask !== undefined) demandMask(rule, x, mask, [batch, heads, rows, rows]);
    return [{ dtype: x.dtype, shape: [batch, rows, to.floorDiv(3)] }];
  },
  flops: ({ x, weight, mask }, { heads, causal, scale }, y) => {
    const [batch, rows, joined] = only(y).shape as [Dim, Dim, Dim];
    const part = { dtype: x.dtype, shape: [batch, heads, rows, joined.floorDiv(heads)] };
    const projections = product(x.shape)
      .mul(2)
      .mul(nth(weight.shape, 1))
      .add(product([batch, rows, nth(weight.shape, 1)]));
    return projections.add(attention.flops({ q: part, k: part, v: part, mask }, { causal, scale, dropout: 0 }, y));
  },
  lower: (g, { x, weight, bias, mask }, { heads, causal, scale }, y) => {
    const [batch, rows, joined] = only(y).shape as [Dim, Dim, Dim];
    const parts = g.call('split', [g.add(g.matmul(x, weight), bias)], { parts: 3, axis: -1 });
    const [q, k, v] = parts.map((part) => g.transpose(g.reshape(part, [batch, rows, heads, joined.floorDiv(heads)]), [0, 2, 1, 3]));
    const result = g.op('attention', [q, k, v, mask], { causal, scale });
    return [g.reshape(g.transpose(result, [0, 2, 1, 3]), [batch, rows, joined])];
  },
  forms: [
    {
      // On the CPU, the definition is just as fast, and faster with the attention of opset 23.
      name: 'com.microsoft.Attention',
      targets: ['webgpu'],
      fits: (_on, { x, weight, mask }, { heads, scale }) =>
        isKnown([heads]) && x.dtype !== 'f64' && isPositive(scale) && isAddedExactly(x, mask) && areNeverEmpty(x, weight),
      onnx: (g, { x, weight, bias, mask: given }, { heads, causal, scale }, y, operators) => {
        const [batch, rows, joined] = only(y).shape as [Dim, Dim, Dim];
        const { added, empty, isUnidirectional } = kernelMask(operators, x, given, { causal, queries: rows, keys: rows });
        const attrs = {
          num_heads: { int: concrete(heads) },
          scale: scale === undefined ? undefined : { float: scale },
          unidirectional: isUnidirectional ? { int: 1 } : undefined,
        };
        // Without a bias, ONNX Runtime 1.30 crashes the process; with `mask_index`, the node leaves the GPU.
        const result = only(g.node('Attention', [x, weight, bias, null, null, added], attrs, y, 'com.microsoft'));
        return [zeroJoined(operators, result, empty, [batch, heads, rows, joined.floorDiv(heads)])];
      },
    },
  ],
  grad: 'by-lowering',
  samples: [
    { inputs: { x: floats32([2, 3, 5]), weight: floats32([5, 24], -1, 1), bias: floats32([24]) }, attrs: { heads: Dim.of(2) } },
    {
      inputs: { x: floats32([2, 4, 8]), weight: floats32([8, 18], -1, 1), bias: floats32([18]) },
      attrs: { heads: Dim.of(3), causal: true },
    },
    {
      inputs: { x: floats32([1, 3, 8]), weight: floats32([8, 24], -1, 1), bias: floats32([24]), mask: floats32([2, 3, 3]) },
      attrs: { heads: Dim.of(2), scale: 0.3 },
    },
    {
      inputs: {
        x: floats32([2, 3, 4]),
        weight: floats32([4, 12], -1, 1),
        bias: floats32([12]),
        mask: exactly('bool', [2, 1, 1, 3], [0, 1, 1, 1, 0, 0]),
      },
      attrs: { heads: Dim.of(1), causal: true },
    },
    // A row of one of the heads is empty.
    {
      inputs: {
        x: floats32([1, 2, 4]),
        weight: floats32([4, 24], -1, 1),
        bias: floats32([24]),
        mask: exactly('f32', [2, 2, 2], [0, -Infinity, 0.5, 1, -Infinity, -Infinity, 0, 0]),
      },
      attrs: { heads: Dim.of(2) },
    },
  ],
});
