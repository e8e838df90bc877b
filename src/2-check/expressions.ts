import type {
  BinaryExpr,
  Block,
  CallExpr,
  Expr,
  IfExpr,
  LabelExpr,
  LabelSegment,
  MemberExpr,
  PipeExpr,
  StringExpr,
} from '../1-syntax/ast.js';
import { unreachable } from '../diagnostics/internal-error.js';
import { decideEqual } from '../dims/decide.js';
import { Dim, DimError } from '../dims/dim.js';
import { compileTimeBinary, not } from './arithmetic.js';
import { joinValues, withFacts } from './branches.js';
import { textOf } from './builtins.js';
import { type Argument, type CallSite, type Context, spanKey } from './context.js';
import { evaluateIndex } from './indexing.js';
import { evaluateName } from './names.js';
import { promote } from './scalars.js';
import { shapeOf, typeOf } from './type-expressions.js';
import { type BoolValue, type CheckValue, describe, type Label, type LayerValue, nameOfFn, unknown } from './values.js';
import { weightOf } from './weights.js';
import { witnessText } from './witness-text.js';

/** The value of an expression. Never throws for the user's mistakes: they are reported and the value is `unknown`. */
export function evaluate(cx: Context, expr: Expr): CheckValue {
  try {
    return evaluateUnguarded(cx, expr);
  } catch (error) {
    if (!(error instanceof DimError)) throw error;
    cx.error(error.code, expr.span, { message: error.message });
    return unknown;
  }
}

function evaluateUnguarded(cx: Context, expr: Expr): CheckValue {
  switch (expr.kind) {
    case 'number':
      return expr.isInt ? { kind: 'int', dim: Dim.of(expr.value) } : { kind: 'float', value: expr.value };
    case 'string':
      return stringValue(cx, expr);
    case 'bool':
      return { kind: 'bool', value: expr.value };
    case 'name':
      return evaluateName(cx, expr);
    case 'list':
      return listValue(cx, expr.items);
    case 'comprehension':
      return comprehension(cx, expr);
    case 'tuple': {
      const items = expr.items.map((item) => cx.evaluate(item.value));
      const names = expr.items.map((item) => item.name?.text ?? (item.value.kind === 'name' ? item.value.name : undefined));
      return { kind: 'tuple', items, names };
    }
    case 'call':
      return call(cx, expr, undefined, []);
    case 'index':
      return evaluateIndex(cx, expr);
    case 'member':
      return member(cx, expr);
    case 'present':
      return present(cx, expr);
    case 'unary':
      return unary(cx, expr);
    case 'binary':
      return binary(cx, expr);
    case 'range':
      return rangeValue(cx, expr);
    case 'pipe':
      return pipe(cx, expr);
    case 'label':
      return labelled(cx, expr, []);
    case 'as':
      return checkedAs(cx, expr);
    case 'if':
      return ifValue(cx, expr);
    case 'rearrange-pattern':
      cx.error('misplaced-pattern', expr.span, {});
      return unknown;
    case 'error':
      return unknown;
    default:
      return unreachable(expr, 'expression');
  }
}

function stringValue(cx: Context, expr: StringExpr): CheckValue {
  let text: string | undefined = '';
  for (const part of expr.parts) {
    const piece = typeof part === 'string' ? part : textOf(cx.evaluate(part));
    text = text === undefined || piece === undefined ? undefined : text + piece;
  }
  return { kind: 'string', value: text };
}

function listValue(cx: Context, items: readonly { readonly value: Expr; readonly spread: boolean }[]): CheckValue {
  const values: CheckValue[] = [];
  for (const { value: item, spread } of items) {
    const value = cx.evaluate(item);
    if (!spread) values.push(value);
    else if (value.kind === 'list' || value.kind === 'tuple') values.push(...value.items);
    else {
      if (value.kind !== 'unknown') cx.error('not-a-list', item.span, { what: describe(value, (t) => cx.show(t)) });
      return unknown;
    }
  }
  return { kind: 'list', items: values };
}

function comprehension(cx: Context, expr: Extract<Expr, { kind: 'comprehension' }>): CheckValue {
  const source = cx.evaluate(expr.iterable);
  if (source.kind !== 'list' && source.kind !== 'tuple') {
    if (source.kind !== 'unknown') cx.error('not-a-list', expr.iterable.span, { what: describe(source, (t) => cx.show(t)) });
    return unknown;
  }
  const items: CheckValue[] = [];
  for (const item of source.items) {
    if (!cx.session.countIteration()) {
      cx.error('too-many-iterations', expr.span, { limit: cx.session.limits.iterations });
      return unknown;
    }
    items.push(
      cx.nested(() => {
        cx.interpreter.bindPattern(cx, expr.target, item, 'loop');
        return cx.evaluate(expr.value);
      }),
    );
  }
  return { kind: 'list', items };
}

