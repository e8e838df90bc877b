import { InternalError } from '../../../diagnostics/internal-error.js';
import { Dim } from '../../../dims/dim.js';
import { completeAttrs } from '../../../ops/attributes.js';
import { bindInputs, mapBound } from '../../../ops/bind.js';
import { Builder, type OpInput } from '../../../ops/builder.js';
import type { CoreOp, Op } from '../../../ops/define.js';
import { concreteRule } from '../../../ops/evaluate.js';
import { nth } from '../../../ops/only.js';
import type { Program, ProgramValue } from '../../../ops/program.js';
import { opNamed } from '../../../ops/registry.js';
import type { DType, NdArray, TensorType } from '../../../ops/types.js';

/** A core operator on the results of others, not yet computed; or a constant. */
export interface CoreNode {
  /** Larger than that of every node it needs. */
  readonly id: number;
  readonly call: CoreCall | NdArray;
  readonly outputs: readonly Result[];
}

export interface CoreCall {
  readonly op: CoreOp;
  /** By the names in the operator's table. */
  readonly inputs: Readonly<Record<string, Result | readonly Result[] | undefined>>;
  readonly attrs: Readonly<Record<string, unknown>>;
}

/** A tensor produced by a node. */
export interface Result {
  readonly node: CoreNode;
  readonly index: number;
  readonly dtype: DType;
  readonly shape: readonly number[];
}

/** The result of a program in core operators. */
export function coreResult({ steps, result }: Program): Result {
  const builder = new CoreBuilder();
  const made: (readonly Result[])[] = [];
  const valueAt = ({ step, output }: ProgramValue): Result => nth(nth(made, step), output);
  for (const step of steps) {
    if (step.kind === 'constant') made.push([builder.constant(step.array)]);
    else {
      const inputs = step.inputs.map(
        (input): OpInput<Result> => (input === undefined ? undefined : 'step' in input ? valueAt(input) : input.map(valueAt)),
      );
      made.push(builder.call(step.op.name, inputs, step.attrs));
    }
  }
  return valueAt(result);
}

/** The results that a call needs. */
export function inputsOf({ call }: CoreNode): readonly Result[] {
  if ('data' in call) return [];
  return Object.values(call.inputs).flatMap((input): readonly Result[] => (input === undefined ? [] : 'node' in input ? [input] : input));
}

/** Computes a node from arrays in float64: floats keep the precision of float64; wrapping integers to their type is left to the caller. */
export function evaluateNode({ call }: CoreNode, arrayOf: (result: Result) => NdArray): readonly NdArray[] {
  if ('data' in call) return [call];
  const bound = Object.fromEntries(
    Object.entries(call.inputs).map(([name, input]) => [
      name,
      input === undefined ? undefined : 'node' in input ? arrayOf(input) : input.map(arrayOf),
    ]),
  );
  return call.op.evaluate(bound as Parameters<CoreOp['evaluate']>[0], call.attrs as Parameters<CoreOp['evaluate']>[1]);
}

/** Lowers composite operators. */
class CoreBuilder extends Builder<Result> {
  #count = 0;

  override type({ dtype, shape }: Result): TensorType {
    return { dtype, shape: shape.map((size) => Dim.of(size)) };
  }

  override constant(array: NdArray): Result {
    return nth(this.#node(array, [array]), 0);
  }

  override call(name: string, inputs: readonly OpInput<Result>[], given: Readonly<Record<string, unknown>> = {}): readonly Result[] {
    const op: Op | undefined = opNamed(name);
    if (op === undefined) throw new InternalError(`there is no operator ${name}`);
    const attrs = completeAttrs(op, given);
    const bound = bindInputs(op, inputs);
    const types: readonly TensorType[] = op.infer(
      concreteRule(op.name),
      mapBound(bound, (value) => this.type(value)),
      attrs,
    );
    if (op.kind === 'composite') return op.lower(this, bound, attrs, types);
    const outputs = types.map(({ dtype, shape }) => ({ dtype, shape: shape.map((size) => size.constant ?? 0) }));
    return this.#node({ op, inputs: bound as CoreCall['inputs'], attrs }, outputs);
  }

  #node(call: CoreNode['call'], types: readonly Pick<Result, 'dtype' | 'shape'>[]): readonly Result[] {
    const outputs: Result[] = [];
    const node: CoreNode = { id: this.#count++, call, outputs };
    for (const [index, { dtype, shape }] of types.entries()) outputs.push({ node, index, dtype, shape });
    return outputs;
  }
}
