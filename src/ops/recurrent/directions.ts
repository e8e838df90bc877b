import { Dim } from '../../dims/dim.js';
import { choice } from '../attrs.js';
import { type Bound, optional } from '../define.js';
import { nth } from '../only.js';
import { demandNotEmpty } from '../option-bounds.js';
import type { Rule } from '../rule.js';
import type { TensorType } from '../types.js';

/** The inputs that all recurrent layers have; the LSTM adds a cell state. Gates follow one another on axis 0, in PyTorch's order. */
export const recurrentInputs = {
  x: 'sequences: `[N, T, I]`',
  weight_ih: 'from the input to the gates: `[gates*H, I]`',
  weight_hh: 'from the state to the gates: `[gates*H, H]`',
  bias_ih: optional('`[gates*H]`; comes with `bias_hh`'),
  bias_hh: optional('`[gates*H]`'),
  weight_ih_reverse: optional('`weight_ih` of the second direction'),
  weight_hh_reverse: optional('`weight_hh` of the second direction'),
  bias_ih_reverse: optional('`bias_ih` of the second direction'),
  bias_hh_reverse: optional('`bias_hh` of the second direction'),
  h0: optional('first state: `[D, N, H]`, with D = 2 for both directions, else 1; zeros if left out'),
  lengths: optional('length of each sequence, from 1 to T: `i64[N]`; outputs after it are 0, and the last state is the one at its end'),
};

export const directions = ['forward', 'reverse', 'bidirectional'] as const;
export type Direction = (typeof directions)[number];

export const recurrentAttrs = {
  direction: choice('from the first step to the last, from the last to the first, or both', directions, 'forward'),
};

export type RecurrentInputs<V> = Bound<typeof recurrentInputs, V>;

/** The weights of one direction. */
export interface DirectionWeights<V> {
  /** Position on axis 0 of the states. */
  readonly index: number;
  readonly isReverse: boolean;
  readonly weightIh: V;
  readonly weightHh: V;
  readonly biasIh: V | undefined;
  readonly biasHh: V | undefined;
}

/** The directions of a call, in the order of the outputs. Requires inputs that `inferRecurrent` has accepted. */
export function directionsOf<V>(x: RecurrentInputs<V>, direction: Direction): readonly DirectionWeights<V>[] {
  const first = {
    index: 0,
    isReverse: direction === 'reverse',
    weightIh: x.weight_ih,
    weightHh: x.weight_hh,
    biasIh: x.bias_ih,
    biasHh: x.bias_hh,
  };
  const { weight_ih_reverse: weightIh, weight_hh_reverse: weightHh } = x;
  if (weightIh === undefined || weightHh === undefined) return [first];
  return [first, { index: 1, isReverse: true, weightIh, weightHh, biasIh: x.bias_ih_reverse, biasHh: x.bias_hh_reverse }];
}

/** The sizes of a recurrent layer. */
export interface RecurrentSizes {
  readonly batch: Dim;
  readonly steps: Dim;
  readonly width: Dim;
  readonly hidden: Dim;
  readonly directions: number;
}

/** Demands everything that recurrent layers have in common. */
export function inferRecurrent(rule: Rule, gates: number, x: RecurrentInputs<TensorType>, direction: Direction): RecurrentSizes {
  rule.dtype('x', x.x, 'float');
  rule.rank('x', x.x, 3, '[N, T, I]');
  rule.rank('weight_hh', x.weight_hh, 2, `[${gates === 1 ? '' : `${gates}*`}H, H]`);
  const [batch, steps, width] = [nth(x.x.shape, 0), nth(x.x.shape, 1), nth(x.x.shape, 2)];
  const hidden = nth(x.weight_hh.shape, 1);
  // ONNX Runtime ends the process.
  demandNotEmpty(rule, 'a recurrent layer', 'x', x.x);
  demandNotEmpty(rule, 'a recurrent layer', 'weight_hh', x.weight_hh);
  const rows = hidden.mul(gates);
  rule.constant(hidden, () => ({
    message: `the width of the state of a recurrent layer must be a number, but \`weight_hh\` has ${hidden}`,
    input: 'weight_hh',
    help: `write the number in the type of the tensor, or give it with \`--bind\``,
  }));
  rule.atLeast(hidden, 1, () => ({ message: 'the state of a recurrent layer has at least one number', input: 'weight_hh' }));
  rule.atLeast(steps, 1, () => ({ message: 'a recurrent layer needs at least one step', input: 'x' }));
  demandSecond(rule, x, direction);
  demandShape(rule, 'weight_hh', x.weight_hh, x.x, [rows, hidden]);
  demandShape(rule, 'weight_ih', x.weight_ih, x.x, [rows, width]);
  demandShape(rule, 'weight_hh_reverse', x.weight_hh_reverse, x.x, [rows, hidden]);
  demandShape(rule, 'weight_ih_reverse', x.weight_ih_reverse, x.x, [rows, width]);
  for (const name of ['bias_ih', 'bias_hh', 'bias_ih_reverse', 'bias_hh_reverse'] as const) demandShape(rule, name, x[name], x.x, [rows]);
  const count = direction === 'bidirectional' ? 2 : 1;
  demandShape(rule, 'h0', x.h0, x.x, [Dim.of(count), batch, hidden]);
  if (x.lengths !== undefined) {
    rule.dtype('lengths', x.lengths, ['i64']);
    rule.rank('lengths', x.lengths, 1, '[N]');
    const got = nth(x.lengths.shape, 0);
    rule.equal(got, batch, () => ({
      message: `there are ${batch} sequences, but ${got} lengths`,
      input: 'lengths',
      wanted: [`${batch}`],
      got: [`${got}`],
    }));
  }
  return { batch, steps, width, hidden, directions: count };
}

