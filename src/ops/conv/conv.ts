import { Dim } from '../../dims/dim.js';
import { padding, positional, size, sizes, type Values } from '../attrs.js';
import { isPortable } from '../capabilities/capability.js';
import { type Bound, core, optional } from '../define.js';
import { ndArray } from '../nd/array.js';
import { nth, only } from '../only.js';
import { demandNotEmpty, demandOption } from '../option-bounds.js';
import { floats32, type Sample } from '../sample.js';
import { concrete, product } from '../sizes.js';
import type { NdArray, Shape } from '../types.js';
import {
  concreteAxes,
  demandFit,
  demandWindowOptions,
  imageForm,
  padNode,
  padsOf,
  sizesOf,
  tapTable,
  type WindowAxis,
  windowAxes,
} from '../window.js';
import { biasGradient, inputGradient, weightGradient } from './adjoint.js';
import { demandBias, demandFilter, weightForm } from './channels.js';
import { groupByGroup, mayBeInThirds, type PlainConv, withBias, withWholeQuads } from './gpu-forms.js';

const inputs = {
  x: 'images, channels on axis 1: `[N, C, ..]`',
  weight: 'filters: `[O, C/groups, ..]`',
  bias: optional('one number per output channel: `[O]`'),
};

const attrs = {
  stride: positional(sizes('how far the window moves, for all axes or one each', [Dim.one])),
  padding: positional(
    padding('`"same"` (as many outputs as the stride divides into), `"valid"`, one size, one an axis, or all begins and all ends', [
      Dim.zero,
    ]),
  ),
  dilation: positional(sizes('distance between neighboring taps of the filter', [Dim.one])),
  groups: positional(size('channels are split into this many groups that do not see each other', Dim.one)),
};

type ConvAttrs = Values<typeof attrs>;

