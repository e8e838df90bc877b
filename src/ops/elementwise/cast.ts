import { dtypeAttr } from '../attrs.js';
import { core } from '../define.js';
import { mapped } from '../nd/map.js';
import { roundNumber } from '../nd/round.js';
import { only } from '../only.js';
import { castNode } from '../onnx-cast.js';
import { bools, exactly, floats32, ints64 } from '../sample.js';
import { noFlops } from '../sizes.js';
import { isFloat } from '../types.js';

export const cast = core({
  name: 'cast',
  family: 'elementwise',
  doc: {
    summary: 'The same values in another element type; toward zero from floats to integers, `true` for all but 0 as booleans.',
    example: 'x -> cast(f16)',
    source: 'ONNX Cast, torch.Tensor.to',
  },
  inputs: { x: 'any tensor of numbers or booleans' },
  attrs: { dtype: dtypeAttr('the new element type') },
  outputs: ['y'],
  infer: (rule, { x }, { dtype }) => {
    for (const [type, place] of [
      [x.dtype, { input: 'x' }],
      [dtype, { attr: 'dtype' }],
    ] as const) {
      if (type === 'string') rule.fail('dtype-mismatch', { message: '`cast` converts numbers and booleans, not strings', ...place });
    }
    return [{ dtype, shape: x.shape }];
  },
  flops: noFlops,
  isIdentity: ({ x }, { dtype }) => x.dtype === dtype,
  onnx: (g, { x }, { dtype }, y) => [g.type(x).dtype === dtype ? only(g.node('Identity', [x], {}, y)) : castNode(g, x, dtype)],
  // Floats stay in float64: the caller rounds.
  evaluate: ({ x }, { dtype }) => [mapped(x, (value) => (isFloat(dtype) ? value : roundNumber(dtype, value)), dtype)],
  // dx = dy in the element type of x; nothing flows through integers and booleans
  grad: (g, { x: { x }, y, dy }) => {
    const from = g.type(x).dtype;
    return isFloat(from) && isFloat(g.type(only(y)).dtype) ? { x: g.cast(only(dy), from) } : {};
  },
  samples: [
    { inputs: { x: floats32([2, 3], -3, 3) }, attrs: { dtype: 'f64' } },
    { inputs: { x: floats32([2, 3], -3, 3) }, attrs: { dtype: 'f16' }, tolerance: { relative: 1e-3, because: 'f16 has 11 bits' } },
    { inputs: { x: exactly('f32', [5], [-1.5, -0.5, 0, 0.5, 2.75]) }, attrs: { dtype: 'i64' } },
    { inputs: { x: exactly('f32', [3], [-0.5, 0, 2]) }, attrs: { dtype: 'bool' } },
    { inputs: { x: ints64([], -9, 9) }, attrs: { dtype: 'f32' } },
    { inputs: { x: ints64([4], -9, 9) }, attrs: { dtype: 'i32' } },
    { inputs: { x: bools([6]) }, attrs: { dtype: 'f32' } },
    { inputs: { x: floats32([3]) }, attrs: { dtype: 'f32' } },
  ],
});
