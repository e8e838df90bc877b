import type { Attr, Attrs } from './attrs.js';
import type { InputSpec, Inputs } from './define.js';

/** The inputs and options of an operator with their names, in the order of its table. */
export interface OpLists {
  readonly inputs: readonly (readonly [string, InputSpec])[];
  /** The inputs that are not passed by name only. */
  readonly byPosition: readonly (readonly [string, InputSpec])[];
  readonly takesSeveral: boolean;
  readonly attrs: readonly (readonly [string, Attr<unknown>])[];
  /** The options that may be given by position, in this order: those without a default, and those that PyTorch takes at the same position. */
  readonly positionalAttrs: readonly string[];
  /** The options whose element type is the build's float type if they are left out. */
  readonly buildFloats: readonly string[];
}

export function listsOf(op: { readonly inputs: Inputs; readonly attrs: Attrs }): OpLists {
  const inputs = Object.entries(op.inputs);
  const attrs = Object.entries(op.attrs);
  return {
    inputs,
    byPosition: inputs.filter(([, spec]) => typeof spec === 'string' || spec.mode !== 'optional' || spec.byName !== true),
    takesSeveral: inputs.some(([, spec]) => isVariadic(spec)),
    attrs,
    buildFloats: attrs.filter(([, attr]) => attr.buildFloat === true).map(([name]) => name),
    positionalAttrs: attrs.filter(([, attr]) => attr.fallback === undefined || attr.byPosition === true).map(([name]) => name),
  };
}

export function isVariadic(spec: InputSpec): boolean {
  return typeof spec !== 'string' && spec.mode === 'variadic';
}
