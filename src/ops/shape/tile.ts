import { Dim } from '../../dims/dim.js';
import { dimsAttr } from '../attrs.js';
import { core } from '../define.js';
import { pick, positionOf } from '../index-space.js';
import { stridesOf } from '../nd/array.js';
import { only } from '../only.js';
import { floats32, ints64 } from '../sample.js';
import { concrete, noFlops } from '../sizes.js';

export const tile = core({
  name: 'tile',
  family: 'shape',
  doc: {
    summary: 'Repeats the whole tensor along its axes.',
    example: 'tile(x, repeats = [2, 3])',
    source: 'ONNX Tile, torch.tile',
  },
  inputs: { x: 'any tensor' },
  attrs: { repeats: dimsAttr('how often along each axis') },
  outputs: ['y'],
  infer: (rule, { x }, { repeats }) => {
    if (repeats.length !== x.shape.length) {
      rule.fail('bad-option', {
        message: `tile needs one number of repeats for each axis: \`x\` has ${x.shape.length}, \`repeats\` ${repeats.length}`,
        attr: 'repeats',
      });
    }
    for (const times of repeats) {
      rule.atLeast(times, 0, () => ({ message: `tile cannot repeat an axis ${times} times`, attr: 'repeats' }));
    }
    return [{ dtype: x.dtype, shape: x.shape.map((size, axis) => size.mul(repeats[axis] ?? 1)) }];
  },
  flops: noFlops,
  onnx: (g, { x }, { repeats }, y) => g.node('Tile', [x, g.dims(repeats)], {}, [only(y)]),
  evaluate: ({ x }, { repeats }) => {
    const strides = stridesOf(x.shape);
    const shape = x.shape.map((size, axis) => size * concrete(repeats[axis] ?? Dim.of(1)));
    return [
      pick(x, shape, (index) =>
        positionOf(
          index.map((i, axis) => i % (x.shape[axis] ?? 1)),
          strides,
        ),
      ),
    ];
  },
  // dx = sum of the copies: dy as [r_0, d_0, r_1, d_1, ...] summed over every r
  grad: (g, { x: { x }, dy, attrs }) => {
    const shape = g.shape(x);
    const copies = g.reshape(
      only(dy),
      shape.flatMap((size, axis) => [attrs.repeats[axis] ?? Dim.of(1), size]),
    );
    return {
      x:
        shape.length === 0
          ? only(dy)
          : g.sum(
              copies,
              [...shape.keys()].map((axis) => 2 * axis),
            ),
    };
  },
  samples: [
    { inputs: { x: floats32([1, 2]) }, attrs: { repeats: [2, 3].map(Dim.of) } },
    { inputs: { x: floats32([2, 1, 3]) }, attrs: { repeats: [1, 2, 2].map(Dim.of) } },
    { inputs: { x: ints64([3], 0, 9) }, attrs: { repeats: [Dim.of(2)] } },
  ],
});
