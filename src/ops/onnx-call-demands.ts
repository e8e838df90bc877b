import { Dim } from '../dims/dim.js';
import { first, int, ints, type OnnxShapeCall, string } from './onnx-call-shapes.js';
import { broadcastDemand } from './symbolic-rule.js';
import type { Shape, TensorType } from './types.js';

/**
 * Further ONNX requirements on the inputs and attributes of an operator, beyond those for the shapes of its outputs. Throws `RuleFailure`
 * if one is violated.
 */
export function demandOnnx(opType: string, call: OnnxShapeCall): void {
  if (Object.hasOwn(demands, opType)) demands[opType]?.(call);
}

const demands: Readonly<Record<string, (call: OnnxShapeCall) => void>> = {
  AveragePool: onePadding,
  BatchNormalization: (call) => {
    const channels = first(call).shape[1] ?? Dim.one;
    for (const [i, name] of ['scale', 'B', 'input_mean', 'input_var'].entries()) vector(call, i + 1, name, channels);
  },
  Clip: (call) => {
    for (const [i, name] of ['min', 'max'].entries()) scalar(call, i + 1, name);
  },
  Conv: (call) => {
    onePadding(call);
    kernelOfWeight(call);
  },
  ConvTranspose: (call) => {
    onePadding(call);
    kernelOfWeight(call);
  },
  GRU: (call) => recurrent(call, 3),
  Gather: (call) => {
    const { shape } = first(call);
    const axis = call.rule.axis(int(call, 'axis', 0), shape.length, 'axis');
    const size = shape[axis] ?? Dim.one;
    for (const index of call.elements?.[1] ?? []) {
      call.rule.atLeast(size, index < 0 ? -index : index + 1, () => ({
        message: `there is no position ${index} on axis ${axis}, which has size ${size}`,
        help: `positions go from 0 to ${size.sub(1)}, or from -1 backward`,
      }));
    }
  },
  Gemm: (call) => {
    const [a, b, c] = call.inputs;
    if (a === undefined || b === undefined || c === undefined) return;
    const rows = a.shape[int(call, 'transA', 0)] ?? Dim.one;
    const columns = b.shape[1 - int(call, 'transB', 0)] ?? Dim.one;
    stretches(call, c.shape, [rows, columns], 'C');
  },
  GroupNormalization: (call) => {
    const channels = first(call).shape[1] ?? Dim.one;
    for (const [i, name] of ['scale', 'bias'].entries()) vector(call, i + 1, name, channels);
    const groups = int(call, 'num_groups', 1);
    if (groups < 1) call.rule.fail('bad-option', { message: `num_groups must be at least 1, but is ${groups}` });
    call.rule.divides(groups, channels, () => ({ message: `${channels} channels do not split into ${groups} groups` }));
  },
  Hardmax: axisInRange,
  InstanceNormalization: (call) => {
    const channels = first(call).shape[1] ?? Dim.one;
    call.rule.rank('input', first(call), { min: 3 }, '[N, C, ...]');
    for (const [i, name] of ['scale', 'B'].entries()) vector(call, i + 1, name, channels);
  },
  LSTM: (call) => recurrent(call, 4),
  LayerNormalization: scaledOnLastAxes,
  LogSoftmax: axisInRange,
  LpNormalization: axisInRange,
  LpPool: onePadding,
  MaxPool: onePadding,
  PRelu: (call) => {
    const [x, slope] = call.inputs;
    if (x !== undefined && slope !== undefined) stretches(call, slope.shape, x.shape, 'slope');
  },
  RMSNormalization: scaledOnLastAxes,
  RNN: (call) => recurrent(call, 1),
  Softmax: axisInRange,
  Trilu: (call) => call.rule.rank('input', first(call), { min: 2 }, '[..., N, M]'),
};

function axisInRange(call: OnnxShapeCall): void {
  call.rule.axis(int(call, 'axis', -1), first(call).shape.length, 'axis');
}

/** A window is padded according to either `auto_pad` or `pads`. */
function onePadding(call: OnnxShapeCall): void {
  const mode = string(call, 'auto_pad', 'NOTSET');
  const known = ['NOTSET', 'VALID', 'SAME_UPPER', 'SAME_LOWER'];
  if (!known.includes(mode))
    call.rule.fail('bad-option', { message: `auto_pad cannot be "${mode}"`, help: `it is one of ${known.join(', ')}` });
  if (mode !== 'NOTSET' && ints(call, 'pads') !== undefined)
    call.rule.fail('bad-option', { message: `auto_pad is "${mode}", so that pads have no use`, help: 'leave one of the two out' });
}