/** `0..n` as a list; unknown where `n` is a variable. */
function rangeValue(cx: Context, expr: Extract<Expr, { kind: 'range' }>): CheckValue {
  const start = cx.evaluate(expr.start);
  const end = cx.evaluate(expr.end);
  if (start.kind !== 'int' || end.kind !== 'int') {
    for (const [value, side] of [
      [start, expr.start],
      [end, expr.end],
    ] as const) {
      if (value.kind !== 'unknown' && value.kind !== 'int')
        cx.error('not-an-integer', side.span, { what: describe(value, (t) => cx.show(t)), where: 'the bounds of a range' });
    }
    return unknown;
  }
  const from = start.dim.constant;
  const to = end.dim.constant;
  if (from === undefined || to === undefined) {
    if (!cx.rigid) cx.error('not-a-constant', expr.span, { what: 'the length of this range', size: String(end.dim.sub(start.dim)) });
    return unknown;
  }
  if (to - from > cx.session.limits.iterations) {
    cx.error('too-many-iterations', expr.span, { limit: cx.session.limits.iterations });
    return unknown;
  }
  return { kind: 'list', items: Array.from({ length: Math.max(0, to - from) }, (_, i) => ({ kind: 'int', dim: Dim.of(from + i) })) };
}

// ---------------------------------------------------------------- calls and stages

function evaluateArgs(cx: Context, expr: CallExpr): readonly Argument[] {
  return expr.args.map((arg) => ({
    name: arg.name?.text,
    value: arg.value.kind === 'rearrange-pattern' ? unknown : cx.evaluate(arg.value),
    span: arg.value.span,
    expr: arg.value,
  }));
}

/** `callee(args)` with the piped tensors, if any, before the written arguments. */
function call(cx: Context, expr: CallExpr, label: Label | undefined, piped: readonly Argument[]): CheckValue {
  const callee = cx.evaluate(expr.callee);
  const args = evaluateArgs(cx, expr);
  const site: CallSite = { span: expr.span, calleeSpan: expr.callee.span, label };
  if (callee.kind === 'layer' && callee.hyper === undefined && callee.decl.hyper !== undefined) {
    // The first list makes the layer; a pipeline then applies it, and so does nothing else.
    const made = cx.interpreter.apply(cx, callee, args, { span: expr.span, calleeSpan: expr.callee.span });
    if (made.kind !== 'layer') return made;
    const named = label === undefined ? made : { ...made, label };
    return piped.length === 0 ? named : cx.interpreter.apply(cx, named, piped, site);
  }
  const target = callee.kind === 'layer' && label !== undefined ? relabel(cx, callee, label) : callee;
  if (label !== undefined && callee.kind === 'fn') return labelOnFunction(cx, callee, label);
  return cx.interpreter.apply(cx, target, [...piped, ...args], site);
}

function relabel(cx: Context, layer: LayerValue, label: Label): LayerValue {
  if (layer.shared !== undefined) {
    cx.error(
      'label-on-shared',
      label.span,
      { label: label.text, shared: layer.shared.label },
      { notes: [{ span: layer.shared.span, text: `its weights are called \`${layer.shared.label}\` here` }] },
    );
    return layer;
  }
  return { ...layer, label };
}

function labelOnFunction(cx: Context, callee: Extract<CheckValue, { kind: 'fn' }>, label: Label): CheckValue {
  cx.error('label-on-function', label.span, { label: label.text, name: nameOfFn(callee) });
  return unknown;
}

function pipe(cx: Context, expr: PipeExpr): CheckValue {
  const value = cx.evaluate(expr.left);
  return stage(cx, expr.stage, { value, span: expr.left.span });
}

