import type { Expr, StorageStmt } from '../../1-syntax/ast.js';
import { exprsOf } from '../../1-syntax/walk.js';
import { suggest } from '../../diagnostics/suggest.js';
import { Dim } from '../../dims/dim.js';
import type { Initializer } from '../../ops/initializer.js';
import type { NdArray, TensorType } from '../../ops/types.js';
import type { Step } from '../checked-model.js';
import type { Context } from '../context.js';
import { failureOf } from '../sizes/failure.js';
import { unequalHelp } from '../sizes/unequal-help.js';
import { numberOf } from '../values/arithmetic.js';
import { promote } from '../values/scalars.js';
import { type CheckValue, describe, type Local } from '../values/values.js';
import { programOf } from './constant-programs.js';
import { initializerIn, initializerNames, isDeclared, namedInitializer, randomInitializers } from './initializers.js';

/** While sizes are variables, no values are made: only types are checked. */
const anything: Initializer = { kind: 'zeros' };

/**
 * The initial values of a `param` or `buffer`: an initializer, a number, a list, or an expression of operators on constants. A parameter
 * without one starts at zero. `undefined` if it is wrong, which is reported.
 */
export function initialValueOf(cx: Context, { name, init }: Pick<StorageStmt, 'name' | 'init'>, type: TensorType): Initializer | undefined {
  if (init === undefined) return { kind: 'zeros' };
  const named = initializerIn(cx, init);
  if (named !== undefined) return namedInitializer(cx, named, init);
  if (reportRandom(cx, init) || reportUnknown(cx, init)) return undefined;
  const { value, steps } = evaluated(cx, init);
  switch (value.kind) {
    case 'unknown':
      return cx.rigid ? anything : undefined;
    case 'int':
    case 'float':
    case 'bool':
      return scalarOf(cx, name.text, value, type, init);
    case 'list':
      return listOf(cx, name.text, value, type, init);
    case 'tensor':
      return computed(cx, name.text, value.local, steps, type, init);
    default:
      cx.error('bad-initializer', init.span, { what: describe(value, (t) => cx.show(t)), known: initializerNames });
      return undefined;
  }
}

/** The value of an expression, and the steps that make it, which do not belong to the body. */
function evaluated(cx: Context, init: Expr): { readonly value: CheckValue; readonly steps: readonly Step[] } {
  const outer = cx.steps;
  cx.steps = [];
  const value = cx.evaluate(init);
  const { steps } = cx;
  cx.steps = outer;
  return { value, steps };
}

/** Random values belong to one parameter: they depend on its name, and cannot be used in computations. */
function reportRandom(cx: Context, expr: Expr): boolean {
  if (expr.kind === 'name' && randomInitializers.has(expr.name) && !isDeclared(cx, expr.name)) {
    cx.error('random-operand', expr.span, { name: expr.name });
    return true;
  }
  return exprsOf(expr).some((inner) => reportRandom(cx, inner));
}

/** `gaussian(0.1)`: an unknown name where an initializer is expected. */
function reportUnknown(cx: Context, init: Expr): boolean {
  const named = init.kind === 'call' ? init.callee : undefined;
  if (named?.kind !== 'name') return false;
  const { name, span } = named;
  const before = cx.problems;
  cx.problems = [];
  cx.evaluate(named);
  const isUnknown = cx.problems.some((problem) => problem.code === 'unknown-name');
  cx.problems = before;
  if (isUnknown) cx.error('unknown-initializer', span, { name, near: suggest(name, initializerNames), known: initializerNames });
  return isUnknown;
}

// ---------------------------------------------------------------- numbers and lists

function scalarOf(cx: Context, name: string, value: CheckValue, type: TensorType, init: Expr): Initializer | undefined {
  if (value.kind === 'int' && value.dim.constant === undefined && !cx.rigid) {
    cx.error('initial-value-reads', init.span, { name, what: { kind: 'size', name: String(value.dim) } });
    return undefined;
  }
  const scalar = promote(cx, value, type.dtype, init.span);
  if (scalar === undefined || scalar.kind === 'unknown') return undefined;
  const number = value.kind === 'bool' ? Number(value.value) : value.kind === 'int' || value.kind === 'float' ? numberOf(value) : undefined;
  return number === undefined ? anything : { kind: 'constant', value: number };
}

