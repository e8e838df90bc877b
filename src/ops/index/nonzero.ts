import { Dim } from '../../dims/dim.js';
import { core } from '../define.js';
import { eachIndex } from '../index-space.js';
import { ndArray } from '../nd/array.js';
import { only } from '../only.js';
import { castNode } from '../onnx-cast.js';
import { bools, exactly, ints64 } from '../sample.js';
import { elements } from '../sizes.js';
import type { DType } from '../types.js';

/** What ONNX Runtime looks through without a conversion. */
const kernels: readonly DType[] = ['bool', 'f32', 'i32', 'i64', 'u8'];

export const nonzero = core({
  name: 'nonzero',
  family: 'index',
  doc: {
    summary: 'The positions of all elements that are not zero (or true), one row of coordinates for each, in the order of the elements.',
    example: 'nonzero(x) as [K, 2]',
    source: 'torch.nonzero. The result of ONNX NonZero is its transpose',
  },
  inputs: { x: 'booleans or numbers of rank 1 or more' },
  attrs: {},
  outputs: ['positions'],
  effects: 'new-size',
  infer: (rule, { x }) => {
    rule.rank('x', x, { min: 1 }, '[..., size]');
    rule.dtype('x', x, x.dtype === 'bool' ? 'bool' : 'number');
    return [{ dtype: 'i64', shape: [rule.newSize('found', 0, elements(x)), Dim.of(x.shape.length)] }];
  },
  flops: ({ x }) => elements(x),
  onnx: (g, { x }, _attrs, y) => {
    const { dtype, shape } = only(y);
    const given = kernels.includes(g.type(x).dtype) ? x : castNode(g, x, 'bool');
    const columns = only(g.node('NonZero', [given], {}, [{ dtype, shape: shape.toReversed() }]));
    return g.node('Transpose', [columns], { perm: { ints: [1, 0] } }, [{ dtype, shape }]);
  },
  evaluate: ({ x }) => {
    const rows: (readonly number[])[] = [];
    eachIndex(x.shape, (index, position) => {
      if (x.data[position] !== 0) rows.push([...index]);
    });
    return [ndArray('i64', [rows.length, x.shape.length], Float64Array.from(rows.flat()))];
  },
  grad: 'none',
  samples: [
    { inputs: { x: bools([3, 4]) } },
    { inputs: { x: exactly('f32', [6], [0, 0.5, -0, -2, Number.NaN, 0]) } },
    { inputs: { x: exactly('bool', [2, 2], [0, 0, 0, 0]) } },
    { inputs: { x: ints64([2, 3, 2], -1, 2) } },
    { inputs: { x: exactly('f16', [4], [0, 6e-8, 1, 0]) } },
    { inputs: { x: exactly('i8', [2, 2], [-1, 0, 0, 3]) } },
    { inputs: { x: bools([0, 3]) } },
  ],
});
