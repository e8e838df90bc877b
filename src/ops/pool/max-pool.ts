import { Dim } from '../../dims/dim.js';
import { bool, optionalAttr, padding, positional, sizes, type Values } from '../attrs.js';
import type { Builder } from '../builder.js';
import { inputGradient } from '../conv/adjoint.js';
import { core } from '../define.js';
import { lowestFinite } from '../float-limits.js';
import { ndArray } from '../nd/array.js';
import { nth, only } from '../only.js';
import type { OnnxBuilder } from '../onnx-builder.js';
import { floats32, type Sample } from '../sample.js';
import { concrete, product } from '../sizes.js';
import type { NdArray } from '../types.js';
import { concreteAxes, covered, padNode, padSpatial, padsOf, sizesOf, tapTable, type WindowAxis } from '../window.js';
import { hangover, inferPool, kernelOf, poolAxes, windowSize } from './pooling.js';

const inputs = { x: 'images, channels on axis 1: `[N, C, ..]`' };

const attrs = {
  kernel: sizes('side of the window, for all axes or one each'),
  stride: positional(optionalAttr(sizes('how far the window moves; its own side if left out'))),
  padding: positional(padding('`"same"`, `"valid"`, one size, one an axis, or all begins and all ends; padding never wins', [Dim.zero])),
  dilation: positional(sizes('distance between neighboring taps of the window', [Dim.one])),
  ceil_mode: positional(bool('also take a last window that extends beyond the end', false)),
};

type MaxPoolAttrs = Values<typeof attrs>;

/** The greatest element of each window over `count` spatial axes. */
function maxPool(count: 1 | 2 | 3, samples: readonly Sample<typeof inputs, typeof attrs>[]) {
  return core({
    name: `max_pool${count}d`,
    family: 'pool',
    doc: {
      summary: 'Takes the greatest element of each window.',
      example: `x -> max_pool${count}d(2)`,
      source: `torch.nn.functional.max_pool${count}d, ONNX MaxPool. ONNX Runtime may ignore NaN, which PyTorch returns`,
    },
    inputs,
    attrs,
    outputs: ['y'],
    infer: (rule, { x }, attrs) => inferPool(rule, count, x, attrs),
    flops: (_x, attrs, y) => product(only(y).shape).mul(windowSize(attrs.kernel, count)),
    onnx: (g, { x }, attrs, y) => {
      const { dtype, shape } = g.type(x);
      const axes = poolAxes(shape, attrs).map((axis) => ({ ...axis, end: axis.end.add(hangover(axis)) }));
      const pads = padsOf(axes);
      // ONNX Runtime refuses a padding as wide as the kernel, which holes (dilation) make possible.
      const fits = pads?.every((pad, i) => pad < concrete(nth(axes, i % count).kernel)) === true;
      const padded = fits ? x : padNode(g, x, axes, lowestFinite(dtype));
      const nodeAttrs = {
        kernel_shape: { ints: kernelOf(axes) },
        strides: { ints: axes.map((axis) => concrete(axis.stride)) },
        dilations: { ints: axes.map((axis) => concrete(axis.dilation)) },
        pads: { ints: fits ? pads : axes.flatMap(() => [0, 0]) },
      };
      const greatest = only(g.node('MaxPool', [padded], nodeAttrs, y));
      return [axes.some(mayMissAll) ? withoutElements(g, greatest) : greatest];
    },
    evaluate: ({ x }, attrs) => [evaluateMaxPool(x, attrs)],
    grad: (g, { x: { x }, y, dy, attrs }) => ({ x: maxPoolGradient(g, x, only(y), only(dy), poolAxes(g.shape(x), attrs)) }),
    samples,
  });
}

export const maxPool1d = maxPool(1, [
  { inputs: { x: floats32([2, 3, 8]) }, attrs: { kernel: sizesOf(2) } },
  { inputs: { x: floats32([1, 2, 9]) }, attrs: { kernel: sizesOf(3), stride: sizesOf(2), padding: sizesOf(1, 0) } },
]);