/** `[0.485, 0.456, 0.406]`, and lists of lists, as a tensor of the declared element type. */
function listOf(cx: Context, name: string, list: CheckValue, type: TensorType, init: Expr): Initializer | undefined {
  const shape: number[] = [];
  for (let at: CheckValue | undefined = list; at?.kind === 'list'; at = at.items[0]) shape.push(at.items.length);
  const data: number[] = [];
  const gather = (value: CheckValue, axis: number): boolean => {
    if (value.kind === 'list' && axis < shape.length) {
      if (value.items.length === shape[axis]) return value.items.every((item) => gather(item, axis + 1));
      cx.error('ragged-list', init.span, { lengths: [shape[axis] ?? 0, value.items.length] });
      return false;
    }
    if (value.kind === 'unknown') return false;
    const isNumber = value.kind === 'int' || value.kind === 'float' || value.kind === 'bool';
    if (!isNumber || axis < shape.length) {
      cx.error('bad-initializer', init.span, { what: `a list with ${describe(value, (t) => cx.show(t))} in it`, known: initializerNames });
      return false;
    }
    const scalar = scalarOf(cx, name, value, type, init);
    if (scalar?.kind === 'constant') data.push(scalar.value);
    else if (scalar !== undefined) data.push(0);
    return scalar !== undefined;
  };
  if (!gather(list, 0)) return cx.rigid && cx.problems.length === 0 ? anything : undefined;
  if (!fits(cx, name, { dtype: type.dtype, shape: shape.map((size) => Dim.of(size)) }, type, init)) return undefined;
  const array: NdArray = { dtype: type.dtype, shape, data: Float64Array.from(data) };
  return { kind: 'computed', program: { steps: [{ kind: 'constant', array }], result: { step: 0, output: 0 } } };
}

// ---------------------------------------------------------------- computed values

function computed(cx: Context, name: string, result: Local, own: readonly Step[], type: TensorType, init: Expr): Initializer | undefined {
  const program = programOf(result, [...cx.steps, ...own], { isOpen: cx.rigid, limit: cx.session.limits.graphNodes });
  if ('reads' in program) {
    cx.error('initial-value-reads', init.span, { name, what: program.reads });
    return undefined;
  }
  if ('tooLong' in program) {
    cx.error('too-many-nodes', init.span, { limit: cx.session.limits.graphNodes });
    return undefined;
  }
  if (!fits(cx, name, result.type, type, init)) return undefined;
  return cx.rigid ? anything : { kind: 'computed', program };
}

/** Whether a value has the declared type or broadcasts to it: an axis may be missing on the left, or be a literal 1. Reports it otherwise. */
function fits(cx: Context, name: string, value: TensorType, declared: TensorType, { span }: Expr): boolean {
  const report = (witness: string | undefined): false => {
    const [wanted, got] = [declared, value].map((type) => type.shape.map(String));
    const isTable = wanted !== undefined && got !== undefined && wanted.length === got.length;
    cx.error(
      'initial-value-type',
      span,
      {
        name,
        wanted: cx.show(declared),
        got: cx.show(value),
        witness,
        cast: value.dtype === declared.dtype ? undefined : declared.dtype === cx.float ? 'float_type' : declared.dtype,
      },
      isTable && value.dtype === declared.dtype ? { table: { wanted, got }, ...unequalHelp(cx, declared.shape, value.shape) } : {},
    );
    return false;
  };
  const missing = declared.shape.length - value.shape.length;
  if (value.dtype !== declared.dtype || missing < 0) return report(undefined);
  for (const [i, size] of value.shape.entries()) {
    const wanted = declared.shape[missing + i] ?? Dim.of(0);
    if (size.constant === 1) continue;
    const failure = failureOf(cx, { kind: 'equal', left: size, right: wanted }, 'initial-value-type', span);
    if (failure !== undefined) return report(failure.witness);
  }
  return true;
}