/** Applies a stage of a pipeline to the value on its left. */
function stage(cx: Context, expr: Expr, left: Argument): CheckValue {
  if (left.value.kind === 'unknown') {
    // Only what stands on its own in the stage can be checked.
    if (expr.kind === 'name') cx.evaluate(expr);
    return unknown;
  }
  const piped: Argument = { ...left, value: singleOutput(cx, left) };
  if (piped.value.kind === 'unknown') return unknown;
  if (expr.kind === 'call') return call(cx, expr, undefined, [piped]);
  if (expr.kind === 'label') return labelled(cx, expr, [piped]);
  if (expr.kind === 'as') {
    ascribe(cx, expr);
    return checkAs(cx, expr, stage(cx, expr.value, left));
  }
  const callee = cx.evaluate(expr);
  if (callee.kind === 'unknown') return unknown;
  if (callee.kind === 'fn' || callee.kind === 'layer' || callee.kind === 'namespace')
    return applyBare(cx, callee, [piped], { span: expr.span, calleeSpan: expr.span });
  cx.error('not-a-stage', expr.span, { what: describe(callee, (t) => cx.show(t)) });
  return unknown;
}

/** A tensor goes into a pipeline; the outputs of a layer with several do not go in together. */
function singleOutput(cx: Context, left: Argument): CheckValue {
  if (left.value.kind !== 'tuple' || left.value.names === undefined) return left.value;
  const [only] = left.value.items;
  if (left.value.items.length === 1 && only !== undefined) return only;
  cx.error('several-outputs', left.span, { count: left.value.items.length, names: left.value.names.map((n, i) => n ?? `out${i}`) });
  return unknown;
}

/** Applies a layer or function that was named without an argument list: `x -> BatchNorm2d`. */
function applyBare(cx: Context, callee: CheckValue, piped: readonly Argument[], site: CallSite): CheckValue {
  if (callee.kind === 'layer' && callee.hyper === undefined && callee.decl.hyper !== undefined) {
    const made = cx.interpreter.apply(cx, callee, [], { span: site.span, calleeSpan: site.calleeSpan });
    return made.kind === 'layer'
      ? cx.interpreter.apply(cx, callee.label === undefined ? made : { ...made, label: callee.label }, piped, site)
      : made;
  }
  return cx.interpreter.apply(cx, callee, piped, site);
}

function labelled(cx: Context, expr: LabelExpr, piped: readonly Argument[]): CheckValue {
  const label: Label = { text: labelText(cx, expr.segments), span: expr.labelSpan };
  const { target } = expr;
  if (target.kind === 'call') return call(cx, target, label, piped);
  const value = cx.evaluate(target);
  if (value.kind === 'unknown') return unknown;
  if (value.kind === 'fn') return labelOnFunction(cx, value, label);
  if (value.kind !== 'layer') {
    cx.error('label-on-value', expr.labelSpan, { label: label.text, what: describe(value, (t) => cx.show(t)) });
    return unknown;
  }
  const named = relabel(cx, value, label);
  if (piped.length > 0) return applyBare(cx, named, piped, { span: target.span, calleeSpan: target.span, label });
  // Bound without hyperparameters: `norm = ln: LayerNorm`.
  if (named.hyper !== undefined || named.decl.hyper === undefined) return named;
  const made = cx.interpreter.apply(cx, named, [], { span: target.span, calleeSpan: target.span });
  return made.kind === 'layer' ? { ...made, label } : made;
}

/** `layers.3`: the segments of a label joined by dots; `?` for a part that is not known while sizes are variables. */
function labelText(cx: Context, segments: readonly LabelSegment[]): string {
  return segments
    .map((segment) => {
      if (segment.kind === 'word') return segment.name.text;
      const value = cx.evaluate(segment.value);
      if (segment.kind === 'index' && value.kind !== 'int' && value.kind !== 'string' && value.kind !== 'unknown') {
        cx.error('not-an-integer', segment.value.span, { what: describe(value, (t) => cx.show(t)), where: 'the index of a label' });
      }
      return textOf(value) ?? '?';
    })
    .join('.');
}

// ---------------------------------------------------------------- members, presence, operators

function member(cx: Context, expr: MemberExpr): CheckValue {
  const object = cx.evaluate(expr.object);
  const name = expr.name.text;
  switch (object.kind) {
    case 'unknown':
      return unknown;
    case 'namespace':
      return { kind: 'namespace', member: name };
    case 'tensor':
      if (name === 'T') {
        const rank = object.local.type.shape.length;
        if (rank >= 2)
          return cx.interpreter.callOp(cx, 'transpose', [object], { perm: [...Array(rank - 2).keys(), rank - 1, rank - 2] }, expr.span);
        cx.error('rank-mismatch', expr.span, { message: `\`.T\` swaps the last two axes, but this tensor has rank ${rank}` });
        return unknown;
      }
      break;
    case 'tuple': {
      const at = object.names?.indexOf(name) ?? -1;
      const item = object.items[at];
      if (item !== undefined) return item;
      break;
    }
    case 'layer':
      return weightOf(cx, object, expr);
    default:
  }
  const known = object.kind === 'tensor' ? ['T'] : object.kind === 'tuple' ? (object.names ?? []).filter((n) => n !== undefined) : [];
  cx.error('unknown-member', expr.name.span, { name, what: describe(object, (t) => cx.show(t)), known });
  return unknown;
}

