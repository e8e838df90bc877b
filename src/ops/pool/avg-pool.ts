import { Dim } from '../../dims/dim.js';
import { bool, optionalAttr, padding, positional, sizes, type Values } from '../attrs.js';
import type { Builder } from '../builder.js';
import { inputGradient } from '../conv/adjoint.js';
import { core } from '../define.js';
import { ndArray } from '../nd/array.js';
import { nth, only } from '../only.js';
import type { OnnxBuilder } from '../onnx-builder.js';
import { floats32, type Sample } from '../sample.js';
import { expandNode } from '../shape/expand-node.js';
import { concrete, product } from '../sizes.js';
import type { NdArray, TensorType } from '../types.js';
import { concreteAxes, padNode, padSpatial, padsOf, sizesOf, tapTable, type WindowAxis } from '../window.js';
import { hangover, inferPool, kernelOf, poolAxes, windowSize } from './pooling.js';

const inputs = { x: 'images, channels on axis 1: `[N, C, ..]`' };

const attrs = {
  kernel: sizes('side of the window, for all axes or one each'),
  stride: positional(optionalAttr(sizes('how far the window moves; its own side if left out'))),
  padding: positional(padding('`"same"`, `"valid"`, one size, one an axis, or all begins and all ends', [Dim.zero])),
  ceil_mode: positional(bool('also take a last window that extends beyond the end', false)),
  count_include_pad: positional(bool('count the padding as zeros; else average over real elements only', true)),
};

type AvgPoolAttrs = Values<typeof attrs>;

/** The mean of each window over `count` spatial axes. */
function avgPool(count: 1 | 2 | 3, samples: readonly Sample<typeof inputs, typeof attrs>[]) {
  return core({
    name: `avg_pool${count}d`,
    family: 'pool',
    doc: {
      summary: 'Takes the mean of each window.',
      example: `x -> avg_pool${count}d(2)`,
      source: `torch.nn.functional.avg_pool${count}d, ONNX AveragePool`,
    },
    inputs,
    attrs,
    outputs: ['y'],
    infer: (rule, { x }, attrs) => inferPool(rule, count, x, attrs),
    flops: (_x, attrs, y) => product(only(y).shape).mul(windowSize(attrs.kernel, count).add(1)),
    onnx: (g, { x }, attrs, y) => [averageNode(g, x, poolAxes(g.type(x).shape, attrs), attrs.count_include_pad, only(y))],
    evaluate: ({ x }, attrs) => [evaluateAvgPool(x, attrs)],
    // dx = the transposed convolution of dy/count with filters of ones, plane by plane
    grad: (g, { x: { x }, dy, attrs }) => {
      const axes = poolAxes(g.shape(x), attrs);
      const [batch, channels] = [nth(g.shape(x), 0), nth(g.shape(x), 1)];
      const share = g.div(only(dy), counts(g, axes, attrs.count_include_pad, g.type(x).dtype));
      const planes = g.reshape(share, [batch.mul(channels), Dim.one, ...axes.map((axis) => axis.output)]);
      const ones = g.constant(filled(g.type(x).dtype, [1, 1, ...kernelOf(axes)]));
      return { x: g.reshape(inputGradient(g, planes, ones, axes, Dim.one), g.shape(x)) };
    },
    samples,
  });
}

export const avgPool1d = avgPool(1, [
  { inputs: { x: floats32([2, 3, 8]) }, attrs: { kernel: sizesOf(2) } },
  { inputs: { x: floats32([1, 2, 9]) }, attrs: { kernel: sizesOf(3), stride: sizesOf(2), padding: sizesOf(1, 0) } },
]);

export const avgPool2d = avgPool(2, [
  { inputs: { x: floats32([1, 2, 2, 3]) }, attrs: { kernel: sizesOf(4, 3), stride: sizesOf(3, 2), ceil_mode: true } },
  { inputs: { x: floats32([2, 3, 6, 4]) }, attrs: { kernel: sizesOf(2) } },
  { inputs: { x: floats32([2, 2, 8, 7]) }, attrs: { kernel: sizesOf(3), stride: sizesOf(2), padding: sizesOf(1) } },
  {
    inputs: { x: floats32([2, 2, 8, 7]) },
    attrs: { kernel: sizesOf(3), stride: sizesOf(2), padding: sizesOf(1), count_include_pad: false },
  },
  { inputs: { x: floats32([1, 2, 7, 6]) }, attrs: { kernel: sizesOf(3, 2), stride: sizesOf(1, 2), padding: sizesOf(1, 0, 0, 1) } },
  { inputs: { x: floats32([1, 2, 6, 7]) }, attrs: { kernel: sizesOf(3), stride: sizesOf(2), ceil_mode: true } },
  // PyTorch counts the padding, but not what extends beyond it.
  { inputs: { x: floats32([1, 2, 6, 7]) }, attrs: { kernel: sizesOf(4), stride: sizesOf(3), padding: sizesOf(1), ceil_mode: true } },
  {
    inputs: { x: floats32([1, 2, 6, 7]) },
    attrs: { kernel: sizesOf(4), stride: sizesOf(3), padding: sizesOf(1), ceil_mode: true, count_include_pad: false },
  },
  { inputs: { x: floats32([1, 1, 5, 5]) }, attrs: { kernel: sizesOf(2), stride: sizesOf(3), padding: sizesOf(1), ceil_mode: true } },
  { inputs: { x: floats32([1, 2, 7, 8]) }, attrs: { kernel: sizesOf(3), stride: sizesOf(2), padding: 'same', count_include_pad: false } },
]);

export const avgPool3d = avgPool(3, [
  { inputs: { x: floats32([1, 2, 4, 6, 5]) }, attrs: { kernel: sizesOf(2, 3, 2), stride: sizesOf(2), padding: sizesOf(0, 1, 1) } },
]);

