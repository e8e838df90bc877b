import { Dim } from '../../dims/dim.js';
import { padding, positional, size, sizes, type Values } from '../attrs.js';
import { isPortable } from '../capabilities/capability.js';
import { type Bound, core, optional } from '../define.js';
import { ndArray } from '../nd/array.js';
import { nth, only } from '../only.js';
import type { OnnxBuilder } from '../onnx-builder.js';
import { demandCount, demandNotEmpty, demandOption } from '../option-bounds.js';
import { recode } from '../recode.js';
import type { Rule } from '../rule.js';
import { floats32, type Sample } from '../sample.js';
import { concrete, product } from '../sizes.js';
import type { NdArray, Shape } from '../types.js';
import { concreteAxes, demandWindowOptions, imageForm, perAxis, sizesOf, tapTable, type WindowAxis, windowAxes } from '../window.js';
import { biasGradient, transposedSize, weightGradient } from './adjoint.js';
import { demandBias, demandFilter, weightForm } from './channels.js';
import { groupByGroup, type PlainConv, transposedByStuffing, withBias, withSpareChannel } from './gpu-forms.js';

const inputs = {
  x: 'images, channels on axis 1: `[N, C, ..]`',
  weight: 'filters: `[C, O/groups, ..]`',
  bias: optional('one number per output channel: `[O]`'),
};

const attrs = {
  stride: positional(sizes('how far apart the filters are laid down, for all axes or one each', [Dim.one])),
  padding: positional(
    padding('how much is cut off at the sides: `"valid"` (nothing), one size, one an axis, or all begins and all ends', [Dim.zero]),
  ),
  output_padding: positional(
    sizes('how much is added at the end, where several input sizes of the mirrored convolution give one output size', [Dim.zero]),
  ),
  groups: positional(size('channels are split into this many groups that do not see each other', Dim.one)),
  dilation: positional(sizes('distance between neighboring taps of the filter', [Dim.one])),
};

type TransposeAttrs = Values<typeof attrs>;

/** The transpose (adjoint) of a convolution over `count` spatial axes. */
function convTranspose(count: 1 | 2 | 3, samples: readonly Sample<typeof inputs, typeof attrs>[]) {
  return core({
    name: `conv_transpose${count}d`,
    family: 'conv',
    doc: {
      summary: 'Places the filter at each position and sums the results: the transpose of a convolution, which makes images larger.',
      example: `x -> conv_transpose${count}d(weight, bias, stride = 2)`,
      source: `torch.nn.functional.conv_transpose${count}d, ONNX ConvTranspose`,
    },
    inputs,
    attrs,
    outputs: ['y'],
    infer: (rule, { x, weight, bias }, attrs) => {
      rule.dtype('x', x, 'float');
      rule.rank('x', x, count + 2, imageForm(count));
      rule.rank('weight', weight, count + 2, weightForm(count, 'C, O/groups'));
      rule.sameDtype('x', x, 'weight', weight);
      demandFilter(rule, weight);
      demandNotEmpty(rule, 'a transposed convolution', 'x', x);
      demandNotEmpty(rule, 'a transposed convolution', 'weight', weight);
      demandOptions(rule, count, attrs);
      const [batch, channels] = [nth(x.shape, 0), nth(x.shape, 1)];
      const [wanted, perGroup] = [nth(weight.shape, 0), nth(weight.shape, 1)];
      rule.equal(channels, wanted, () => ({
        message: `this transposed convolution needs ${wanted} input channels, but \`x\` has ${channels}`,
        input: 'x',
        wanted: [batch, wanted, ...x.shape.slice(2)],
        got: x.shape,
      }));
      rule.divides(attrs.groups, wanted, () => ({
        message: `${wanted} input channels do not split into ${attrs.groups} groups`,
        attr: 'groups',
      }));
      const outputs = perGroup.mul(attrs.groups);
      demandBias(rule, x, bias, outputs);
      const sides = axesOf(x.shape, weight.shape, attrs).map((axis) => axis.input);
      for (const side of sides) {
        rule.atLeast(side, 1, () => ({ message: `the padding cuts everything off: a side would have size ${side}`, attr: 'padding' }));
      }
      return [{ dtype: x.dtype, shape: [batch, outputs, ...sides] }];
    },
    flops: ({ x, weight, bias }, _attrs, y) => {
      const products = product(x.shape)
        .mul(product(weight.shape.slice(1)))
        .mul(2);
      return bias === undefined ? products : products.add(product(only(y).shape));
    },
    onnx: (g, { x, weight, bias }, attrs, y) => {
      const axes = axesOf(g.type(x).shape, g.type(weight).shape, attrs);
      const plain = gpuForm(g, { x, weight, y: only(y) }, axes, attrs);
      if (plain !== undefined) return [withBias(g, plain, bias)];
      return g.node('ConvTranspose', [x, weight, bias], nodeAttrs(axes, attrs), [only(y)]);
    },
    evaluate: ({ x, weight, bias }, attrs) => [evaluateTranspose({ x, weight, bias }, attrs)],
    // dx = conv(dy, weight); dweight is that of this convolution with x instead of its gradient
    grad: (g, { x: { x, weight, bias }, dy, attrs }) => {
      const axes = axesOf(g.shape(x), g.shape(weight), attrs);
      let dx = g.op(`conv${count}d`, [only(dy), weight], {
        stride: attrs.stride,
        padding: attrs.padding,
        dilation: attrs.dilation,
        groups: attrs.groups,
      });
      for (const [i, size] of g.shape(x).entries()) {
        if (i >= 2 && g.shape(dx)[i]?.equals(size) !== true) dx = g.slice(dx, i, 0, size);
      }
      return {
        x: dx,
        weight: weightGradient(g, only(dy), x, axes, { groups: attrs.groups, shape: g.shape(weight) }),
        ...(bias === undefined ? {} : { bias: biasGradient(g, only(dy)) }),
      };
    },
    samples,
  });
}