function kernelOfWeight(call: OnnxShapeCall): void {
  const kernel = ints(call, 'kernel_shape');
  const sides = call.inputs[1]?.shape.slice(2);
  if (kernel === undefined || sides === undefined) return;
  if (kernel.length !== sides.length)
    call.rule.fail('bad-option', { message: `kernel_shape has ${kernel.length} sizes for ${sides.length} spatial axes` });
  for (const [i, side] of sides.entries()) {
    const said = Dim.of(kernel[i] ?? 1);
    call.rule.equal(side, said, () => ({ message: `kernel_shape is [${kernel}], but the filter has the sides [${sides.join(', ')}]` }));
  }
}

function recurrent(call: OnnxShapeCall, gates: number): void {
  const [x, w, r, b, lengths] = call.inputs;
  if (x === undefined || w === undefined || r === undefined) return;
  call.rule.rank('X', x, 3, '[T, N, features]');
  call.rule.rank('W', w, 3, '[directions, gates, features]');
  call.rule.rank('R', r, 3, '[directions, gates, hidden]');
  const batchAxis = int(call, 'layout', 0) === 1 ? 0 : 1;
  const [batch = Dim.one, features = Dim.one] = [x.shape[batchAxis], x.shape[2]];
  const directions = Dim.of(string(call, 'direction', 'forward') === 'bidirectional' ? 2 : 1);
  const hidden = r.shape[2] ?? Dim.one;
  const said = call.attrs.hidden_size === undefined ? hidden : Dim.of(int(call, 'hidden_size', 0));
  call.rule.equal(hidden, said, () => ({ message: `hidden_size is ${said}, but \`R\` has ${hidden}` }));
  const rows = hidden.mul(gates);
  const state = batchAxis === 0 ? [batch, directions, hidden] : [directions, batch, hidden];
  isShaped(call, 'W', w, [directions, rows, features]);
  isShaped(call, 'R', r, [directions, rows, hidden]);
  isShaped(call, 'B', b, [directions, rows.mul(2)]);
  isShaped(call, 'sequence_lens', lengths, [batch]);
  isShaped(call, 'initial_h', call.inputs[5], state);
  isShaped(call, 'initial_c', call.inputs[6], state);
  isShaped(call, 'P', call.inputs[7], [directions, hidden.mul(3)]);
}

/** `Scale` and `B` have the shape of the normalized axes, or broadcast to it. */
function scaledOnLastAxes(call: OnnxShapeCall): void {
  const { shape } = first(call);
  const axis = call.rule.axis(int(call, 'axis', -1), shape.length, 'axis');
  for (const [i, name] of ['the scale', 'the bias'].entries()) {
    const input = call.inputs[i + 1];
    if (input !== undefined) stretches(call, input.shape, shape.slice(axis), name);
  }
}

/** An input of shape `from` may be repeated along axes of size 1 until it has the shape `to`. */
function stretches(call: OnnxShapeCall, from: Shape, to: Shape, name: string): void {
  const shown = `\`${name}\` of shape [${from.join(', ')}] does not stretch to [${to.join(', ')}]`;
  if (from.length > to.length) call.rule.fail('broadcast-mismatch', { message: shown });
  for (const [i, got] of from.entries()) {
    const wanted = to[i + to.length - from.length] ?? Dim.one;
    if (got.constant !== 1)
      call.rule.equal(got, wanted, () => ({ ...broadcastDemand('stretch', i + to.length - from.length, from, to), message: shown }));
  }
}

function vector(call: OnnxShapeCall, place: number, name: string, size: Dim): void {
  isShaped(call, name, call.inputs[place], [size]);
}

function scalar(call: OnnxShapeCall, place: number, name: string): void {
  isShaped(call, name, call.inputs[place], []);
}

function isShaped(call: OnnxShapeCall, name: string, type: TensorType | undefined, wanted: Shape): void {
  if (type === undefined) return;
  const form = `[${wanted.join(', ')}]`;
  call.rule.rank(name, type, wanted.length, wanted.length === 0 ? 'a scalar' : form);
  for (const [i, size] of wanted.entries()) {
    const got = type.shape[i] ?? Dim.one;
    call.rule.equal(got, size, () => ({ message: `\`${name}\` must be ${form} here, but is [${type.shape.join(', ')}]` }));
  }
}
