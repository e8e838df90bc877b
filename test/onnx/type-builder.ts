import { completeAttrs } from '../../src/ops/attributes.js';
import { bindInputs } from '../../src/ops/bind.js';
import { Builder, type OpInput } from '../../src/ops/builder.js';
import { concreteRule, typeOf } from '../../src/ops/evaluate.js';
import { opNamed } from '../../src/ops/registry.js';
import type { NdArray, TensorType } from '../../src/ops/types.js';

/** Runs shape rules alone: values are types. */
export class TypeBuilder extends Builder<TensorType> {
  override type(value: TensorType): TensorType {
    return value;
  }

  override constant(array: NdArray): TensorType {
    return typeOf(array);
  }

  override call(
    name: string,
    inputs: readonly OpInput<TensorType>[],
    attrs: Readonly<Record<string, unknown>> = {},
  ): readonly TensorType[] {
    const op = opNamed(name);
    if (op === undefined) throw new Error(`there is no operator ${name}`);
    return op.infer(concreteRule(name), bindInputs(op, inputs), completeAttrs(op, attrs));
  }
}