export const convTranspose1d = convTranspose(1, [
  {
    inputs: { x: floats32([2, 3, 5]), weight: floats32([3, 4, 3]), bias: floats32([4]) },
    attrs: { stride: sizesOf(2), padding: sizesOf(1) },
  },
  {
    inputs: { x: floats32([1, 4, 4]), weight: floats32([4, 1, 3]), bias: floats32([2]) },
    attrs: { stride: sizesOf(2), groups: Dim.of(2), output_padding: sizesOf(1) },
  },
]);

export const convTranspose2d = convTranspose(2, [
  { inputs: { x: floats32([2, 3, 4, 3]), weight: floats32([3, 4, 2, 2]), bias: floats32([4]) }, attrs: { stride: sizesOf(2) } },
  {
    inputs: { x: floats32([1, 2, 4, 4]), weight: floats32([2, 3, 3, 3]) },
    attrs: { stride: sizesOf(2), padding: sizesOf(1), output_padding: sizesOf(1) },
  },
  { inputs: { x: floats32([1, 2, 4, 5]), weight: floats32([2, 3, 3, 2]) }, attrs: { dilation: sizesOf(2), padding: sizesOf(1, 0, 2, 1) } },
  {
    inputs: { x: floats32([1, 4, 4, 4]), weight: floats32([4, 3, 3, 3]), bias: floats32([6]) },
    attrs: { groups: Dim.of(2), padding: sizesOf(1) },
  },
  // Groups of several input channels and one output channel each: the form that WebGPU computes incorrectly.
  {
    inputs: { x: floats32([2, 6, 4, 4]), weight: floats32([6, 1, 3, 3]), bias: floats32([3]) },
    attrs: { groups: Dim.of(3), stride: sizesOf(2) },
  },
  {
    inputs: { x: floats32([1, 2, 3, 3]), weight: floats32([2, 2, 2, 2]) },
    attrs: { dilation: sizesOf(3), stride: sizesOf(2, 3), output_padding: sizesOf(1, 2) },
  },
]);

export const convTranspose3d = convTranspose(3, [
  {
    inputs: { x: floats32([2, 2, 2, 3, 2]), weight: floats32([2, 2, 2, 1, 3]) },
    attrs: {
      groups: Dim.of(2),
      stride: sizesOf(3, 2, 1),
      padding: sizesOf(1),
      output_padding: sizesOf(2, 1, 0),
      dilation: sizesOf(2, 1, 1),
    },
  },
  {
    inputs: { x: floats32([5, 2, 3, 3, 2]), weight: floats32([2, 3, 2, 3, 2]), bias: floats32([3]) },
    attrs: { stride: sizesOf(2, 1, 2), padding: sizesOf(0, 1, 0) },
  },
]);

