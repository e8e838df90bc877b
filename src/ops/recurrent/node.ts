import { Dim } from '../../dims/dim.js';
import { nth, only } from '../only.js';
import type { OnnxAttr, OnnxBuilder } from '../onnx-builder.js';
import { reshapeNode } from '../shape/reshape-target.js';
import { concrete } from '../sizes.js';
import type { TensorType } from '../types.js';
import { type Direction, type DirectionWeights, directionsOf, type RecurrentInputs } from './directions.js';

/** How the ONNX forms of the recurrent layers differ. */
export interface RecurrentNode<V> {
  readonly opType: 'LSTM' | 'GRU' | 'RNN';
  /** For each gate of ONNX, its position in PyTorch: `[0, 3, 1, 2]` makes i, o, f, c of i, f, g, o. */
  readonly gates: readonly number[];
  readonly direction: Direction;
  readonly attrs: Readonly<Record<string, OnnxAttr>>;
  readonly c0?: V | undefined;
}

/**
 * One LSTM, GRU or RNN node. ONNX Runtime requires time first, the directions stacked and its own order of gates: constant weights are
 * converted to that form when the model is loaded.
 */
export function recurrentNode<V>(g: OnnxBuilder<V>, x: RecurrentInputs<V>, node: RecurrentNode<V>, y: readonly TensorType[]): readonly V[] {
  const { dtype, shape } = g.type(x.x);
  const [batch, steps, width] = [nth(shape, 0), nth(shape, 1), nth(shape, 2)];
  const hidden = nth(g.type(x.weight_hh).shape, 1);
  const both = directionsOf(x, node.direction);
  const count = Dim.of(both.length);
  const timeFirst = only(g.node('Transpose', [x.x], { perm: { ints: [1, 0, 2] } }, [{ dtype, shape: [steps, batch, width] }]));
  const weightIh = stacked(
    g,
    both.map((d) => d.weightIh),
    node.gates,
  );
  const weightHh = stacked(
    g,
    both.map((d) => d.weightHh),
    node.gates,
  );
  const bias = x.bias_ih === undefined ? undefined : stackedBiases(g, both, node.gates);
  const lengths = x.lengths && only(g.node('Cast', [x.lengths], { to: { int: 6 } }, [{ dtype: 'i32', shape: [batch] }]));
  const [all, ...states] = g.node(
    node.opType,
    [timeFirst, weightIh, weightHh, bias, lengths, x.h0, ...(node.c0 === undefined ? [] : [node.c0])],
    { hidden_size: { int: concrete(hidden) }, direction: { string: node.direction }, ...node.attrs },
    [{ dtype, shape: [steps, count, batch, hidden] }, ...y.slice(1)],
  );
  return [batchFirst(g, all as V, only(y)), ...states]; // the first of the requested outputs
}

/** `[T, D, N, H]` to `[N, T, D*H]`. With a single direction, the last node only swaps time and batch, so that it cancels against the first one of the next layer. */
function batchFirst<V>(g: OnnxBuilder<V>, all: V, y: TensorType): V {
  const { dtype, shape } = g.type(all);
  const [steps, count, batch, hidden] = [nth(shape, 0), nth(shape, 1), nth(shape, 2), nth(shape, 3)];
  if (count.constant === 1) {
    const timeFirst = only(g.node('Squeeze', [all, g.ints([1])], {}, [{ dtype, shape: [steps, batch, hidden] }]));
    return only(g.node('Transpose', [timeFirst], { perm: { ints: [1, 0, 2] } }, [y]));
  }
  const perm = { ints: [2, 0, 1, 3] };
  const turned = only(g.node('Transpose', [all], { perm }, [{ dtype, shape: [batch, steps, count, hidden] }]));
  return reshapeNode(g, turned, y.shape);
}

/** `[D, gates*H, ..]` in the order of ONNX; the indices have a first axis of 1, and so does what is gathered with them. */
function stacked<V>(g: OnnxBuilder<V>, weights: readonly (V | undefined)[], gates: readonly number[]): V {
  const parts = weights.flatMap((weight) => (weight === undefined ? [] : [gathered(g, weight, gates)]));
  if (parts.length === 1) return only(parts);
  const { dtype, shape } = g.type(only(parts));
  return only(g.node('Concat', parts, { axis: { int: 0 } }, [{ dtype, shape: [Dim.of(parts.length), ...shape.slice(1)] }]));
}

/** `[D, 2*gates*H]`: those of the input, then those of the state. */
function stackedBiases<V>(g: OnnxBuilder<V>, both: readonly DirectionWeights<V>[], gates: readonly number[]): V {
  const halves = [both.map((d) => d.biasIh), both.map((d) => d.biasHh)].map((biases) => stacked(g, biases, gates));
  const { dtype, shape } = g.type(only(halves));
  return only(g.node('Concat', halves, { axis: { int: 1 } }, [{ dtype, shape: [nth(shape, 0), nth(shape, 1).mul(2)] }]));
}

function gathered<V>(g: OnnxBuilder<V>, weight: V, gates: readonly number[]): V {
  const { dtype, shape } = g.type(weight);
  const type = { dtype, shape: [Dim.one, ...shape] };
  if (gates.length === 1) return only(g.node('Unsqueeze', [weight, g.ints([0])], {}, [type]));
  const hidden = concrete(nth(shape, 0)) / gates.length;
  const rows = gates.flatMap((gate) => Array.from({ length: hidden }, (_, i) => gate * hidden + i));
  const indices = g.constant({ dtype: 'i64', shape: [1, rows.length], data: Float64Array.from(rows) });
  return only(g.node('Gather', [weight, indices], { axis: { int: 0 } }, [type]));
}
