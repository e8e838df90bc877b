import type { Expr, FnDecl, LayerDecl } from '../1-syntax/ast.js';
import { suggest } from '../diagnostics/suggest.js';
import { decideEqual } from '../dims/decide.js';
import { Dim } from '../dims/dim.js';
import type { Facts } from '../dims/facts.js';
import { showShape, type TensorType } from '../ops/types.js';
import type { Context } from './context.js';
import type { InstanceOutput } from './program.js';
import { aroundRest, bareName, type Signature } from './signature.js';
import { dtypeOf, sizeOf } from './type-expressions.js';
import { type CheckValue, describe, type TensorValue, unknown } from './values.js';
import { witnessText } from './witness-text.js';

/** Runs a declaration's body, whose inputs are bound, and matches what it returns to the declared result. `undefined`: it failed. */
export function runBody(cx: Context, decl: LayerDecl | FnDecl, signature: Signature): readonly InstanceOutput[] | undefined {
  const { flow } = cx.interpreter.runBlock(cx, decl.body);
  if (cx.returns.length === 0) {
    if (flow === 'goes-on' && decl.result !== undefined && cx.problems.length === 0)
      cx.error('missing-return', decl.name.span, { name: decl.name.text });
    return undefined;
  }
  const ends: { readonly outputs: readonly InstanceOutput[]; readonly facts: Facts }[] = [];
  for (const { value, span, facts } of cx.returns) {
    const before = cx.facts;
    cx.facts = facts;
    const outputs = cx.nested(() => matchResult(cx, signature, value, span));
    cx.facts = before;
    if (outputs !== undefined) ends.push({ outputs, facts });
  }
  return ends.length < cx.returns.length ? undefined : commonEnd(ends);
}

/**
 * What a use sees of a body that returns at several places, because a condition is open: the outputs that all of them have, each under its own facts.
 * `undefined` if they differ, for then only a use can tell.
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

function matchResult(cx: Context, signature: Signature, value: CheckValue, span: Expr['span']): readonly InstanceOutput[] | undefined {
  const declared = signature.result?.outputs;
  if (declared === undefined || value.kind === 'unknown') return undefined;
  const values = value.kind === 'tuple' ? value.items : [value];
  if (values.length !== declared.length) {
    cx.error('result-count', span, { wanted: declared.length, got: values.length });
    return undefined;
  }
  const order = returnOrder(
    cx,
    value,
    declared.map((o) => o.name?.text),
  );
  if (order === undefined) return undefined;
  const outputs: InstanceOutput[] = [];
  for (const [i, output] of declared.entries()) {
    const item = values[order[i] ?? i] ?? unknown;
    if (item.kind === 'unknown') return undefined;
    if (item.kind !== 'tensor') {
      cx.error('not-a-tensor', span, { what: describe(item, (t) => cx.show(t)), where: 'a result is a tensor' });
      return undefined;
    }
    const type = matchOutput(cx, signature, output.type, item, span);
    if (type === undefined) return undefined;
    outputs.push({ name: output.name?.text, local: item.local, type });
  }
  return outputs;
}

/**
 * Which returned value each output gets: by name if all values have names of outputs, or where a name was written; the others in order. `undefined` if a
 * written name is none of an output.
 */
function returnOrder(cx: Context, value: CheckValue, wanted: readonly (string | undefined)[]): readonly number[] | undefined {
  const inOrder = wanted.map((_, i) => i);
  if (value.kind !== 'tuple' || value.names === undefined) return inOrder;
  const { names, written = [] } = value;
  const stray = written.find((name) => name !== undefined && !wanted.includes(name.text));
  if (stray !== undefined && wanted.some((name) => name !== undefined)) {
    const known = wanted.filter((name) => name !== undefined);
    cx.error('unknown-output', stray.span, { name: stray.text, known, near: suggest(stray.text, known) });
    return undefined;
  }
  const chosen = names.every((n) => n !== undefined && wanted.includes(n)) ? names : written.map((name) => name?.text);
  const rest = inOrder.filter((i) => chosen[i] === undefined).values();
  return wanted.map((name, i) => {
    const at = name === undefined ? -1 : chosen.indexOf(name);
    return at >= 0 ? at : (rest.next().value ?? i);
  });
}

/** Checks one result against its declared type; names that only the result mentions take the size they find. */
function matchOutput(
  cx: Context,
  signature: Signature,
  declared: NonNullable<Signature['result']>['outputs'][number]['type'],
  value: TensorValue,
  span: Expr['span'],
): TensorType | undefined {
  const { type } = value.local;
  const dtype = dtypeOf(cx, declared);
  const text = cx.module.file.text.slice(declared.span.start, declared.span.end);
  const note = [{ span: declared.span, text: 'the signature says so here' }];
  if (dtype !== type.dtype) {
    cx.error('result-dtype', span, { wanted: dtype, got: type.dtype }, { notes: note });
    return undefined;
  }
  const { before, rest, after } = aroundRest(declared.dims);
  const rank = type.shape.length;
  const bound = rest === undefined ? [] : cx.rests.get(rest);
  if (bound === 'unknown') return type;
  const wantedRank = before.length + after.length + (bound?.length ?? 0);
  if (rest !== undefined && bound === undefined ? rank < wantedRank : rank !== wantedRank) {
    cx.error('result-mismatch', span, { wanted: text, got: showShape(type.shape), witness: undefined }, { notes: note });
    return undefined;
  }
  const between = bound ?? type.shape.slice(before.length, rank - after.length);
  if (rest !== undefined) cx.rests.set(rest, between);
  const wanted: Dim[] = [];
  for (const [k, formal] of [...before, ...after].entries()) {
    const axis = k < before.length ? k : rank - after.length + (k - before.length);
    const actual = type.shape[axis] ?? Dim.of(0);
    if (k === before.length) wanted.push(...between);
    const name = bareName(formal);
    if (name !== undefined && signature.dims.has(name) && cx.scope.find(name) === undefined) {
      // In the scope of this return: another one may give the name another size.
      cx.scope.define(name, { value: { kind: 'int', dim: actual }, span: formal.span, role: 'dim' });
      wanted.push(actual);
      continue;
    }
    const size = sizeOf(cx, formal.size);
    wanted.push(size ?? actual);
  }
  if (after.length === 0) wanted.push(...between);
  for (const [i, size] of wanted.entries()) {
    const answer = cx.settle(decideEqual(type.shape[i] ?? Dim.of(0), size, cx.facts));
    if (answer.kind === 'proved') continue;
    if (answer.kind === 'unknown') {
      cx.leaveOpen('result-mismatch', span, { kind: 'equal', left: type.shape[i] ?? Dim.of(0), right: size });
      continue;
    }
    const witness = answer.kind === 'not-always' ? witnessText(answer.witness) : undefined;
    cx.error(
      'result-mismatch',
      span,
      { wanted: showShape(wanted), got: showShape(type.shape), witness },
      { notes: note, table: { wanted: wanted.map(String), got: type.shape.map(String) } },
    );
    return undefined;
  }
  return { dtype, shape: wanted };
}