/** `y: [N, T, D*H]` and the last state `[D, N, H]`. */
export function recurrentOutputs(x: TensorType, { batch, steps, hidden, directions }: RecurrentSizes): readonly [TensorType, TensorType] {
  return [
    { dtype: x.dtype, shape: [batch, steps, hidden.mul(directions)] },
    { dtype: x.dtype, shape: [Dim.of(directions), batch, hidden] },
  ];
}

/** Demands the second direction's weights if and only if there is one, and biases in pairs and for all directions. */
function demandSecond(rule: Rule, x: RecurrentInputs<TensorType>, direction: Direction): void {
  const isBoth = direction === 'bidirectional';
  for (const name of ['weight_ih_reverse', 'weight_hh_reverse', 'bias_ih_reverse', 'bias_hh_reverse'] as const) {
    const isWanted = isBoth && (name.startsWith('weight') || x.bias_ih !== undefined);
    if (isWanted && x[name] === undefined) {
      rule.fail('bad-option', { message: `both directions need \`${name}\`, which is missing`, attr: 'direction' });
    }
    if (!isWanted && x[name] !== undefined) {
      const why = isBoth ? 'the first direction has no biases' : 'there is only one direction';
      rule.fail('bad-option', { message: `\`${name}\` has no effect: ${why}`, input: name });
    }
  }
  if ((x.bias_ih === undefined) !== (x.bias_hh === undefined)) {
    rule.fail('bad-option', { message: '`bias_ih` and `bias_hh` come together', input: x.bias_ih === undefined ? 'bias_hh' : 'bias_ih' });
  }
}

/** Demands a shape and the element type of `x`, if the tensor is given. */
export function demandShape(rule: Rule, name: string, tensor: TensorType | undefined, x: TensorType, shape: readonly Dim[]): void {
  if (tensor === undefined) return;
  rule.sameDtype('x', x, name, tensor);
  rule.rank(name, tensor, shape.length, `[${shape.join(', ')}]`);
  for (const [i, wanted] of shape.entries()) {
    const got = nth(tensor.shape, i);
    rule.equal(got, wanted, () => ({
      message: `\`${name}\` must be [${shape.join(', ')}] here, but is [${tensor.shape.join(', ')}]`,
      input: name,
      wanted: shape,
      got: tensor.shape,
    }));
  }
}

/** Operations of all steps: the two matrix products with their biases, and `pointwise` more for each unit of the state. */
export function recurrentFlops(gates: number, pointwise: number, x: RecurrentInputs<TensorType>): Dim {
  const [batch, steps, width] = [nth(x.x.shape, 0), nth(x.x.shape, 1), nth(x.x.shape, 2)];
  const hidden = nth(x.weight_hh.shape, 1);
  const biases = x.bias_ih === undefined ? 0 : 2;
  const perUnit = width
    .add(hidden)
    .mul(2)
    .add(1 + biases)
    .mul(gates)
    .add(pointwise);
  return batch
    .mul(steps)
    .mul(hidden)
    .mul(perUnit)
    .mul(x.weight_ih_reverse === undefined ? 1 : 2);
}
