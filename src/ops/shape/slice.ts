import { Dim } from '../../dims/dim.js';
import { axes, dimsAttr, ints } from '../attrs.js';
import type { Builder } from '../builder.js';
import { isPortable } from '../capabilities/capability.js';
import { core } from '../define.js';
import { pick, positionOf } from '../index-space.js';
import { stridesOf } from '../nd/array.js';
import { only } from '../only.js';
import type { OnnxBuilder } from '../onnx-builder.js';
import type { Rule } from '../rule.js';
import { floats32, ints64 } from '../sample.js';
import { concrete, fromStart, noFlops, withSize } from '../sizes.js';
import type { Shape, TensorType } from '../types.js';
import { reversed } from './reversed.js';
import { onnxPositions, openEnd, type SliceRange, sliceRange } from './slice-range.js';

interface SliceAttrs {
  readonly axes: readonly number[];
  readonly starts: Shape;
  readonly ends: Shape;
  readonly steps: readonly number[];
}

export const slice = core({
  name: 'slice',
  family: 'shape',
  doc: {
    summary: 'Takes the positions from `starts` up to but not including `ends` on some axes, every `steps`-th of them.',
    example: 'slice(x, axes = [1], starts = [1], ends = [3])',
    source: 'ONNX Slice; unlike there, a position beyond the axis is an error',
  },
  inputs: { x: 'any tensor' },
  attrs: {
    axes: axes('the axes to cut'),
    starts: dimsAttr('first position on each axis; negative constants count from the end'),
    ends: dimsAttr(`first position not taken on each axis; ${openEnd} or more means to the end, its negative to the beginning`),
    steps: ints('distance between positions on each axis; negative ones go backward', []),
  },
  outputs: ['y'],
  infer: (rule, { x }, attrs) => [{ dtype: x.dtype, shape: slicedShape(rule, x.shape, attrs) }],
  flops: noFlops,
  onnx: (g, { x }, attrs, y) => {
    const ranges = rangesOf(g.type(x).shape, attrs);
    if (isPortable(g.target, 'Slice', 'f32', 'backward')) return [sliceNode(g, x, ranges, only(y))];
    const [cut, rest] = withBackwardAtEnd(g, x, ranges);
    return [sliceNode(g, cut, rest, only(y))];
  },
  evaluate: ({ x }, attrs) => {
    const ranges = rangesOf(x.shape.map(Dim.of), attrs);
    const strides = stridesOf(x.shape);
    const shape = x.shape.map((size, axis) => Number(ranges.get(axis)?.count.constant ?? size));
    const offset = [...ranges].reduce((sum, [axis, range]) => sum + concrete(range.start) * (strides[axis] ?? 1), 0);
    const steps = strides.map((stride, axis) => stride * (ranges.get(axis)?.step ?? 1));
    return [pick(x, shape, (index) => offset + positionOf(index, steps))];
  },
  // dx = zeros, with dy at the positions that were taken
  grad: (g, { x: { x }, dy, attrs }) => ({ x: embedded(g, only(dy), g.shape(x), rangesOf(g.shape(x), attrs)) }),
  samples: [
    { inputs: { x: floats32([2, 5]) }, attrs: { axes: [1], starts: [Dim.of(1)], ends: [Dim.of(3)] } },
    { inputs: { x: floats32([5, 4]) }, attrs: { axes: [0, -1], starts: [-3, 0].map(Dim.of), ends: [openEnd, -1].map(Dim.of) } },
    { inputs: { x: floats32([8, 2]) }, attrs: { axes: [0], starts: [Dim.of(1)], ends: [Dim.of(8)], steps: [3] } },
    { inputs: { x: floats32([6]) }, attrs: { axes: [0], starts: [Dim.of(-1)], ends: [Dim.of(-openEnd)], steps: [-2] } },
    { inputs: { x: floats32([7, 2]) }, attrs: { axes: [0], starts: [Dim.of(5)], ends: [Dim.of(1)], steps: [-3] } },
    { inputs: { x: ints64([3, 3], 0, 9) }, attrs: { axes: [1], starts: [Dim.of(2)], ends: [Dim.of(2)] } },
  ],
});

function slicedShape(rule: Rule, shape: Shape, attrs: SliceAttrs): Shape {
  const { axes, starts, ends, steps } = attrs;
  const count = axes.length;
  if (starts.length !== count || ends.length !== count || (steps.length !== 0 && steps.length !== count)) {
    rule.fail('bad-option', { message: `slice needs a start and an end for each of its ${count} axes`, attr: 'starts' });
  }
  if (steps.includes(0)) rule.fail('bad-option', { message: 'a slice cannot go in steps of 0', attr: 'steps' });
  const normal = axes.map((axis) => rule.axis(axis, shape.length, 'axes'));
  if (new Set(normal).size !== count) rule.fail('bad-axis', { message: 'slice names an axis twice', attr: 'axes' });
  let result = shape;
  for (const [axis, range] of rangesOf(shape, attrs)) {
    demandInside(rule, axis, shape[axis] ?? Dim.of(1), range);
    result = withSize(result, axis, range.count);
  }
  return result;
}

