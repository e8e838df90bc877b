import { Dim } from '../dims/dim.js';
import { completeAttrs } from './attributes.js';
import { bindInputs } from './bind.js';
import { demandOnnx } from './onnx-call-demands.js';
import { first, int, type OnnxOutput, type OnnxShapeCall, onnxShapes, pooled, string } from './onnx-call-shapes.js';
import type { OnnxSchema } from './onnx-schema.js';
import { opNamed } from './registry.js';
import { withSize } from './sizes.js';
import type { Shape, TensorType } from './types.js';

/**
 * How many outputs a call has: as many as it is unpacked into, and at least those that are always present. `undefined` if an operator with
 * a variable number does not specify how many.
 */
export function onnxOutputCount(schema: OnnxSchema, call: Omit<OnnxShapeCall, 'rule'>): number | undefined {
  if (schema.outputs.at(-1)?.[2] === 'variadic') {
    const parts = int(call, 'num_outputs', call.elements?.[1]?.length ?? call.inputs[1]?.shape[0]?.constant ?? 0);
    return parts > 0 ? parts : undefined;
  }
  const always = schema.outputs.filter(([, , mode]) => mode === undefined).length;
  return Math.max(always, 1, Math.min(call.count ?? 1, schema.outputs.length));
}

/** Shapes of the first `count` outputs of an ONNX operator; undefined as in `onnxShapes`. Throws `RuleFailure` for inputs that do not fit. */
export function onnxOutputs(opType: string, call: OnnxShapeCall, count: number): readonly OnnxOutput[] | undefined {
  const rule = Object.hasOwn(rules, opType) ? rules[opType] : undefined;
  demandOnnx(opType, call);
  const outputs = rule === undefined || (count === 1 && opType === 'MaxPool') ? onnxShapes(opType, call) : rule(call);
  return outputs === undefined || outputs.length < count ? undefined : outputs.slice(0, count);
}

const rules: Readonly<Record<string, (call: OnnxShapeCall) => readonly OnnxOutput[] | undefined>> = {
  BatchNormalization: (call) => {
    const { shape } = first(call);
    const channels = [shape[1] ?? Dim.one];
    return int(call, 'training_mode', 0) === 0 ? [{ shape }] : [{ shape }, { shape: channels }, { shape: channels }];
  },
  Dropout: (call) => [{ shape: first(call).shape }, { shape: first(call).shape }],
  DynamicQuantizeLinear: (call) => [{ shape: first(call).shape }, { shape: [] }, { shape: [] }],
  GRU: recurrent,
  LSTM: recurrent,
  LayerNormalization: (call) => {
    const { shape } = first(call);
    const axis = call.rule.axis(int(call, 'axis', -1), shape.length);
    const statistics = shape.map((size, i) => (i < axis ? size : Dim.one));
    return [{ shape }, { shape: statistics, dtype: 'f32' }, { shape: statistics, dtype: 'f32' }];
  },
  MaxPool: (call) => {
    const [values] = pooled(call) ?? [];
    return values === undefined ? undefined : [values, { shape: values.shape }];
  },
  RNN: recurrent,
  SoftmaxCrossEntropyLoss: (call) => {
    const [scores, labels] = call.inputs;
    if (scores === undefined || labels === undefined) return undefined;
    return [{ shape: string(call, 'reduction', 'mean') === 'none' ? labels.shape : [] }, { shape: scores.shape }];
  },
  Split: parts,
  TopK: (call) => {
    const [k] = call.elements?.[1] ?? [];
    if (k === undefined) return undefined;
    return byOperator(call, 'topk', { k: Dim.of(k), axis: int(call, 'axis', -1), largest: int(call, 'largest', 1) === 1 });
  },
};

/** `Y`, and the last states: for sequences that come first in both layouts of ONNX. */
function recurrent(call: OnnxShapeCall): readonly OnnxOutput[] | undefined {
  const [x, , r] = call.inputs;
  if (x === undefined || r === undefined) return undefined;
  call.rule.rank('X', x, 3, '[T, N, features]');
  call.rule.rank('R', r, 3, '[directions, gates, hidden]');
  const [directions = Dim.one, , hidden = Dim.one] = r.shape;
  const isBatchFirst = int(call, 'layout', 0) === 1;
  const [steps = Dim.one, batch = Dim.one] = isBatchFirst ? [x.shape[1], x.shape[0]] : x.shape;
  const state = isBatchFirst ? [batch, directions, hidden] : [directions, batch, hidden];
  return [
    { shape: isBatchFirst ? [batch, steps, directions, hidden] : [steps, directions, batch, hidden] },
    { shape: state },
    { shape: state },
  ];
}

/** Parts of the given sizes, or equal ones of which the last may be smaller. */
function parts(call: OnnxShapeCall): readonly OnnxOutput[] | undefined {
  const { shape } = first(call);
  const axis = call.rule.axis(int(call, 'axis', 0), shape.length, 'axis');
  const whole = shape[axis] ?? Dim.one;
  const sizes = call.elements?.[1];
  if (sizes !== undefined) return byOperator(call, 'split', { sizes: sizes.map((n) => Dim.of(n)), axis });
  if (call.inputs[1] !== undefined) return undefined;
  const count = int(call, 'num_outputs', 1);
  const usual = whole.ceilDiv(count);
  const last = whole.sub(usual.mul(count - 1));
  call.rule.atLeast(last, 1, () => ({ message: `\`onnx.Split\` cannot cut axis ${axis} of size ${whole} into ${count} parts` }));
  return Array.from({ length: count }, (_, i) => ({ shape: withSize(shape, axis, i < count - 1 ? usual : last) }));
}

function byOperator(call: OnnxShapeCall, name: string, attrs: Readonly<Record<string, unknown>>): readonly { readonly shape: Shape }[] {
  const op = opNamed(name);
  if (op === undefined) throw new RangeError(`there is no operator ${name}`);
  const types = op.infer(call.rule, bindInputs(op, [first(call)]), completeAttrs(op, attrs)) as readonly TensorType[];
  return types.map(({ shape }) => ({ shape }));
}
