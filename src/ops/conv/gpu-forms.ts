import { Dim } from '../../dims/dim.js';
import { isPortable } from '../capabilities/capability.js';
import { nth, only } from '../only.js';
import type { OnnxBuilder } from '../onnx-builder.js';
import { reshapeNode } from '../shape/reshape-target.js';
import { concrete } from '../sizes.js';
import type { Shape, TensorType } from '../types.js';
import type { WindowAxis } from '../window.js';

/** A convolution of either direction without its bias, and its required output. */
export interface PlainConv<V> {
  readonly x: V;
  readonly weight: V;
  readonly y: TensorType;
}

/** Adds a bias to the channels of `y`. */
export function withBias<V>(g: OnnxBuilder<V>, y: V, bias: V | undefined): V {
  if (bias === undefined) return y;
  const type = g.type(y);
  const column = [nth(type.shape, 1), ...new Array<Dim>(type.shape.length - 2).fill(Dim.one)];
  return only(g.node('Add', [y, reshapeNode(g, bias, column)], {}, [type]));
}

/** Convolves one group of channels after the other with `one`, and joins the results. For kernels that do not support groups. */
export function groupByGroup<V>(g: OnnxBuilder<V>, { x, weight, y }: PlainConv<V>, groups: number, one: (part: PlainConv<V>) => V): V {
  if (groups === 1) return one({ x, weight, y });
  const channels = nth(y.shape, 1).floorDiv(groups);
  const type = { dtype: y.dtype, shape: withSecond(y.shape, channels) };
  const parts = Array.from({ length: groups }, (_, i) =>
    one({ x: share(g, x, 1, groups, i), weight: share(g, weight, 0, groups, i), y: type }),
  );
  return only(g.node('Concat', parts, { axis: { int: 1 } }, [y]));
}

/** Part `index` of `count` equal parts of an axis. */
function share<V>(g: OnnxBuilder<V>, v: V, axis: number, count: number, index: number): V {
  const { dtype, shape } = g.type(v);
  // The channels of a weight gradient are a batch, whose size may be known only at run time.
  const size = nth(shape, axis).floorDiv(count);
  const type = { dtype, shape: shape.map((old, i) => (i === axis ? size : old)) };
  return only(g.node('Slice', [v, g.dims([size.mul(index)]), g.dims([size.mul(index + 1)]), g.ints([axis])], {}, [type]));
}

function withSecond(shape: Shape, size: Dim | number): Shape {
  return shape.map((old, i) => (i !== 1 ? old : typeof size === 'number' ? Dim.of(size) : size));
}

/**
 * Whether WebGPU may compute a convolution without groups wrongly: one with more than 3 input channels, their number divisible by 3 but not by 4, and a number of output channels divisible by 4. In the
 * gradient of a filter, the input channels are the batch, whose size may be known only at run time.
 */
export function mayBeInThirds<V>(g: OnnxBuilder<V>, { x, y }: PlainConv<V>, axes: readonly WindowAxis[]): boolean {
  const isPointwise = axes.every(({ kernel, stride }) => kernel.constant === 1 && stride.constant === 1);
  const [channels, outputs] = [nth(g.type(x).shape, 1), nth(y.shape, 1)].map((size) => size.constant);
  const isFine = channels !== undefined && (channels <= 3 || channels % 3 !== 0 || channels % 4 === 0);
  if (isPointwise || isFine || (outputs !== undefined && outputs % 4 !== 0)) return false;
  return !isPortable(g.target, 'Conv', 'f32', `rank=${y.shape.length}`, 'thirds');
}

/** The same convolution, with channels of zeros added to make their number a multiple of 4. */
export function withWholeQuads<V>(g: OnnxBuilder<V>, { x, weight, y }: PlainConv<V>): PlainConv<V> {
  const filled = (v: V): V => {
    const { dtype, shape } = g.type(v);
    const channels = nth(shape, 1);
    const whole = channels.add(3).floorDiv(4).mul(4);
    const amounts = [...shape.map(() => Dim.zero), ...shape.map((_, axis) => (axis === 1 ? whole.sub(channels) : Dim.zero))];
    return only(g.node('Pad', [v, g.dims(amounts), g.scalar(0, dtype)], {}, [{ dtype, shape: withSecond(shape, whole) }]));
  };
  return { x: filled(x), weight: filled(weight), y };
}