/** Convolution over `count` spatial axes; strictly a cross-correlation, as everywhere in deep learning. */
function conv(count: 1 | 2 | 3, samples: readonly Sample<typeof inputs, typeof attrs>[]) {
  return core({
    name: `conv${count}d`,
    family: 'conv',
    doc: {
      summary: `Convolves over ${count === 1 ? 'one spatial axis' : `${count} spatial axes`}; the sides of the filter are taken from \`weight\`.`,
      example: `x -> conv${count}d(weight, bias, padding = 1)`,
      source: `torch.nn.functional.conv${count}d, ONNX Conv`,
    },
    inputs,
    attrs,
    outputs: ['y'],
    infer: (rule, { x, weight, bias }, attrs) => {
      rule.dtype('x', x, 'float');
      rule.rank('x', x, count + 2, imageForm(count));
      rule.rank('weight', weight, count + 2, weightForm(count, 'O, C/groups'));
      rule.sameDtype('x', x, 'weight', weight);
      demandFilter(rule, weight);
      // For some of them, ONNX Runtime hangs.
      demandNotEmpty(rule, 'a convolution', 'x', x);
      demandNotEmpty(rule, 'a convolution', 'weight', weight);
      demandWindowOptions(rule, count, attrs);
      const [batch, channels] = [nth(x.shape, 0), nth(x.shape, 1)];
      const [outputs, perGroup] = [nth(weight.shape, 0), nth(weight.shape, 1)];
      const { groups } = attrs;
      demandOption(rule, 'groups', groups, 1);
      const wanted = perGroup.mul(groups);
      rule.equal(channels, wanted, () => ({
        message: `this convolution needs ${wanted} input ${wanted.constant === 1 ? 'channel' : 'channels'}, but \`x\` has ${channels}`,
        input: 'x',
        wanted: [batch, wanted, ...x.shape.slice(2)],
        got: x.shape,
        help: groups.constant === 1 ? undefined : `\`weight\` has ${perGroup} channels for each of ${groups} groups`,
      }));
      rule.divides(groups, outputs, () => ({
        message: `${outputs} output channels do not split into ${groups} groups`,
        attr: 'groups',
        wanted: weight.shape.map((size, i) => (i === 0 ? `a multiple of ${groups}` : String(size))),
        got: weight.shape,
      }));
      demandBias(rule, x, bias, outputs);
      const axes = axesOf(x.shape, weight.shape, attrs);
      demandFit(rule, 'a filter', x.shape, axes);
      return [{ dtype: x.dtype, shape: [batch, outputs, ...axes.map((axis) => axis.output)] }];
    },
    flops: ({ weight, bias }, _attrs, y) => {
      const elements = product(only(y).shape);
      const each = product(weight.shape.slice(1)).mul(2);
      return elements.mul(bias === undefined ? each : each.add(1));
    },
    onnx: (g, { x, weight, bias }, attrs, y) => {
      const axes = axesOf(g.type(x).shape, g.type(weight).shape, attrs);
      const pads = padsOf(axes);
      const padded = pads === undefined ? padNode(g, x, axes, 0) : x;
      const nodeAttrs = {
        strides: { ints: axes.map((axis) => concrete(axis.stride)) },
        dilations: { ints: axes.map((axis) => concrete(axis.dilation)) },
        pads: { ints: pads ?? axes.flatMap(() => [0, 0]) },
      };
      const groups = concrete(attrs.groups);
      // The WebGPU kernel does not support groups over three spatial axes.
      if (count === 3 && groups > 1 && !isPortable(g.target, 'Conv', 'f32', 'rank=5', 'groups')) {
        const node = ({ x, weight, y }: PlainConv<typeof padded>) => only(g.node('Conv', [x, weight], nodeAttrs, [y]));
        return [withBias(g, groupByGroup(g, { x: padded, weight, y: only(y) }, groups, node), bias)];
      }
      const node = { x: padded, weight, y: only(y) };
      const whole = groups === 1 && mayBeInThirds(g, node, axes) ? withWholeQuads(g, node) : node;
      return g.node('Conv', [whole.x, whole.weight, bias], { ...nodeAttrs, group: { int: groups } }, y);
    },
    evaluate: ({ x, weight, bias }, attrs) => [evaluateConv({ x, weight, bias }, attrs)],
    // dx = conv_transpose(dy, weight); dweight = conv of x with dy over the batch; dbias = sum of dy over all but channels
    grad: (g, { x: { x, weight, bias }, dy, attrs }) => {
      const axes = axesOf(g.shape(x), g.shape(weight), attrs);
      return {
        x: inputGradient(g, only(dy), weight, axes, attrs.groups),
        weight: weightGradient(g, x, only(dy), axes, { groups: attrs.groups, shape: g.shape(weight) }),
        ...(bias === undefined ? {} : { bias: biasGradient(g, only(dy)) }),
      };
    },
    samples,
  });
}

export const conv1d = conv(1, [
  { inputs: { x: floats32([2, 3, 9]), weight: floats32([4, 3, 3]), bias: floats32([4]) }, attrs: { padding: sizesOf(1) } },
  { inputs: { x: floats32([1, 2, 10]), weight: floats32([3, 2, 3]) }, attrs: { stride: sizesOf(3), dilation: sizesOf(2) } },
  { inputs: { x: floats32([1, 4, 8]), weight: floats32([4, 2, 2]) }, attrs: { groups: Dim.of(2), padding: sizesOf(2, 1) } },
]);

