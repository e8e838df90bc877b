import { Dim } from '../../dims/dim.js';
import { axis, dimsAttr, int, optionalAttr } from '../attrs.js';
import { fewOutputs } from '../capabilities/call-form.js';
import { isPortable } from '../capabilities/capability.js';
import { core } from '../define.js';
import { pick, positionOf } from '../index-space.js';
import { sizeOf, stridesOf } from '../nd/array.js';
import { only } from '../only.js';
import type { OnnxBuilder } from '../onnx-builder.js';
import type { Rule } from '../rule.js';
import { floats32, ints64 } from '../sample.js';
import { concrete, fromStart, noFlops, withSize } from '../sizes.js';
import type { NdArray, Shape, TensorType } from '../types.js';

export const split = core({
  name: 'split',
  family: 'shape',
  doc: {
    summary: 'Cuts a tensor along one axis into equal parts, or into parts of given sizes.',
    example: 'split(x, parts = 3, axis = 1)',
    source: 'ONNX Split, torch.split',
  },
  inputs: { x: 'any tensor of rank 1 or more' },
  attrs: {
    parts: optionalAttr(int('number of equal parts')),
    sizes: optionalAttr(dimsAttr('sizes of the parts, which add up to the size of the axis; instead of `parts`')),
    axis: axis('the axis to cut', 0),
  },
  outputs: ['part'],
  infer: (rule, { x }, { parts, sizes, axis }) => {
    rule.rank('x', x, { min: 1 }, '[..., size, ...]');
    const along = rule.axis(axis, x.shape.length, 'axis');
    return partSizes(rule, x.shape[along] ?? Dim.of(1), along, parts, sizes).map((size) => ({
      dtype: x.dtype,
      shape: withSize(x.shape, along, size),
    }));
  },
  flops: noFlops,
  onnx: (g, { x }, { axis }, y) => {
    const along = fromStart(axis, g.type(x).shape.length);
    const sizes = y.map((part) => part.shape[along] ?? Dim.of(1));
    if (y.length > fewOutputs && !isPortable(g.target, 'Split', 'f32', 'many-outputs')) return slices(g, x, along, sizes, y);
    return g.node('Split', [x, g.dims(sizes)], { axis: { int: along } }, y);
  },
  evaluate: ({ x }, { parts, sizes, axis }) => cut(x, fromStart(axis, x.shape.length), parts, sizes?.map(concrete)),
  // dx = concat(dy_0, dy_1, ...)
  grad: (g, { dy, attrs, x: { x } }) => ({ x: g.concat(dy, fromStart(attrs.axis, g.rank(x))) }),
  samples: [
    { inputs: { x: floats32([2, 6]) }, attrs: { parts: 3, axis: 1 } },
    { inputs: { x: floats32([5, 2]) }, attrs: { sizes: [1, 4].map(Dim.of) } },
    { inputs: { x: ints64([2, 3, 4], 0, 9) }, attrs: { sizes: [3, 0, 1].map(Dim.of), axis: -1 } },
    { inputs: { x: floats32([2, 12]) }, attrs: { parts: 12, axis: 1 } },
  ],
});

function partSizes(rule: Rule, whole: Dim, axis: number, parts: number | undefined, sizes: Shape | undefined): readonly Dim[] {
  if (parts !== undefined && sizes === undefined) {
    if (parts < 1) rule.fail('bad-option', { message: `split needs at least 1 part, not ${parts}`, attr: 'parts' });
    rule.divides(parts, whole, () => ({
      message: `axis ${axis} of size ${whole} cannot be split into ${parts} equal parts`,
      input: 'x',
      help: 'give `sizes = [...]` to split into unequal parts',
    }));
    return new Array<Dim>(parts).fill(whole.floorDiv(parts));
  }
  if (sizes === undefined || parts !== undefined || sizes.length === 0) {
    return rule.fail('bad-option', { message: 'split needs either `parts` or `sizes`', attr: parts === undefined ? 'sizes' : 'parts' });
  }
  const total = sizes.reduce((a, b) => a.add(b), Dim.of(0));
  rule.equal(whole, total, () => ({
    message: `the parts of split add up to ${total}, but axis ${axis} has size ${whole}`,
    input: 'x',
  }));
  for (const size of sizes) {
    rule.atLeast(size, 0, () => ({ message: `split cannot make a part of size ${size}`, attr: 'sizes' }));
  }
  return sizes;
}

function slices<V>(g: OnnxBuilder<V>, x: V, axis: number, sizes: readonly Dim[], y: readonly TensorType[]): readonly V[] {
  let start = Dim.of(0);
  return y.map((part, i) => {
    const end = start.add(sizes[i] ?? 0);
    const node = g.node('Slice', [x, g.dims([start]), g.dims([end]), g.ints([axis])], {}, [part]);
    start = end;
    return only(node);
  });
}

function cut(x: NdArray, axis: number, parts: number | undefined, sizes: readonly number[] | undefined): readonly NdArray[] {
  const strides = stridesOf(x.shape);
  const whole = x.shape[axis] ?? 1;
  let start = 0;
  return (sizes ?? new Array<number>(parts ?? 1).fill(whole / (parts ?? 1))).map((size) => {
    const shape = x.shape.map((old, i) => (i === axis ? size : old));
    const offset = start * (strides[axis] ?? 1);
    start += size;
    return sizeOf(shape) === 0
      ? { dtype: x.dtype, shape, data: new Float64Array(0) }
      : pick(x, shape, (index) => offset + positionOf(index, strides));
  });
}