function present(cx: Context, expr: Extract<Expr, { kind: 'present' }>): CheckValue {
  const value = expr.object.kind === 'name' ? cx.scope.find(expr.object.name)?.value : cx.evaluate(expr.object);
  if (value === undefined) {
    cx.evaluate(expr.object);
    return unknown;
  }
  if (value.kind === 'unknown') return { kind: 'bool', value: undefined };
  if (value.kind === 'tensor' && expr.object.kind === 'name' && cx.rigid && cx.optional.has(expr.object.name))
    return { kind: 'bool', value: undefined };
  return { kind: 'bool', value: value.kind !== 'absent' };
}

function unary(cx: Context, expr: Extract<Expr, { kind: 'unary' }>): CheckValue {
  const value = cx.evaluate(expr.operand);
  switch (value.kind) {
    case 'unknown':
      return unknown;
    case 'int':
      if (expr.op === '-') return { kind: 'int', dim: value.dim.neg() };
      break;
    case 'float':
      if (expr.op === '-') return { kind: 'float', value: value.value === undefined ? undefined : -value.value };
      break;
    case 'bool':
      if (expr.op === '!') return not(value);
      break;
    case 'tensor':
      return cx.interpreter.callOp(cx, expr.op === '-' ? 'neg' : 'logical_not', [value], {}, expr.span);
    default:
  }
  cx.error('bad-operand', expr.span, { op: expr.op, what: [describe(value, (t) => cx.show(t))] });
  return unknown;
}

const tensorOps: Readonly<Record<BinaryExpr['op'], string | undefined>> = {
  '+': 'add',
  '-': 'sub',
  '*': 'mul',
  '/': 'div',
  '//': 'floor_div',
  '%': 'mod',
  '@': 'matmul',
  '**': 'pow',
  '<': 'less',
  '<=': 'less_equal',
  '>': 'greater',
  '>=': 'greater_equal',
  '==': 'equal',
  '!=': 'not_equal',
  '&': 'logical_and',
  '|': 'logical_or',
  '&&': 'logical_and',
  '||': 'logical_or',
  in: undefined,
};

function binary(cx: Context, expr: BinaryExpr): CheckValue {
  const left = cx.evaluate(expr.left);
  // `a && b` does not look at `b` where `a` decides, so that `len(xs) > 0 && xs[0] == 1` is safe.
  if (left.kind === 'bool' && left.value !== undefined) {
    if ((expr.op === '&&' || expr.op === '&') && !left.value) return left;
    if ((expr.op === '||' || expr.op === '|') && left.value) return left;
  }
  const right = cx.evaluate(expr.right);
  if (left.kind === 'unknown' || right.kind === 'unknown') return unknown;
  const op = tensorOps[expr.op];
  if (left.kind === 'tensor' || right.kind === 'tensor') {
    const a =
      left.kind === 'tensor' ? left : right.kind === 'tensor' ? promote(cx, left, right.local.type.dtype, expr.left.span) : undefined;
    const b =
      right.kind === 'tensor' ? right : left.kind === 'tensor' ? promote(cx, right, left.local.type.dtype, expr.right.span) : undefined;
    if (a === 'reported' || b === 'reported') return unknown;
    if (a !== undefined && b !== undefined && op !== undefined) return cx.interpreter.callOp(cx, op, [a, b], {}, expr.span);
  } else {
    const value = compileTimeBinary(cx, expr.op, left, right, expr.span);
    if (value !== undefined && !(value.kind === 'float' && value.value === undefined && !cx.rigid)) return value;
    // A number computed from sizes that are known at run time only is computed there.
    if (value !== undefined && op !== undefined) {
      const a = promote(cx, left, cx.float, expr.left.span);
      const b = promote(cx, right, cx.float, expr.right.span);
      if (a === 'reported' || b === 'reported') return unknown;
      if (a !== undefined && b !== undefined) return cx.interpreter.callOp(cx, op, [a, b], {}, expr.span);
    }
  }
  cx.error('bad-operand', expr.span, { op: expr.op, what: [left, right].map((v) => describe(v, (t) => cx.show(t))) });
  return unknown;
}

