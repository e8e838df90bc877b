import { InternalError } from '../diagnostics/internal-error.js';
import type { Facts } from '../dims/facts.js';
import { completeAttrs } from './attributes.js';
import { bindInputs, mapBound } from './bind.js';
import { Builder, type OpInput } from './builder.js';
import type { Op } from './define.js';
import { opNamed } from './registry.js';
import { SymbolicRule } from './symbolic-rule.js';
import type { TensorType } from './types.js';

/** The value of an input of an operator: one tensor, the tensors of a variadic input, or nothing for an omitted optional one. */
export type GivenInput<V> = V | readonly V[] | undefined;

/** A builder for which the types of results follow from the shape rules of the operators, under facts about sizes. */
export abstract class TypedBuilder<V> extends Builder<V> {
  protected abstract readonly facts: Facts;

  call(name: string, inputs: readonly OpInput<V>[], attrs: Readonly<Record<string, unknown>> = {}): readonly V[] {
    const op = opNamed(name);
    if (op === undefined) throw new InternalError(`there is no operator ${name}`);
    const given = inputs.map((input): GivenInput<V> => input ?? undefined);
    const complete = completeAttrs(op, attrs);
    const rule = new SymbolicRule(this.facts, () => {});
    const types: readonly TensorType[] = op.infer(
      rule,
      mapBound(bindInputs(op, given), (value) => this.type(value)),
      complete,
    );
    // The sizes of a definition or of a gradient are those of the call that it stands for.
    if (rule.newSizes.length > 0) throw new InternalError(`${name} makes a size where nobody can name it`);
    return this.write(op, given, complete, types);
  }

  /** Applies an operator to inputs and complete attributes that are known to fit. */
  protected abstract write(
    op: Op,
    inputs: readonly GivenInput<V>[],
    attrs: Readonly<Record<string, unknown>>,
    types: readonly TensorType[],
  ): readonly V[];
}