function demandOptions(rule: Rule, count: number, attrs: TransposeAttrs): void {
  demandWindowOptions(rule, count, attrs);
  demandCount(rule, 'output_padding', attrs.output_padding, count === 1 ? [1] : [1, count]);
  if (attrs.padding === 'same') {
    rule.fail('bad-option', {
      message: 'a transposed convolution has no "same" padding: several sizes lead to the same one',
      attr: 'padding',
      help: 'give the padding as sizes, and choose the size with `output_padding`',
    });
  }
  demandOption(rule, 'groups', attrs.groups, 1);
  const strides = perAxis(attrs.stride, count);
  for (const [i, extra] of perAxis(attrs.output_padding, count).entries()) {
    demandOption(rule, 'output_padding', extra, 0);
    // PyTorch also accepts paddings below the dilation, ONNX Runtime does not.
    recode('bad-option', () =>
      rule.atLeast(nth(strides, i), extra.add(1), () => ({
        message: `output_padding must be smaller than the stride, ${strides[i]}, but is ${extra}`,
        attr: 'output_padding',
      })),
    );
  }
}

/** The windows of the mirrored convolution: they are on the output of this operator, one for each position of `x`. */
function axesOf(x: Shape, weight: Shape, attrs: TransposeAttrs): readonly WindowAxis[] {
  const extras = perAxis(attrs.output_padding, x.length - 2);
  const mirrored = windowAxes(x.slice(2), weight.slice(2), attrs);
  return mirrored.map((axis, i) => {
    const turned = { ...axis, output: axis.input };
    return { ...turned, input: transposedSize(turned, nth(extras, i)) };
  });
}

function nodeAttrs(axes: readonly WindowAxis[], attrs: TransposeAttrs) {
  return {
    strides: { ints: axes.map((axis) => concrete(axis.stride)) },
    dilations: { ints: axes.map((axis) => concrete(axis.dilation)) },
    pads: { ints: [...axes.map((axis) => concrete(axis.begin)), ...axes.map((axis) => concrete(axis.end))] },
    output_padding: { ints: perAxis(attrs.output_padding, axes.length).map(concrete) },
    group: { int: concrete(attrs.groups) },
  };
}

/** The form that works around gaps of the WebGPU kernel, or undefined if it has none here. */
function gpuForm<V>(g: OnnxBuilder<V>, plain: PlainConv<V>, axes: readonly WindowAxis[], attrs: TransposeAttrs): V | undefined {
  const groups = concrete(attrs.groups);
  // It does not support three spatial axes.
  if (axes.length === 3 && !isPortable(g.target, 'ConvTranspose', 'f32', 'rank=5'))
    return groupByGroup(g, plain, groups, (part) => transposedByStuffing(g, part, axes));
  // It computes groups of one output channel and several input channels incorrectly.
  const { shape } = g.type(plain.weight);
  if (groups === 1 || shape[1]?.constant !== 1 || shape[0]?.constant === groups) return undefined;
  if (isPortable(g.target, 'ConvTranspose', 'f32', 'groups-to-one-channel')) return undefined;
  return withSpareChannel(g, plain, ({ x, weight, y }) => only(g.node('ConvTranspose', [x, weight], nodeAttrs(axes, attrs), [y])));
}

function evaluateTranspose({ x, weight, bias }: Bound<typeof inputs, NdArray>, attrs: TransposeAttrs): NdArray {
  const [batch = 0, channels = 0] = x.shape;
  const [, perGroup = 0] = weight.shape;
  const axes = concreteAxes(axesOf(sizesOf(...x.shape), sizesOf(...weight.shape), attrs));
  const table = tapTable(axes);
  const outputs = perGroup * concrete(attrs.groups);
  const channelsPerGroup = channels / concrete(attrs.groups);
  const y = ndArray(x.dtype, [batch, outputs, ...axes.map((axis) => axis.input)]);
  if (bias !== undefined) for (let i = 0; i < y.data.length; i++) y.data[i] = bias.data[Math.floor(i / table.inputs) % outputs] ?? 0;
  for (let row = 0; row < batch * channels; row++) {
    const n = Math.floor(row / channels);
    const c = row % channels;
    const firstOutput = Math.floor(c / channelsPerGroup) * perGroup;
    for (let o = 0; o < perGroup; o++) {
      const image = (n * outputs + firstOutput + o) * table.inputs;
      const filter = (c * perGroup + o) * table.taps;
      for (let at = 0; at < table.source.length; at++) {
        const target = table.source[at] as number; // inside the table
        if (target < 0) continue;
        const value = x.data[row * table.windows + Math.floor(at / table.taps)] as number;
        y.data[image + target] = (y.data[image + target] as number) + value * (weight.data[filter + (at % table.taps)] as number);
      }
    }
  }
  return y;
}