export const conv2d = conv(2, [
  { inputs: { x: floats32([2, 3, 7, 6]), weight: floats32([4, 3, 3, 2]), bias: floats32([4]) } },
  { inputs: { x: floats32([1, 2, 8, 8]), weight: floats32([3, 2, 3, 3]) }, attrs: { stride: sizesOf(2), padding: sizesOf(1) } },
  // Six input channels and four output channels.
  { inputs: { x: floats32([2, 6, 5, 5]), weight: floats32([4, 6, 3, 3]), bias: floats32([4]) } },
  // One by one, strided.
  { inputs: { x: floats32([2, 3, 5, 4]), weight: floats32([4, 3, 1, 1]) }, attrs: { stride: sizesOf(2) } },
  // Depthwise with two filters per channel.
  {
    inputs: { x: floats32([2, 3, 6, 6]), weight: floats32([6, 1, 3, 3]), bias: floats32([6]) },
    attrs: { groups: Dim.of(3), stride: sizesOf(2), padding: sizesOf(1) },
  },
  // Groups that see two channels each; no window reaches the last column.
  { inputs: { x: floats32([1, 4, 6, 6]), weight: floats32([6, 2, 3, 3]) }, attrs: { groups: Dim.of(2), stride: sizesOf(1, 2) } },
  {
    inputs: { x: floats32([1, 2, 9, 8]), weight: floats32([3, 2, 3, 3]) },
    attrs: { dilation: sizesOf(2), stride: sizesOf(2), padding: sizesOf(1, 2, 2, 1) },
  },
  { inputs: { x: floats32([1, 2, 7, 8]), weight: floats32([3, 2, 3, 2]) }, attrs: { padding: 'same', stride: sizesOf(2) } },
  { inputs: { x: floats32([1, 2, 7, 8]), weight: floats32([2, 2, 1, 1]) }, attrs: { padding: 'same', stride: sizesOf(3) } },
  { inputs: { x: floats32([1, 2, 6, 6]), weight: floats32([2, 2, 4, 3]) }, attrs: { padding: 'same', dilation: sizesOf(1, 2) } },
  { inputs: { x: floats32([1, 2, 5, 5]), weight: floats32([2, 2, 3, 3]) }, attrs: { padding: 'valid' } },
  // Many channels, and many taps: the gradient of the filter has a form for each.
  {
    inputs: { x: floats32([2, 16, 5, 4]), weight: floats32([3, 16, 3, 2]) },
    attrs: { stride: sizesOf(2, 1), padding: sizesOf(1), dilation: sizesOf(1, 2) },
  },
  { inputs: { x: floats32([2, 2, 5, 6]), weight: floats32([3, 2, 4, 3]) }, attrs: { stride: sizesOf(2), padding: sizesOf(1) } },
]);

export const conv3d = conv(3, [
  { inputs: { x: floats32([1, 2, 4, 5, 4]), weight: floats32([3, 2, 2, 3, 2]), bias: floats32([3]) } },
  {
    inputs: { x: floats32([2, 2, 4, 4, 5]), weight: floats32([2, 1, 2, 2, 2]) },
    attrs: { groups: Dim.of(2), stride: sizesOf(1, 2, 1), padding: sizesOf(1, 0, 1) },
  },
]);

function axesOf(x: Shape, weight: Shape, attrs: ConvAttrs): readonly WindowAxis[] {
  return windowAxes(x.slice(2), weight.slice(2), attrs);
}

function evaluateConv({ x, weight, bias }: Bound<typeof inputs, NdArray>, attrs: ConvAttrs): NdArray {
  const [batch = 0, channels = 0, ...spatial] = x.shape;
  const [outputs = 0, perGroup = 0, ...kernel] = weight.shape;
  const axes = concreteAxes(windowAxes(sizesOf(...spatial), sizesOf(...kernel), attrs));
  const table = tapTable(axes);
  const y = ndArray(x.dtype, [batch, outputs, ...axes.map((axis) => axis.output)]);
  const outputsPerGroup = outputs / concrete(attrs.groups);
  for (let row = 0; row < batch * outputs; row++) {
    const n = Math.floor(row / outputs);
    const o = row % outputs;
    const firstChannel = Math.floor(o / outputsPerGroup) * perGroup;
    for (let window = 0; window < table.windows; window++) {
      let sum = bias?.data[o] ?? 0;
      for (let c = 0; c < perGroup; c++) {
        const image = (n * channels + firstChannel + c) * table.inputs;
        const filter = (o * perGroup + c) * table.taps;
        for (let tap = 0; tap < table.taps; tap++) {
          const source = table.source[window * table.taps + tap] as number; // the table has a row for each window
          if (source >= 0) sum += (x.data[image + source] as number) * (weight.data[filter + tap] as number);
        }
      }
      y.data[row * table.windows + window] = sum;
    }
  }
  return y;
}
