import type { FnDecl, LayerDecl } from '../../1-syntax/ast.js';
import { decideEqual } from '../../dims/decide.js';
import { Dim } from '../../dims/dim.js';
import type { Facts } from '../../dims/facts.js';
import type { TensorType } from '../../ops/types.js';
import type { InstanceOutput } from '../checked-model.js';
import type { Context } from '../context.js';
import type { Signature } from '../modules/signature.js';
import { matchResult } from '../sizes/match-result.js';

/** Runs a declaration's body, whose inputs are bound, and matches what it returns with the declared result. `undefined`: it failed. */
export function runBody(cx: Context, decl: LayerDecl | FnDecl, signature: Signature): readonly InstanceOutput[] | undefined {
  cx.signature = signature;
  cx.interpreter.runBlock(cx, decl.body);
  const { flow } = cx;
  cx.flow = 'goes-on';
  cx.labels.settle();
  if (cx.returns.length === 0) {
    if (flow === 'goes-on' && decl.result !== undefined && cx.problems.length === 0)
      cx.error('missing-return', decl.name.span, { name: decl.name.text, of: 'declaration' });
    return undefined;
  }
  const ends: { readonly outputs: readonly InstanceOutput[]; readonly facts: Facts }[] = [];
  for (const { value, span, facts, sizes } of cx.returns) {
    const before = cx.facts;
    const rests = cx.rests.snapshot();
    cx.facts = facts;
    const outputs = cx.nested(() => {
      for (const [name, size] of sizes) cx.scope.define(name, size);
      return matchResult(cx, signature, value, span);
    });
    cx.facts = before;
    // The axes `*R` that only the result mentions are those of this return: another one may have others.
    cx.rests.restore(rests);
    if (outputs !== undefined) ends.push({ outputs, facts });
  }
  return ends.length < cx.returns.length ? undefined : commonEnd(ends);
}

/**
 * What a use sees of a body that returns in several places because a condition is open: the outputs that all of them have, each under its
 * own facts. `undefined` if they differ, since only a use can decide then.
 */
function commonEnd(
  ends: readonly { readonly outputs: readonly InstanceOutput[]; readonly facts: Facts }[],
): readonly InstanceOutput[] | undefined {
  return ends.find(({ outputs }) =>
    ends.every((other) => outputs.every(({ type }, i) => sameShape(type, other.outputs[i]?.type ?? type, other.facts))),
  )?.outputs;
}

function sameShape(a: TensorType, b: TensorType, facts: Facts): boolean {
  const equal = (d: Dim, i: number) => decideEqual(d, b.shape[i] ?? Dim.of(-1), facts).kind === 'proved';
  return a === b || (a.shape.length === b.shape.length && a.shape.every(equal));
}
