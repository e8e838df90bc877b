import type { Attr } from './attrs.js';
import type { InputSpec, Op } from './define.js';

/** The inputs and options of an operator with their names, in the order of its table. */
export interface OpLists {
  readonly inputs: readonly (readonly [string, InputSpec])[];
  /** The inputs that are not passed by name only. */
  readonly byPosition: readonly (readonly [string, InputSpec])[];
  readonly takesSeveral: boolean;
  readonly attrs: readonly (readonly [string, Attr<unknown>])[];
  /** The options that may be given by position, in this order: those without a default, and those that PyTorch takes at the same position. */
  readonly positionalAttrs: readonly string[];
}

const lists = new WeakMap<Op, OpLists>();

/** The lists of an operator, which are made once. */
export function listsOf(op: Op): OpLists {
  const known = lists.get(op);
  if (known !== undefined) return known;
  const inputs = Object.entries<InputSpec>(op.inputs);
  const attrs = Object.entries<Attr<unknown>>(op.attrs);
  const made: OpLists = {
    inputs,
    byPosition: inputs.filter(([, spec]) => typeof spec === 'string' || spec.mode !== 'optional' || spec.byName !== true),
    takesSeveral: inputs.some(([, spec]) => isVariadic(spec)),
    attrs,
    positionalAttrs: attrs.filter(([, attr]) => attr.fallback === undefined || attr.byPosition === true).map(([name]) => name),
  };
  lists.set(op, made);
  return made;
}

export function isVariadic(spec: InputSpec): boolean {
  return typeof spec !== 'string' && spec.mode === 'variadic';
}
