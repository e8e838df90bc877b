import { InternalError } from '../diagnostics/internal-error.js';
import { Dim } from '../dims/dim.js';
import { Facts } from '../dims/facts.js';
import { completeAttrs } from './attributes.js';
import { bindInputs, mapBound } from './bind.js';
import { Builder, type Loop, type LoopStep, type OpInput } from './builder.js';
import type { Op } from './define.js';
import { nth } from './only.js';
import { anyOpNamed } from './registry.js';
import { placesIn, type RequestedSize, withSizes } from './requested-sizes.js';
import { concrete } from './sizes.js';
import { SymbolicRule } from './symbolic-rule.js';
import type { NdArray, TensorType } from './types.js';

/** The type of a concrete tensor. */
export function typeOf(array: NdArray): TensorType {
  return { dtype: array.dtype, shape: array.shape.map((size) => Dim.of(size)) };
}

/** One evaluated call of a core operator. */
export interface CoreCall {
  readonly op: Extract<Op, { kind: 'core' }>;
  readonly inputs: Readonly<Record<string, NdArray | readonly NdArray[] | undefined>>;
  readonly attrs: Readonly<Record<string, unknown>>;
  readonly outputs: readonly NdArray[];
}

/** Runs operators on concrete tensors in float64: the reference for tests and for constant folding. */
export class EvalBuilder extends Builder<NdArray> {
  override type(value: NdArray): TensorType {
    return typeOf(value);
  }

  override constant(array: NdArray): NdArray {
    return array;
  }

  override call(name: string, inputs: readonly OpInput<NdArray>[], attrs: Readonly<Record<string, unknown>> = {}): readonly NdArray[] {
    const op = anyOpNamed(name);
    if (op === undefined) throw new InternalError(`there is no operator ${name}`);
    return this.apply(op, inputs, attrs);
  }

  override loop({ carries, operands, length, reverse, step }: Loop<NdArray>): LoopStep<NdArray> {
    const count = concrete(length);
    const emitted: (readonly NdArray[])[] = [];
    let state = carries;
    for (let i = 0; i < count; i++) {
      const at = reverse ? count - 1 - i : i;
      const items = operands.map((operand) => this.squeeze(this.slice(operand, 0, at, at + 1), [0]));
      const result = step(this, state, items);
      state = result.carries;
      emitted.push(result.emits);
    }
    if (reverse) emitted.reverse();
    const stacked = (emitted[0] ?? []).map((_, k) => emitted.map((values) => this.unsqueeze(nth(values, k), [0])));
    return { carries: state, emits: stacked.map((values) => this.concat(values, 0)) };
  }

  /** Throws `RuleFailure` if the call violates the operator's shape rule. */
  apply(op: Op, inputs: readonly OpInput<NdArray>[], given: Readonly<Record<string, unknown>>): readonly NdArray[] {
    const attrs = completeAttrs(op, given);
    const bound = bindInputs(op, inputs);
    const rule = concreteRule(op.name);
    const types: readonly TensorType[] = op.infer(rule, mapBound(bound, typeOf), attrs);
    if (op.kind === 'composite') return checked(op, op.lower(this, bound, attrs, types), types, rule.newSizes);
    const outputs = checked(op, op.evaluate(bound, attrs), types, rule.newSizes);
    return this.onCore({ op, inputs: bound, attrs, outputs }).outputs;
  }

  /** Sees every call of a core operator, in order; its return value is used. For tapes. */
  protected onCore(call: CoreCall): CoreCall {
    return call;
  }
}

/** Evaluates one call in float64: a core operator by its reference, a composite by its lowering. Inputs are in the order of the table. */
export function evaluateOp(op: Op, inputs: readonly OpInput<NdArray>[], attrs: Readonly<Record<string, unknown>> = {}): readonly NdArray[] {
  return new EvalBuilder().apply(op, inputs, attrs);
}

/** The rule for constant sizes, which leaves nothing open. */
export function concreteRule(caller: string): SymbolicRule {
  return new SymbolicRule(
    Facts.none,
    (residual) => {
      throw new InternalError(`${caller}: undecided ${residual.kind} of ${residual.left} and ${residual.right}`);
    },
    caller,
  );
}

/** The outputs, if they are what the shape rule promised. The sizes that the data decide are taken from them, and must be within their bounds. */
function checked(
  op: Op,
  outputs: readonly NdArray[],
  types: readonly TensorType[],
  requests: readonly RequestedSize[],
): readonly NdArray[] {
  if (outputs.length !== types.length) throw new InternalError(`${op.name} has ${outputs.length} outputs for ${types.length} types`);
  const sizes = placesIn(requests, types, outputs.map(typeOf));
  for (const { placeholder, least, most } of requests) {
    const [size = 0, from = 0, to = 0] = [sizes.get(placeholder), least.substitute(sizes), most.substitute(sizes)].map((d) => d?.constant);
    if (size < from || size > to) throw new InternalError(`${op.name} gave a size of ${size}, which is not from ${from} to ${to}`);
  }
  const promises = types.map((type) => withSizes(type, sizes));
  for (const [index, output] of outputs.entries()) {
    const promised = nth(promises, index);
    const fits =
      output.dtype === promised.dtype &&
      output.shape.length === promised.shape.length &&
      promised.shape.every((size, axis) => size.constant === output.shape[axis]);
    if (!fits) throw new InternalError(`${op.name} gave ${output.dtype}[${output.shape}] for ${promised.dtype}[${promised.shape}]`);
  }
  return outputs;
}