// ---------------------------------------------------------------- as, if

function checkedAs(cx: Context, expr: Extract<Expr, { kind: 'as' }>): CheckValue {
  ascribe(cx, expr);
  return checkAs(cx, expr, cx.evaluate(expr.value));
}

/** Lets an ONNX operator whose output type is not known take the written one. */
function ascribe(cx: Context, expr: Extract<Expr, { kind: 'as' }>): void {
  if (!expr.full) return;
  const type = typeOf(cx, expr.type);
  if (type !== undefined) cx.ascriptions.set(spanKey(expr.value.span), type);
}

/** A checked comment: the shape must be proved equal. */
function checkAs(cx: Context, expr: Extract<Expr, { kind: 'as' }>, value: CheckValue): CheckValue {
  if (value.kind === 'unknown') return unknown;
  const target = value.kind === 'tuple' && value.items.length === 1 ? value.items[0] : value;
  if (target?.kind !== 'tensor') {
    cx.error('not-a-tensor', expr.value.span, { what: describe(value, (t) => cx.show(t)), where: '`as` checks the shape of a tensor' });
    return unknown;
  }
  const shape = shapeOf(cx, expr.type);
  if (shape === undefined) return value;
  const { type } = target.local;
  const declared = expr.full ? typeOf(cx, expr.type)?.dtype : undefined;
  if (declared !== undefined && declared !== type.dtype) {
    cx.error('as-dtype', expr.type.span, { wanted: declared, got: type.dtype });
    return value;
  }
  const fix = [{ title: `write ${showDims(type.shape)}`, edits: [{ span: expr.type.span, text: showDims(type.shape) }] }];
  const table = { wanted: shape.map(String), got: type.shape.map(String) };
  if (shape.length !== type.shape.length) {
    cx.error(
      'as-mismatch',
      expr.type.span,
      { wanted: showDims(shape), got: showDims(type.shape), witness: undefined },
      { fixes: expr.full ? [] : fix, table },
    );
    return value;
  }
  for (const [i, wanted] of shape.entries()) {
    const answer = cx.settle(decideEqual(type.shape[i] ?? Dim.of(0), wanted, cx.facts));
    if (answer.kind === 'proved' || answer.kind === 'unknown') continue;
    const witness = answer.kind === 'not-always' ? witnessText(answer.witness) : undefined;
    cx.error(
      'as-mismatch',
      expr.type.span,
      { wanted: showDims(shape), got: showDims(type.shape), witness },
      { fixes: expr.full ? [] : fix, table },
    );
    return value;
  }
  return value;
}

function showDims(shape: readonly Dim[]): string {
  return `[${shape.join(', ')}]`;
}

/** `if` as a value: the branch that is taken, or, where that is open, both, which must then agree. */
function ifValue(cx: Context, expr: IfExpr): CheckValue {
  const condition = conditionOf(cx, expr.condition);
  const branch = (block: Block | IfExpr | undefined): CheckValue => {
    if (block === undefined) {
      cx.error('missing-else', expr.span, {});
      return unknown;
    }
    if ('kind' in block) return cx.evaluate(block);
    const { value, flow } = cx.interpreter.runBlock(cx, block);
    if (value === undefined && flow === 'goes-on') cx.error('missing-value', block.span, {});
    return value ?? unknown;
  };
  if (condition.kind === 'unknown') return unknown;
  if (condition.value !== undefined) return branch(condition.value ? expr.then : expr.otherwise);
  const yes = withFacts(cx, condition.whenTrue ?? [], () => branch(expr.then));
  const no = withFacts(cx, condition.whenFalse ?? [], () => branch(expr.otherwise));
  return joinValues(cx, yes, no);
}

/** The condition of an `if`; open only while sizes are variables. */
export function conditionOf(cx: Context, expr: Expr): BoolValue | { readonly kind: 'unknown' } {
  const value = cx.evaluate(expr);
  if (value.kind === 'unknown') return cx.rigid ? { kind: 'bool', value: undefined } : unknown;
  if (value.kind !== 'bool') {
    cx.error('bad-condition', expr.span, { what: describe(value, (t) => cx.show(t)), tensor: value.kind === 'tensor' });
    return unknown;
  }
  if (value.value === undefined && !cx.rigid) {
    cx.error('not-a-constant', expr.span, { what: 'this condition', size: value.dependsOn ?? 'a size of the input' });
    return unknown;
  }
  return value;
}