export const maxPool2d = maxPool(2, [
  { inputs: { x: floats32([1, 2, 2, 2], -3, -1) }, attrs: { kernel: sizesOf(3), stride: sizesOf(2), ceil_mode: true } },
  { inputs: { x: floats32([2, 3, 6, 4]) }, attrs: { kernel: sizesOf(2) } },
  { inputs: { x: floats32([2, 2, 8, 7]) }, attrs: { kernel: sizesOf(3), stride: sizesOf(2), padding: sizesOf(1) } },
  { inputs: { x: floats32([1, 2, 7, 6], -3, -1) }, attrs: { kernel: sizesOf(3, 2), stride: sizesOf(1, 2), padding: sizesOf(1, 0, 0, 1) } },
  {
    inputs: { x: floats32([1, 2, 9, 8]) },
    attrs: { kernel: sizesOf(2), stride: sizesOf(2), dilation: sizesOf(4, 2), padding: sizesOf(2, 1) },
  },
  { inputs: { x: floats32([1, 2, 7, 6]) }, attrs: { kernel: sizesOf(3), stride: sizesOf(2), ceil_mode: true } },
  // The last window would start in the padding: PyTorch omits it.
  { inputs: { x: floats32([1, 1, 5, 5]) }, attrs: { kernel: sizesOf(2), stride: sizesOf(3), padding: sizesOf(1), ceil_mode: true } },
  { inputs: { x: floats32([1, 1, 4, 7]) }, attrs: { kernel: sizesOf(2), stride: sizesOf(3), ceil_mode: true } },
  { inputs: { x: floats32([1, 2, 7, 8]) }, attrs: { kernel: sizesOf(3), stride: sizesOf(2), padding: 'same' } },
]);

export const maxPool3d = maxPool(3, [
  { inputs: { x: floats32([1, 2, 4, 6, 5]) }, attrs: { kernel: sizesOf(2, 3, 2), stride: sizesOf(2), padding: sizesOf(0, 1, 1) } },
]);

function evaluateMaxPool(x: NdArray, attrs: MaxPoolAttrs): NdArray {
  const axes = concreteAxes(poolAxes(sizesOf(...x.shape), attrs));
  const table = tapTable(axes);
  const y = ndArray(x.dtype, [...x.shape.slice(0, 2), ...axes.map((axis) => axis.output)]);
  for (let i = 0; i < y.data.length; i++) {
    const image = Math.floor(i / table.windows) * table.inputs;
    const first = (i % table.windows) * table.taps;
    let best = Number.NEGATIVE_INFINITY;
    for (let tap = first; tap < first + table.taps; tap++) {
      const source = table.source[tap] as number; // inside the table
      if (source >= 0) best = Math.max(best, x.data[image + source] as number);
    }
    y.data[i] = best;
  }
  return y;
}

/** Whether a window may lie entirely in the padding: the holes of its dilation are wider than the side. */
function mayMissAll({ input, dilation, begin, end }: WindowAxis): boolean {
  return (begin.constant !== 0 || end.constant !== 0) && input.bounds.min < concrete(dilation);
}

/** Minus infinity, the maximum of no elements, where ONNX Runtime gives the lowest finite number. */
function withoutElements<V>(g: OnnxBuilder<V>, y: V): V {
  const type = g.type(y);
  const limit = g.scalar(lowestFinite(type.dtype) * (1 - 2 ** -10), type.dtype);
  const none = only(g.node('Less', [y, limit], {}, [{ ...type, dtype: 'bool' }]));
  return only(g.node('Where', [none, g.scalar(Number.NEGATIVE_INFINITY, type.dtype), y], {}, [type]));
}

/** Padding with which the windows are inside; positions that no window reaches may remain. */
function coveringPads(axis: WindowAxis): Pick<WindowAxis, 'begin' | 'end'> {
  return { begin: axis.begin, end: covered(axis).sub(axis.input).max(0) };
}

/** All indices of a shape, in row-major order. */
function offsets(shape: readonly number[]): readonly (readonly number[])[] {
  return shape.reduce<readonly (readonly number[])[]>(
    (heads, count) => heads.flatMap((head) => Array.from({ length: count }, (_, i) => [...head, i])),
    [[]],
  );
}

