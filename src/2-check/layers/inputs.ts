import { Dim } from '../../dims/dim.js';
import type { Facts } from '../../dims/facts.js';
import { append } from '../../lists.js';
import type { Context } from '../context.js';
import { absentOwner, axesOf, type Signature } from '../modules/signature.js';
import { solvableInputs } from '../sizes/result-sizes.js';
import { dtypeOf, sizeOf } from '../sizes/type-expressions.js';
import { maybe } from '../values/absence.js';
import { given, negation } from '../values/formula.js';
import type { CheckValue, Local } from '../values/values.js';

/** Which optional inputs are present, and the sizes that are given as numbers. */
export interface InputChoice {
  readonly with: 'all' | ReadonlySet<string>;
  readonly sizes: ReadonlyMap<string, number>;
  /** Names of sizes that may be 0. */
  readonly empty: ReadonlySet<string>;
}

/**
 * Makes the inputs of a model, or of a declaration that is checked on its own: every dimension name is a variable, unless its size is
 * given. `*B` is two axes there, because a body must be right for any number of them. `undefined` if a type has no sizes, or if a name in
 * it cannot be inferred from the given tensors, which is reported. `factsOf` returns the facts that the types may rely on, once the names
 * are bound.
 */
export function declareInputs(
  cx: Context,
  signature: Signature,
  choice: InputChoice,
  factsOf: () => Facts,
): readonly (Local | undefined)[] | undefined {
  const isThere = (param: Signature['inputs'][number] | undefined) =>
    param !== undefined && (!param.type.optional || choice.with === 'all' || choice.with.has(param.name.text));
  cx.newSizes.reserve(signature.inputDims);
  const hasAll = signature.inputs.every(isThere);
  for (const name of signature.inputDims) {
    const isFromZero = choice.empty.has(name);
    // A size that turns out to be that of an empty state may be given as 0, see `checkEntry`.
    const given = choice.sizes.get(name) === 0 && !isFromZero ? undefined : choice.sizes.get(name);
    const owner = hasAll ? undefined : absentOwner(signature, name, (i) => isThere(signature.inputs[i]));
    cx.body.define(name, {
      value:
        owner === undefined
          ? { kind: 'int', dim: given === undefined ? Dim.variable(name, isFromZero ? 0 : 1) : Dim.of(given) }
          : { kind: 'absent', name: owner },
      span: signature.inputs[0]?.span ?? cx.module.file.span,
      role: 'dim',
    });
  }
  const { facts } = cx;
  cx.facts = factsOf();
  const inputs: (Local | undefined)[] = [];
  const errors = cx.problems.length;
  let ok = true;
  for (const param of signature.inputs) {
    const name = param.name.text;
    if (!isThere(param)) {
      cx.body.define(name, { value: { kind: 'absent', name }, span: param.name.span, role: 'input' });
      inputs.push(undefined);
      continue;
    }
    const { before, rest, after } = axesOf(signature, param.type);
    const shape: Dim[] = [];
    for (const [k, formal] of (after.length === 0 ? before : [...before, ...after]).entries()) {
      if (k === before.length && rest !== undefined) append(shape, restAxes(cx, rest));
      const size = sizeOf(cx, formal.size);
      if (size === undefined) ok = false;
      else shape.push(size);
      // A size of an input is at least 1; no such bound holds for expressions such as `4*planes`.
      if (size !== undefined && size.bounds.max < 0) {
        cx.error('negative-size', formal.span, { size: String(size) });
        ok = false;
      }
    }
    if (rest !== undefined && after.length === 0) append(shape, restAxes(cx, rest));
    const local = cx.local({ dtype: dtypeOf(cx, param.type), shape }, param.name.span, name);
    const tensor: CheckValue = { kind: 'tensor', local };
    const value = cx.rigid && param.type.optional ? maybe(tensor, negation(given(name))) : tensor;
    cx.session.observer?.(param.name, value);
    cx.body.define(name, { value, span: param.name.span, role: 'input' });
    inputs.push(local);
  }
  cx.facts = facts;
  // A size that does not divide is the lesser problem if nothing determines the size.
  const reported = cx.problems.splice(errors);
  const shapes = inputs.map((local) => local?.type.shape);
  const mayBeSolved = reported.some(({ code }) => code !== 'inexact-division') || solvableInputs(cx, signature, shapes);
  if (!mayBeSolved) return undefined;
  append(cx.problems, reported);
  return ok ? inputs : undefined;
}

function restAxes(cx: Context, name: string): readonly Dim[] {
  const known = cx.rests.get(name);
  if (known !== undefined && known !== 'unknown') return known;
  const names = [`${name}0`, `${name}1`];
  const axes = names.map((axis) => Dim.variable(axis));
  cx.newSizes.reserve(names);
  cx.rests.set(name, axes);
  return axes;
}
