import type { Loop, LoopStep } from './builder.js';
import type { Op } from './define.js';
import { typeOf } from './evaluate.js';
import type { Rule } from './rule.js';
import { type GivenInput, TypedBuilder } from './typed-builder.js';
import type { NdArray, TensorType } from './types.js';

/** Infers types alone: its values are types, and one rule decides all that the operators demand. */
export class TypeBuilder extends TypedBuilder<TensorType> {
  protected readonly rule: Rule;

  constructor(rule: Rule) {
    super();
    this.rule = rule;
  }

  type(value: TensorType): TensorType {
    return value;
  }

  constant(array: NdArray): TensorType {
    return typeOf(array);
  }

  override loop({ carries, operands, length, step }: Loop<TensorType>): LoopStep<TensorType> {
    const items = operands.map(({ dtype, shape }) => ({ dtype, shape: shape.slice(1) }));
    const { emits } = step(this, carries, items);
    return { carries, emits: emits.map(({ dtype, shape }) => ({ dtype, shape: [length, ...shape] })) };
  }

  protected write(
    _op: Op,
    _inputs: readonly GivenInput<TensorType>[],
    _attrs: Readonly<Record<string, unknown>>,
    types: readonly TensorType[],
  ): readonly TensorType[] {
    return types;
  }
}