/** The gradient of each window goes to its first element that equals the maximum: ties count once, as in PyTorch. */
function maxPoolGradient<V>(g: Builder<V>, x: V, y: V, dy: V, axes: readonly WindowAxis[]): V {
  return areBlocks(axes) ? blockGradient(g, x, y, dy, axes) : tapGradient(g, x, y, dy, axes);
}

/** Whether the windows are next to each other and cover the whole image, whose sides are numbers. */
function areBlocks(axes: readonly WindowAxis[]): boolean {
  return axes.every(({ kernel, stride, dilation, begin, end, input, output }) => {
    const isWhole = kernel.equals(stride) && dilation.constant === 1 && begin.constant === 0 && end.constant === 0;
    return isWhole && input.constant !== undefined && output.mul(kernel).equals(input);
  });
}

/** Every element gets the number of its place in the window, counted from the end, if it equals the maximum; the one with the greatest number gets the gradient. */
function blockGradient<V>(g: Builder<V>, x: V, y: V, dy: V, axes: readonly WindowAxis[]): V {
  const { dtype } = g.type(x);
  const kernel = kernelOf(axes);
  const spread = (v: V) => g.op('interpolate', [v], { scale: kernel });
  const places = ndArray(dtype, [1, 1, ...axes.map(({ input }) => concrete(input))]);
  const sides = places.shape.slice(2);
  for (let i = 0; i < places.data.length; i++) {
    let [rest, place, factor] = [i, 0, 1];
    for (let axis = sides.length - 1; axis >= 0; axis--) {
      const side = nth(sides, axis);
      place += ((rest % side) % nth(kernel, axis)) * factor;
      factor *= nth(kernel, axis);
      rest = Math.floor(rest / side);
    }
    places.data[i] = factor - place;
  }
  const candidates = g.mul(g.cast(g.equal(x, spread(y)), dtype), g.constant(places));
  const first = g.op(`max_pool${axes.length}d`, [candidates], { kernel: axes.map((axis) => axis.kernel) });
  // Much faster than `where` on ONNX Runtime's CPU. If dy is infinite, the others get NaN instead of 0; but then the first gets it, too.
  return g.mul(g.cast(g.equal(candidates, spread(first)), dtype), spread(dy));
}

/**
 * Tap by tap, the gradient of a window goes to its first element that equals the maximum (ties count once, as in PyTorch); a transposed
 * convolution with one-hot filters moves the taps back to their positions.
 */
function tapGradient<V>(g: Builder<V>, x: V, y: V, dy: V, axes: readonly WindowAxis[]): V {
  const { dtype, shape } = g.type(x);
  const padded = padSpatial(g, x, axes.map(coveringPads), lowestFinite(dtype));
  const planes = nth(shape, 0).mul(nth(shape, 1));
  const outputs = axes.map((axis) => axis.output);
  const zero = g.scalar(0, dtype);
  const taps = offsets(kernelOf(axes));
  const parts: V[] = [];
  let rest = dy;
  for (const tap of taps) {
    let seen = padded;
    for (const [i, axis] of axes.entries()) {
      const start = axis.dilation.mul(nth(tap, i));
      const end = start.add(axis.output.sub(1).mul(axis.stride)).add(1);
      seen = g.slice(seen, i + 2, start, end, concrete(axis.stride));
    }
    const part = g.where(g.equal(seen, y), rest, zero);
    rest = g.sub(rest, part);
    parts.push(g.reshape(part, [planes, Dim.one, ...outputs]));
  }
  const oneHot = ndArray(dtype, [taps.length, 1, ...kernelOf(axes)]);
  for (let i = 0; i < taps.length; i++) oneHot.data[i * taps.length + i] = 1;
  const dx = inputGradient(g, parts.length === 1 ? nth(parts, 0) : g.concat(parts, 1), g.constant(oneHot), axes, Dim.one);
  return g.reshape(dx, shape);
}
