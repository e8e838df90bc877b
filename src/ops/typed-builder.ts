import { InternalError } from '../diagnostics/internal-error.js';
import { completeAttrs } from './attributes.js';
import { bindInputs, mapBound } from './bind.js';
import { Builder, type OpInput } from './builder.js';
import type { Op } from './define.js';
import { anyOpNamed } from './registry.js';
import type { Rule } from './rule.js';
import type { TensorType } from './types.js';

/** The value of an input of an operator: one tensor, the tensors of a variadic input, or nothing for an omitted optional one. */
export type GivenInput<V> = V | readonly V[] | undefined;

/** A builder for which the types of results follow from the shape rules of the operators. */
export abstract class TypedBuilder<V> extends Builder<V> {
  /** Decides what the operators demand. */
  protected abstract readonly rule: Rule;

  call(name: string, inputs: readonly OpInput<V>[], attrs: Readonly<Record<string, unknown>> = {}): readonly V[] {
    const op = anyOpNamed(name);
    if (op === undefined) throw new InternalError(`there is no operator ${name}`);
    const given = inputs.map((input): GivenInput<V> => input ?? undefined);
    const complete = completeAttrs(op, attrs);
    const bound = mapBound(bindInputs(op, given), (value) => this.type(value));
    const types: readonly TensorType[] = op.infer(this.rule, bound, complete);
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