/** AveragePool with a plain divisor if ONNX has one; otherwise zeros are padded beforehand and the count is corrected. */
function averageNode<V>(g: OnnxBuilder<V>, x: V, axes: readonly WindowAxis[], includePad: boolean, y: TensorType): V {
  const over = axes.map((axis) => ({ begin: Dim.zero, end: hangover(axis) }));
  const all = axes.map((axis) => ({ begin: axis.begin, end: axis.end.add(hangover(axis)) }));
  const isOver = over.some(({ end }) => end.constant !== 0);
  const pads = padsOf(all);
  if (pads === undefined) return countedAverage(g, x, axes, includePad, y);
  if (!isOver || !includePad) return averagePoolNode(g, x, axes, pads, includePad, y);
  const isPadded = axes.some((axis) => axis.begin.constant !== 0 || axis.end.constant !== 0);
  return averagePoolNode(g, isPadded ? padNode(g, x, axes, 0) : x, axes, padsOf(over) ?? [], false, y);
}

/** The mean over whole windows of padded `x`, divided by the mean over those of ones: for sizes that are known only at run time. */
function countedAverage<V>(g: OnnxBuilder<V>, x: V, axes: readonly WindowAxis[], includePad: boolean, y: TensorType): V {
  const all = axes.map((axis) => ({ begin: axis.begin, end: axis.end.add(hangover(axis)) }));
  const none = [...axes, ...axes].map(() => 0);
  const counted = includePad ? axes.map((axis) => ({ begin: Dim.zero, end: hangover(axis) })) : all;
  const shape = [Dim.one, Dim.one, ...axes.map((axis) => (includePad ? axis.input.add(axis.begin).add(axis.end) : axis.input))];
  const ones = expandNode(g, g.scalar(1, y.dtype), shape);
  const share = { dtype: y.dtype, shape: [Dim.one, Dim.one, ...y.shape.slice(2)] };
  const mean = averagePoolNode(g, padNode(g, x, all, 0), axes, none, true, y);
  const part = averagePoolNode(g, padNode(g, ones, counted, 0), axes, none, true, share);
  return only(g.node('Div', [mean, part], {}, [y]));
}

function averagePoolNode<V>(
  g: OnnxBuilder<V>,
  x: V,
  axes: readonly WindowAxis[],
  pads: readonly number[],
  includePad: boolean,
  y: TensorType,
): V {
  const nodeAttrs = {
    kernel_shape: { ints: kernelOf(axes) },
    strides: { ints: axes.map((axis) => concrete(axis.stride)) },
    pads: { ints: pads },
    count_include_pad: { int: includePad ? 1 : 0 },
  };
  return only(g.node('AveragePool', [x], nodeAttrs, [y]));
}

/** How many elements each window averages over, `[1, 1, *windows]`: a constant if the sizes are known, otherwise a convolution of ones. */
function counts<V>(g: Builder<V>, axes: readonly WindowAxis[], includePad: boolean, dtype: TensorType['dtype']): V {
  if (axes.every((axis) => axis.input.constant !== undefined)) {
    const each = windowCounts(concreteAxes(axes), includePad);
    return g.constant({ dtype, shape: [1, 1, ...axes.map((axis) => concrete(axis.output))], data: each });
  }
  const inside = axes.map((axis) => (includePad ? axis.input.add(axis.begin).add(axis.end) : axis.input));
  const ones = g.op('full', [], { shape: [Dim.one, Dim.one, ...inside], value: 1, dtype });
  const outside = axes.map((axis) =>
    includePad ? { begin: Dim.zero, end: hangover(axis) } : { begin: axis.begin, end: axis.end.add(hangover(axis)) },
  );
  const filter = g.constant(filled(dtype, [1, 1, ...kernelOf(axes)]));
  return g.op(`conv${axes.length}d`, [padSpatial(g, ones, outside), filter], { stride: axes.map((axis) => axis.stride) });
}

/** For each window, the number of elements it counts, which is the product of the counts along the axes. */
function windowCounts(axes: readonly WindowAxis<number>[], includePad: boolean): Float64Array {
  let result: readonly number[] = [1];
  for (const axis of axes) {
    const low = includePad ? -axis.begin : 0;
    const high = includePad ? axis.input + axis.end : axis.input;
    const along = Array.from({ length: axis.output }, (_, i) => {
      const start = i * axis.stride - axis.begin;
      return Math.min(start + axis.kernel, high) - Math.max(start, low);
    });
    result = result.flatMap((outer) => along.map((count) => outer * count));
  }
  return Float64Array.from(result);
}

function evaluateAvgPool(x: NdArray, attrs: AvgPoolAttrs): NdArray {
  const axes = concreteAxes(poolAxes(sizesOf(...x.shape), attrs));
  const table = tapTable(axes);
  const divisors = windowCounts(axes, attrs.count_include_pad);
  const y = ndArray(x.dtype, [...x.shape.slice(0, 2), ...axes.map((axis) => axis.output)]);
  for (let i = 0; i < y.data.length; i++) {
    const image = Math.floor(i / table.windows) * table.inputs;
    const window = i % table.windows;
    let sum = 0;
    for (let tap = window * table.taps; tap < (window + 1) * table.taps; tap++) {
      const source = table.source[tap] as number; // inside the table
      if (source >= 0) sum += x.data[image + source] as number;
    }
    y.data[i] = sum / (divisors[window] as number);
  }
  return y;
}

function filled(dtype: TensorType['dtype'], shape: readonly number[]): NdArray {
  const ones = ndArray(dtype, shape);
  ones.data.fill(1);
  return ones;
}