function demandInside(rule: Rule, axis: number, size: Dim, { start, end, step }: SliceRange): void {
  const [low, high] = step > 0 ? [start, end] : [end.add(1), start.add(1)];
  const written = step > 0 ? `${start}..${end}` : `${start} down to ${end}`;
  rule.atLeast(low, 0, () => ({
    message: `the slice ${written} of axis ${axis} begins before its first position`,
    attr: 'starts',
    help: `axis ${axis} has size ${size}`,
  }));
  rule.atLeast(size, high, () => ({
    message: `the slice ${written} ends beyond axis ${axis}, which has size ${size}`,
    attr: step > 0 ? 'ends' : 'starts',
  }));
  rule.atLeast(high, low, () => ({ message: `the slice ${written} of axis ${axis} ends before it starts`, attr: 'ends' }));
}

function rangesOf(shape: Shape, { axes, starts, ends, steps }: SliceAttrs): ReadonlyMap<number, SliceRange> {
  return new Map(
    axes.map((given, i) => {
      const axis = fromStart(given, shape.length);
      return [axis, sliceRange(shape[axis] ?? Dim.of(1), starts[i] ?? Dim.of(0), ends[i] ?? Dim.of(openEnd), steps[i] ?? 1)];
    }),
  );
}

function sliceNode<V>(g: OnnxBuilder<V>, x: V, ranges: ReadonlyMap<number, SliceRange>, type: TensorType): V {
  const { shape } = g.type(x);
  const positions = [...ranges].map(([axis, range]) => onnxPositions(shape[axis] ?? Dim.one, range));
  const inputs = [x, g.dims(positions.map((p) => p.start)), g.dims(positions.map((p) => p.end)), g.ints([...ranges.keys()])];
  const steps = [...ranges.values()].map((range) => range.step);
  return only(g.node('Slice', steps.every((step) => step === 1) ? inputs : [...inputs, g.ints(steps)], {}, [type]));
}

/**
 * The WebGPU kernel of ONNX Runtime 1.30 silently starts every backward slice at the last position. What follows the start is cut off
 * first, so that the start is the last position.
 */
function withBackwardAtEnd<V>(
  g: OnnxBuilder<V>,
  x: V,
  ranges: ReadonlyMap<number, SliceRange>,
): readonly [V, ReadonlyMap<number, SliceRange>] {
  const { dtype, shape } = g.type(x);
  const late = [...ranges].filter(([axis, { start, step }]) => step < 0 && !start.add(1).equals(shape[axis] ?? Dim.one));
  if (late.length === 0) return [x, ranges];
  const cuts = new Map(late.map(([axis, { start }]) => [axis, sliceRange(shape[axis] ?? Dim.one, Dim.zero, start.add(1), 1)]));
  const kept = shape.map((size, axis) => cuts.get(axis)?.count ?? size);
  return [sliceNode(g, x, cuts, { dtype, shape: kept }), ranges];
}

/** Zeros of `shape` that hold `part` at the positions of `ranges`. */
function embedded<V>(g: Builder<V>, part: V, shape: Shape, ranges: ReadonlyMap<number, SliceRange>): V {
  if (g.shape(part).some((size) => size.constant === 0)) {
    return g.op('full', [], { shape, value: 0, dtype: g.type(part).dtype });
  }
  const before = shape.map(() => Dim.of(0));
  const after = shape.map(() => Dim.of(0));
  const overrun: number[] = [];
  let y = part;
  for (const [axis, { start, step, count }] of ranges) {
    const size = shape[axis] ?? Dim.of(1);
    const stride = Math.abs(step);
    const first = step > 0 ? start : start.sub(count.sub(1).mul(stride));
    if (step < 0) y = reversed(g, y, axis);
    if (stride > 1) y = spread(g, y, axis, stride);
    const rest = size.sub(first).sub(count.mul(stride));
    before[axis] = first;
    // Zeros after the last position may extend past the end, by less than one stride.
    const runsOver = stride > 1 && (rest.constant === undefined || rest.constant < 0);
    after[axis] = runsOver ? rest.max(0) : rest;
    if (runsOver) overrun.push(axis);
  }
  y = g.op('pad', [y], { pads: [...before, ...after], axes: [...before.keys()] });
  for (const axis of overrun) y = g.slice(y, axis, 0, shape[axis] ?? Dim.of(1));
  return y;
}

/** Inserts `stride - 1` zeros after each position of an axis. */
function spread<V>(g: Builder<V>, x: V, axis: number, stride: number): V {
  const shape = g.shape(x);
  const apart = g.unsqueeze(x, [axis + 1]);
  const none = g.shape(apart).map(() => Dim.of(0));
  const padded = g.op('pad', [apart], { pads: [...none, ...withSize(none, axis + 1, Dim.of(stride - 1))], axes: [...none.keys()] });
  return g.reshape(padded, withSize(shape, axis, (shape[axis] ?? Dim.of(1)).mul(stride)));
}
