import type { Block, CondExpr, Expr, Name, Pattern } from '../../1-syntax/ast.js';
import { spanBeside } from '../../diagnostics/anchor.js';
import type { Span } from '../../diagnostics/span.js';
import type { Step } from '../checked-model.js';
import type { Context } from '../context.js';
import { differenceOf } from '../sizes/same-type.js';
import { unequalHelp } from '../sizes/unequal-help.js';
import { inControlFlow, sizeInside } from '../statements/control-flow.js';
import { demanded } from '../values/absence.js';
import { promote } from '../values/scalars.js';
import { type CheckValue, describe, type Local, type TensorValue, unknown } from '../values/values.js';
import { reportNotTensor } from './not-a-tensor.js';

/** `cond c { a } else { b }`: a choice at run time. Both sides are checked, and their values have equal types. */
export function condValue(cx: Context, expr: CondExpr): CheckValue {
  const condition = conditionOf(cx, expr.condition);
  if (reportNoValue(cx, expr)) return unknown;
  const sides: Sides = { yes: sideOf(cx, expr.then), no: sideOf(cx, expr.otherwise), span: expr.span };
  const value = joined(cx, sides, sides.yes.value, sides.no.value);
  if (condition === undefined || value === undefined) return unknown;
  const { yes, no } = sides;
  const outputs = yes.results.map(({ type }, i) => {
    // The two types are equal; the one that can be read outside is used.
    const isInside = sizeInside(type, yes.sizes) !== undefined;
    return cx.local(isInside ? (no.results[i]?.type ?? type) : type, expr.span);
  });
  cx.steps.push({
    kind: 'cond',
    condition,
    sides: [yes, no],
    outputs,
    span: spanBeside(expr.span, expr.span.start, expr.condition.span.end),
  });
  return rebuilt(value, outputs.values());
}

/** Reports blocks that end without a value: most likely, they assign a name that is meant to leave them. */
function reportNoValue(cx: Context, { then, otherwise }: CondExpr): boolean {
  const blocks = [then, otherwise].filter(
    ({ value, statements }) => value === undefined && !statements.some(({ kind }) => kind === 'return'),
  );
  const [first] = blocks;
  if (first === undefined) return false;
  const assigned = first.statements.flatMap((statement) => (statement.kind === 'assign' ? namesIn(statement.target) : []));
  cx.error('missing-value', first.span, assigned.length === 0 ? {} : { names: [...new Set(assigned.map(({ text }) => text))] });
  for (const { text, span } of assigned) cx.scope.assign(text, { value: unknown, span, role: 'variable' }, cx.frame.scope);
  return true;
}

function namesIn(pattern: Pattern): readonly Name[] {
  return pattern.kind === 'bind' ? [pattern.name] : pattern.items.flatMap(namesIn);
}

interface Side {
  readonly value: CheckValue;
  readonly steps: Step[];
  /** The sizes that are made in it. */
  readonly sizes: ReadonlySet<string>;
  /** The tensors of the value, in order. */
  readonly results: Local[];
  readonly span: Span;
}

interface Sides {
  readonly yes: Side;
  readonly no: Side;
  readonly span: Span;
}

function conditionOf(cx: Context, expr: Expr): Local | undefined {
  const value = cx.evaluate(expr);
  if (value.kind === 'unknown') return undefined;
  if (value.kind === 'tensor') {
    const { dtype, shape } = value.local.type;
    if (dtype === 'bool' && shape.length === 0) return value.local;
    const kind = dtype !== 'bool' ? 'number' : 'several';
    cx.error('cond-condition', expr.span, { what: describe(value, (t) => cx.show(t)), kind });
    return undefined;
  }
  cx.error('cond-condition', expr.span, { what: describe(value, (t) => cx.show(t)), kind: value.kind === 'bool' ? 'known' : 'other' });
  return undefined;
}

