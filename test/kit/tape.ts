import type { OpInput } from '../../src/ops/builder.js';
import type { Op } from '../../src/ops/define.js';
import { type CoreCall, EvalBuilder } from '../../src/ops/evaluate.js';
import { zipped } from '../../src/ops/nd/map.js';
import { isFloat, type NdArray } from '../../src/ops/types.js';
import { isList } from './op-samples.js';

/** Evaluates like `EvalBuilder` and remembers every core call. Tensors are told apart by identity. */
export class Tape extends EvalBuilder {
  readonly calls: CoreCall[] = [];

  protected override onCore(call: CoreCall): CoreCall {
    // A call that hands an input through must still give a tensor of its own.
    const own = { ...call, outputs: call.outputs.map((output) => ({ ...output })) };
    this.calls.push(own);
    return own;
  }
}

type Gradients = Readonly<Record<string, NdArray | readonly NdArray[] | undefined>>;

/**
 * Reverse-mode gradients of `sum(weights_k * y_k)` over the float outputs of one call with respect to every tensor among its
 * inputs; undefined where no gradient flows. In float64, by the gradient rules of the core operators the call comes down to.
 */
export function gradientsOf(
  op: Op,
  inputs: readonly OpInput<NdArray>[],
  attrs: Readonly<Record<string, unknown>>,
  weights: readonly NdArray[],
): (input: NdArray) => NdArray | undefined {
  const tape = new Tape();
  return gradientsOn(tape, tape.apply(op, inputs, attrs), weights);
}

/** The same for outputs of any number of calls that a tape remembers. */
export function gradientsOn(tape: Tape, outputs: readonly NdArray[], weights: readonly NdArray[]): (input: NdArray) => NdArray | undefined {
  const g = new EvalBuilder();
  const gradients = new Map<NdArray, NdArray>();
  const add = (name: string, to: NdArray, gradient: NdArray | undefined): void => {
    if (gradient === undefined) return;
    if (gradient.dtype !== to.dtype || gradient.shape.join() !== to.shape.join()) {
      throw new Error(`${name}: a gradient is ${gradient.dtype}[${gradient.shape}] for ${to.dtype}[${to.shape}]`);
    }
    const before = gradients.get(to);
    gradients.set(to, before === undefined ? gradient : zipped(before, gradient, (a, b) => a + b));
  };
  for (const [k, output] of outputs.entries()) if (isFloat(output.dtype)) add('an output', output, weights[k]);

  for (const call of [...tape.calls].reverse()) {
    if (call.op.grad === 'none' || !call.outputs.some((output) => gradients.has(output))) continue;
    const dy = call.outputs.map((output) => gradients.get(output) ?? g.zerosLike(output));
    const found: Gradients = call.op.grad(g, { x: call.inputs, y: call.outputs, dy, attrs: call.attrs });
    for (const [name, input] of Object.entries(call.inputs)) {
      const gradient = found[name];
      if (input === undefined || gradient === undefined) continue;
      const to = isList(input) ? input : [input];
      const from = isList(gradient) ? gradient : [gradient];
      for (const [i, one] of to.entries()) add(call.op.name, one, from[i]);
    }
  }
  return (input) => gradients.get(input);
}
