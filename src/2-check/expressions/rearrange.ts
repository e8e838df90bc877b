import type { Expr, RearrangePattern } from '../../1-syntax/ast.js';
import { Dim } from '../../dims/dim.js';
import { flatMap } from '../../lists.js';
import { showShape } from '../../ops/types.js';
import type { Argument, CallSite, Context } from '../context.js';
import { demandExact } from '../sizes/divisors.js';
import { failureOf } from '../sizes/failure.js';
import { sizeOf } from '../sizes/type-expressions.js';
import { type CheckValue, unknown } from '../values/values.js';
import { reportNotTensor } from './not-a-tensor.js';

/** One axis of a pattern, split into factors: `h * d` is two. A factor is identified by its text, which has no blanks. */
interface Factor {
  readonly text: string;
  readonly expr: Expr;
}

/** `rearrange(x, [N, T, h * d] => [N, h, T, d])`: a checked split, transposition and merge of axes, as in einops. */
export function applyRearrange(cx: Context, args: readonly Argument[], site: CallSite): CheckValue {
  const [tensor, second] = args;
  const pattern = second?.expr;
  if (tensor === undefined || pattern?.kind !== 'rearrange-pattern' || args.length > 2) {
    cx.error('rearrange-form', site.span, {});
    return unknown;
  }
  if (tensor.value.kind === 'unknown') return unknown;
  if (tensor.value.kind !== 'tensor') {
    reportNotTensor(cx, tensor.value, tensor.span, '`rearrange` moves the axes of a tensor');
    return unknown;
  }
  const { shape } = tensor.value.local.type;
  if (pattern.from.length !== shape.length) {
    cx.error('rearrange-rank', pattern.span, { axes: pattern.from.length, got: showShape(shape) });
    return unknown;
  }
  const before = pattern.from.map((expr) => factorsOf(cx, expr));
  const after = pattern.to.map((expr) => factorsOf(cx, expr));
  const from = flatMap(before, (factors) => factors);
  const to = flatMap(after, (factors) => factors);
  if (reportTwice(cx, from) || reportTwice(cx, to)) return unknown;
  const sizes = solveSizes(cx, pattern, before, shape);
  if (sizes === undefined) return unknown;
  const order = match(cx, pattern, from, to);
  if (order === undefined) return unknown;

  const sizeOfFactor = ({ text, expr }: Factor): Dim => sizes.get(text) ?? Dim.of(expr.kind === 'number' ? expr.value : 1);
  const split = from.filter((f) => !isOne(f));
  let value: CheckValue = tensor.value;
  const reshape = (target: readonly Dim[]) => {
    if (value.kind !== 'tensor') return;
    const now = value.local.type.shape;
    if (now.length === target.length && now.every((d, i) => d.equals(target[i] ?? Dim.of(-1)))) return;
    value = cx.interpreter.callOp(cx, 'reshape', [value], { shape: target }, site.span);
  };
  reshape(split.map(sizeOfFactor));
  if (order.some((from, to) => from !== to) && value.kind === 'tensor')
    value = cx.interpreter.callOp(cx, 'transpose', [value], { perm: order }, site.span);
  reshape(after.map((factors) => factors.reduce((product, f) => product.mul(sizeOfFactor(f)), Dim.of(1))));
  return value;
}

function isOne(factor: Factor): boolean {
  return factor.expr.kind === 'number' && factor.expr.value === 1;
}

function factorsOf(cx: Context, expr: Expr): readonly Factor[] {
  if (expr.kind === 'binary' && expr.op === '*') return [...factorsOf(cx, expr.left), ...factorsOf(cx, expr.right)];
  if (expr.kind === 'name') return [{ text: expr.name, expr }];
  const text = expr.kind === 'number' ? String(expr.value) : cx.module.file.text.slice(expr.span.start, expr.span.end).replace(/\s+/g, '');
  return [{ text, expr }];
}

/** Reports a factor that appears twice on one side, which is ambiguous; an axis of size `1` may repeat. */
function reportTwice(cx: Context, factors: readonly Factor[]): boolean {
  const seen = new Map<string, Factor>();
  for (const factor of factors) {
    const first = seen.get(factor.text);
    if (first === undefined || isOne(factor)) seen.set(factor.text, factor);
    else {
      const notes = [{ span: first.expr.span, text: 'it appears here first' }];
      cx.error('rearrange-names', factor.expr.span, { name: factor.text, problem: 'twice' }, { notes });
      return true;
    }
  }
  return false;
}

/** The size of every factor on the left: known names keep their sizes, and at most one new name per axis is computed by exact division. */
function solveSizes(
  cx: Context,
  pattern: RearrangePattern,
  factors: readonly (readonly Factor[])[],
  shape: readonly Dim[],
): ReadonlyMap<string, Dim> | undefined {
  const sizes = new Map<string, Dim>();
  for (const [axis, expr] of pattern.from.entries()) {
    const actual = shape[axis] ?? Dim.of(1);
    let known = Dim.of(1);
    let open: Factor | undefined;
    for (const factor of factors[axis] ?? []) {
      const isNew = factor.expr.kind === 'name' && cx.scope.find(factor.expr.name) === undefined && !sizes.has(factor.text);
      if (isNew && open !== undefined) {
        cx.error('rearrange-two-unknowns', expr.span, { names: [open.text, factor.text] });
        return undefined;
      }
      if (isNew) {
        open = factor;
        continue;
      }
      const size = sizes.get(factor.text) ?? sizeOf(cx, factor.expr);
      if (size === undefined) return undefined;
      sizes.set(factor.text, size);
      known = known.mul(size);
    }
    if (open !== undefined) {
      if (!demandExact(cx, known, actual, expr.span)) return undefined;
      sizes.set(open.text, actual.floorDiv(known));
      continue;
    }
    const failure = failureOf(cx, { kind: 'equal', left: actual, right: known }, 'rearrange-size', expr.span);
    if (failure === undefined) continue;
    cx.error('rearrange-size', expr.span, {
      text: cx.module.file.text.slice(expr.span.start, expr.span.end),
      wanted: String(known),
      got: String(actual),
      ...failure,
    });
    return undefined;
  }
  return sizes;
}

/** For every axis after the split, its position before; `undefined` if a factor is missing or new. */
function match(cx: Context, pattern: RearrangePattern, from: readonly Factor[], to: readonly Factor[]): readonly number[] | undefined {
  const left = from.filter((f) => !isOne(f)).map((f) => f.text);
  const right = to.filter((f) => !isOne(f));
  const order: number[] = [];
  for (const factor of right) {
    const at = left.indexOf(factor.text);
    if (at < 0) {
      cx.error('rearrange-names', factor.expr.span, { name: factor.text, problem: 'right only' });
      return undefined;
    }
    order.push(at);
  }
  const lost = left.findIndex((_, i) => !order.includes(i));
  if (lost >= 0) {
    cx.error('rearrange-names', pattern.span, { name: left[lost] ?? '', problem: 'left only' });
    return undefined;
  }
  return order;
}