function sideOf(cx: Context, block: Block): Side {
  const span = block.value?.span ?? block.span;
  const { value, steps, sizes } = inControlFlow(cx, { kind: 'cond' }, () => {
    return present(cx, cx.interpreter.runBlock(cx, block) ?? unknown, span, block.value);
  });
  return { value, steps: [...steps], sizes, results: [], span };
}

/** A value without anything absent in it. */
function present(cx: Context, value: CheckValue, span: Span, written?: Expr): CheckValue {
  if (value.kind !== 'tuple' && value.kind !== 'list') return demanded(cx, value, span, written);
  const parts = written?.kind === 'tuple' || written?.kind === 'list' ? written.items : [];
  return { ...value, items: value.items.map((item, i) => present(cx, item, parts[i]?.value.span ?? span, parts[i]?.value)) };
}

/** The value of both sides, whose tensors are added to their results; `undefined` if they do not fit, which is reported. */
function joined(cx: Context, sides: Sides, yes: CheckValue, no: CheckValue): CheckValue | undefined {
  if (yes.kind === 'unknown' || no.kind === 'unknown') return undefined;
  if ((yes.kind === 'tuple' || yes.kind === 'list') && yes.kind === no.kind && yes.items.length === no.items.length) {
    const items = yes.items.map((item, i) => joined(cx, sides, item, no.items[i] ?? unknown));
    if (!items.every((item) => item !== undefined)) return undefined;
    if (yes.kind === 'list' || no.kind === 'list') return { kind: 'list', items };
    const hasSameNames = yes.names?.every((name, i) => name === no.names?.[i]);
    return hasSameNames ? { ...yes, items } : { kind: 'tuple', items };
  }
  const [a, b] = [tensorOf(cx, yes, sides.yes, no), tensorOf(cx, no, sides.no, yes)];
  if (a === undefined || b === undefined) return undefined;
  const areInside = [a, b].every(({ local }, i) => sizeInside(local.type, (i === 0 ? sides.yes : sides.no).sizes) !== undefined);
  const difference = areInside ? { witness: undefined } : differenceOf(cx, a.local.type, b.local.type, 'cond-sides', sides.span);
  if (difference === undefined) {
    sides.yes.results.push(a.local);
    sides.no.results.push(b.local);
    return a;
  }
  const [x, y] = [a.local.type, b.local.type];
  const isAligned = x.shape.length === y.shape.length;
  cx.error(
    'cond-sides',
    sides.no.span,
    { yes: cx.show(x), no: cx.show(y), witness: difference.witness },
    {
      notes: [{ span: sides.yes.span, text: `the other side is ${cx.show(x)}` }],
      ...(isAligned ? { table: { wanted: x.shape.map(String), got: y.shape.map(String) } } : {}),
      ...(isAligned ? unequalHelp(cx, x.shape, y.shape) : {}),
    },
  );
  return undefined;
}

/** A tensor, or a number next to one, which becomes a scalar of its element type. */
function tensorOf(cx: Context, value: CheckValue, side: Side, other: CheckValue): TensorValue | undefined {
  if (value.kind === 'tensor') return value;
  if (other.kind === 'tensor' && (value.kind === 'int' || value.kind === 'float' || value.kind === 'bool')) {
    const outer = cx.steps;
    cx.steps = side.steps;
    const scalar = promote(cx, value, other.local.type.dtype, side.span);
    cx.steps = outer;
    return scalar?.kind === 'unknown' ? undefined : scalar;
  }
  const isTuple = value.kind === 'tuple' || value.kind === 'list';
  const where =
    isTuple && (other.kind === 'tuple' || other.kind === 'list')
      ? 'both sides of a `cond` give as many values'
      : 'a side of a `cond` gives a tensor, or several in parentheses';
  reportNotTensor(cx, value, side.span, where);
  return undefined;
}

/** The value with its tensors replaced, in order. */
function rebuilt(value: CheckValue, outputs: Iterator<Local>): CheckValue {
  if (value.kind === 'tuple' || value.kind === 'list') return { ...value, items: value.items.map((item) => rebuilt(item, outputs)) };
  return { kind: 'tensor', local: outputs.next().value as Local }; // there is one for each tensor
}