/** A transposed convolution whose groups have one output channel each: a second channel of zeros is added and then dropped. */
export function withSpareChannel<V>(g: OnnxBuilder<V>, { x, weight, y }: PlainConv<V>, transposed: (part: PlainConv<V>) => V): V {
  const { dtype, shape } = g.type(weight);
  const zeros = only(g.node('Mul', [weight, g.scalar(0, dtype)], {}, [{ dtype, shape }]));
  const filters = only(g.node('Concat', [weight, zeros], { axis: { int: 1 } }, [{ dtype, shape: withSecond(shape, 2) }]));
  const channels = concrete(nth(y.shape, 1));
  const wide = transposed({ x, weight: filters, y: { dtype, shape: withSecond(y.shape, 2 * channels) } });
  return only(g.node('Slice', [wide, g.ints([0]), g.ints([2 * channels]), g.ints([1]), g.ints([2])], {}, [y]));
}

/**
 * A transposed convolution without groups as a convolution: `x` with `stride - 1` zeros after each position, and the filter mirrored. The
 * axes are those of the mirrored convolution, on the output.
 */
export function transposedByStuffing<V>(g: OnnxBuilder<V>, { x, weight, y }: PlainConv<V>, axes: readonly WindowAxis[]): V {
  let stuffed = x;
  for (const [i, axis] of axes.entries()) stuffed = withZerosBetween(g, stuffed, i + 2, concrete(axis.stride));
  const { dtype, shape } = g.type(weight);
  const [from, to] = [nth(shape, 0), nth(shape, 1)];
  const turned = [to, from, ...shape.slice(2)];
  const perm = { ints: [1, 0, ...axes.map((_, i) => i + 2)] };
  const filters = mirrored(g, only(g.node('Transpose', [weight], { perm }, [{ dtype, shape: turned }])));
  const pads = axes.map((axis) => {
    const side = axis.kernel.sub(1).mul(axis.dilation);
    const begin = side.sub(axis.begin);
    // The padding that is missing for the windows to give exactly the required size.
    return { begin, end: axis.input.sub(axis.output.mul(axis.stride)).sub(begin).add(side) };
  });
  const amounts = [Dim.zero, Dim.zero, ...pads.map((p) => p.begin), Dim.zero, Dim.zero, ...pads.map((p) => p.end)];
  const sides = g.type(stuffed).shape.map((size, i) => size.add(nth(amounts, i)).add(nth(amounts, i + axes.length + 2)));
  const padded = only(g.node('Pad', [stuffed, g.dims(amounts), g.scalar(0, dtype)], {}, [{ dtype, shape: sides }]));
  return only(g.node('Conv', [padded, filters], { dilations: { ints: axes.map((axis) => concrete(axis.dilation)) } }, [y]));
}

/** `[.., n, ..]` to `[.., n*stride, ..]`, each position followed by zeros. */
function withZerosBetween<V>(g: OnnxBuilder<V>, x: V, axis: number, stride: number): V {
  if (stride === 1) return x;
  const { dtype, shape } = g.type(x);
  const before = [...shape.slice(0, axis + 1), Dim.one, ...shape.slice(axis + 1)];
  const after = before.map((size, i) => (i === axis + 1 ? Dim.of(stride) : size));
  const apart = reshapeNode(g, x, before);
  const amounts = [...before.map(() => 0), ...before.map((_, i) => (i === axis + 1 ? stride - 1 : 0))];
  const padded = only(g.node('Pad', [apart, g.ints(amounts), g.scalar(0, dtype)], {}, [{ dtype, shape: after }]));
  return reshapeNode(
    g,
    padded,
    shape.map((size, i) => (i === axis ? size.mul(stride) : size)),
  );
}

/** All spatial axes reversed. */
function mirrored<V>(g: OnnxBuilder<V>, weight: V): V {
  const axes = g
    .type(weight)
    .shape.slice(2)
    .map((_, i) => i + 2);
  const all = (value: number) => g.ints(axes.map(() => value));
  // The end is before position 0, which -1 would not be.
  return only(g.node('Slice', [weight, all(-1), all(Number.MIN_SAFE_INTEGER), g.ints(axes), all(-1)], {}, [g.type(weight)]));
}
