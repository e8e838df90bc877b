import type { AssignStmt, Block, IfStmt, LetPattern, ReturnStmt, Stmt, StorageStmt, TensorTypeExpr } from '../../1-syntax/ast.js';
import { placeKey } from '../../diagnostics/anchor.js';
import { unreachable } from '../../diagnostics/internal-error.js';
import type { Dim } from '../../dims/dim.js';
import type { Context } from '../context.js';
import { initialValueOf } from '../layers/initial-values.js';
import type { Claim } from '../layers/labels.js';
import type { Binding } from '../modules/scope.js';
import { isWrittenEmpty } from '../modules/signature.js';
import type { OpenDemand } from '../session.js';
import { sizeOfData } from '../sizes/new-sizes.js';
import { typeOf } from '../sizes/type-expressions.js';
import { declareState } from '../states/declare-state.js';
import { setState } from '../states/set-state.js';
import { makeStateSizes } from '../states/state-sizes.js';
import { textOf } from '../values/builtins.js';
import { conditionOf, decide } from '../values/conditions.js';
import { type CheckValue, describe, unknown } from '../values/values.js';
import { assertThat } from './assertions.js';
import { bindPattern, define, refuseFixed } from './binding.js';
import { reportTaken } from './joined-scopes.js';
import { runFor } from './loops.js';
import { emit, nextInScan, runScan } from './scan.js';
import { reportUnreachable } from './unreachable.js';

/** Runs the statements of a block; its value is that of the expression at its end, if any. */
export function runBlock(cx: Context, block: Block): CheckValue | undefined {
  return cx.nested(() => {
    runStatements(cx, block);
    return cx.flow !== 'goes-on' || block.value === undefined ? undefined : cx.evaluateOptional(block.value);
  });
}

/** Runs the statements of a block, up to one that returns, in the current scope. */
export function runStatements(cx: Context, block: Block): void {
  for (const statement of block.statements) {
    run(cx, statement);
    if (cx.flow === 'goes-on') continue;
    // A use takes only one path, since its hyperparameters are numbers, so it cannot show what is unreachable.
    if (cx.flow === 'ended' && (cx.isDefinition || cx.isLetBlock)) reportUnreachable(cx, block, block.statements.indexOf(statement));
    return;
  }
}

function run(cx: Context, statement: Stmt): void {
  if (!cx.session.enter()) {
    cx.error('evaluation-depth', statement.span, { limit: cx.session.limits.evaluationDepth });
    return;
  }
  try {
    runEntered(cx, statement);
  } finally {
    cx.session.leave();
  }
}

function runEntered(cx: Context, statement: Stmt): void {
  switch (statement.kind) {
    case 'assign':
      noting(cx, statement, () => assign(cx, statement));
      break;
    case 'let':
      if (statement.params === undefined)
        noting(cx, statement, () => define(cx, statement.name, cx.evaluateOptional(statement.value), 'let'));
      else {
        const closure = { scope: cx.scope, home: cx.home };
        const value: CheckValue = { kind: 'fn', form: 'let', decl: statement, module: cx.module, closure };
        define(cx, statement.name, value, 'let');
      }
      break;
    case 'let-pattern':
      takesApart(cx, statement);
      noting(cx, statement, () => bindPattern(cx, statement.target, cx.evaluate(statement.value), 'let'));
      break;
    case 'for':
      runFor(cx, statement);
      break;
    case 'if-stmt':
      runIf(cx, statement);
      break;
    case 'return':
      returnFrom(cx, statement);
      break;
    case 'storage':
      storage(cx, statement);
      break;
    case 'assert':
      assertThat(cx, statement);
      break;
    case 'next':
      if (cx.frame.kind !== 'body') nextInScan(cx, statement);
      else setState(cx, statement);
      break;
    case 'emit':
      emit(cx, statement);
      break;
    case 'entry':
      cx.error('misplaced-entry', statement.name.span, { name: statement.name.text });
      break;
    case 'scan':
      runScan(cx, statement);
      break;
    case 'expr-stmt': {
      const value = cx.evaluate(statement.value);
      if (value.kind !== 'unknown') cx.error('unused-value', statement.span, { what: describe(value, (t) => cx.show(t)) });
      break;
    }
    case 'error-stmt':
      break;
    default:
      unreachable(statement, 'statement');
  }
}

/** Records, when a declaration is checked on its own, whether a statement did more than assign names. */
function noting(cx: Context, statement: Stmt, work: () => void): void {
  if (!cx.isDefinition) {
    work();
    return;
  }
  const { facts, session } = cx;
  const open = cx.open.snapshot();
  const before = cx.steps.length;
  work();
  const isSame = cx.facts === facts && hasNoMore(cx.open.snapshot(), open);
  let hasBound = false;
  for (let i = before; i < cx.steps.length; i++) hasBound ||= cx.steps[i]?.kind === 'bind';
  session.harmless.set(statement, isSame && !hasBound && session.harmless.get(statement) !== false);
}

/** Whether all demands were there before. */
function hasNoMore(open: ReadonlyMap<string, OpenDemand>, before: ReadonlyMap<string, OpenDemand>): boolean {
  return open === before || [...open].every(([key, demand]) => before.get(key) === demand);
}

// ---------------------------------------------------------------- names

function assign(cx: Context, statement: AssignStmt): void {
  takesApart(cx, statement);
  const { target, value } = statement;
  bindPattern(cx, target, target.kind === 'bind' ? cx.evaluateOptional(value) : cx.evaluate(value), 'variable');
}

/** Records how many values are wanted: an ONNX operator omits outputs that nobody takes. */
function takesApart(cx: Context, { target, value }: AssignStmt | LetPattern): void {
  if (target.kind === 'bind') return;
  const last = value.kind === 'pipe' ? value.stage : value;
  if (last.kind === 'call') cx.taken.set(placeKey(last.span), target.items.length);
}

// ---------------------------------------------------------------- param, buffer, state

function storage(cx: Context, statement: StorageStmt): void {
  const { name } = statement;
  if (statement.storage === 'state') makeStateSizes(cx, statement.type);
  const type = typeOf(cx, statement.type);
  // Two parameters with the same name are reported as such below.
  if (cx.scope.find(name.text, cx.body)?.role !== 'storage' && refuseFixed(cx, name)) {
    define(cx, name, unknown, 'storage');
    return;
  }
  if (statement.storage === 'state' && cx.frame.kind !== 'body') {
    cx.error('misplaced-statement', name.span, { word: 'state', inside: cx.frame.kind });
    define(cx, name, unknown, 'storage');
    return;
  }
  const decided = sizeOfData(cx.newSizes, type?.shape ?? []);
  if (statement.storage === 'state') {
    if (decided !== undefined)
      cx.error('open-parameter', statement.type.span, { name: name.text, size: String(decided.size), ofData: true, isState: true });
    define(cx, name, decided === undefined ? declareState(cx, statement, type) : unknown, 'storage');
    return;
  }
  const open = decided?.size ?? type?.shape.find((d) => d.constant === undefined);
  // What is open in one parameter is usually open in the next, or in its initial values; it is reported once.
  const reported = cx.problems.some((p) => p.code === 'open-parameter');
  const isOpen = open !== undefined && (!cx.rigid || decided !== undefined);
  if (isOpen && !reported)
    cx.error('open-parameter', statement.type.span, { name: name.text, size: String(open), ofData: decided !== undefined });
  const negative = type?.shape.find((size, axis) => isTooSmall(size, axis, statement.type));
  const init = type === undefined || negative !== undefined || reported || isOpen ? undefined : initialValueOf(cx, statement, type);
  if (negative !== undefined) cx.error('negative-size', statement.type.span, { size: String(negative) });
  const named = statement.named?.kind === 'string' ? statement.named : undefined;
  const stored = named === undefined ? name.text : (textOf(cx.evaluate(named)) ?? '?');
  const span = named?.span ?? name.span;
  if (stored === '') cx.error('empty-name', span, { name: name.text });
  if (type === undefined || init === undefined || negative !== undefined || stored === '') {
    define(cx, name, unknown, 'storage');
    return;
  }
  const claim: Claim = { what: 'parameter', span };
  const before = cx.labels.claim(stored, claim);
  if (before !== undefined) reportTaken(cx, stored, claim, before, { name: name.text, isFunction: false });
  const local = cx.local(type, statement.span, name.text);
  cx.steps.push({
    kind: 'parameter',
    name: stored,
    parameter: { type, init, trainable: statement.storage === 'param' && !cx.session.isFrozen, span: statement.span },
    output: local,
    span: statement.span,
  });
  define(cx, name, { kind: 'tensor', local }, 'storage');
}

// ---------------------------------------------------------------- return, if

function returnFrom(cx: Context, { value, span }: ReturnStmt): void {
  if (cx.frame.kind !== 'body') {
    cx.evaluate(value);
    cx.error('misplaced-statement', span, { word: 'return', inside: cx.frame.kind });
    return;
  }
  // The result of a compile-time function may be absent; an output of a layer may not.
  const result = cx.isLetBlock ? cx.evaluateOptional(value) : cx.evaluate(value);
  // The value may itself have returned: `return if c { return a } else { b }`.
  if (cx.flow !== 'goes-on') return;
  if (cx.returnable) cx.returns.push({ value: result, span: value.span, facts: cx.facts, path: cx.path, sizes: boundByAs(cx) });
  else cx.error('misplaced-return', span, {});
  cx.flow = 'ended';
}

const none: ReadonlyMap<string, Binding> = new Map();

/** The sizes of the result that `as` has given their names. */
function boundByAs({ scope, signature }: Context): ReadonlyMap<string, Binding> {
  if (signature === undefined || signature.dims.size === signature.inputDims.size) return none;
  const bound = new Map<string, Binding>();
  for (const name of signature.dims) {
    const binding = signature.inputDims.has(name) ? undefined : scope.find(name);
    if (binding?.role === 'dim') bound.set(name, binding);
  }
  return bound;
}

function runIf(cx: Context, statement: IfStmt): void {
  const condition = conditionOf(cx, statement.condition);
  const branch = (block: Block | IfStmt | undefined) => () => {
    if (block === undefined) return unknown;
    if ('kind' in block) run(cx, block);
    else runBlock(cx, block);
    return unknown;
  };
  if (condition.kind === 'unknown' || cx.flow !== 'goes-on') return;
  decide(cx, statement.condition, condition, branch(statement.then), branch(statement.otherwise));
}

/**
 * Whether an axis of a parameter cannot have a size. Only the first may be empty, as in a layer without outputs, unless the type says so with a 0: a layer without inputs has no initial values.
 */
function isTooSmall({ constant }: Dim, axis: number, { dims }: TensorTypeExpr): boolean {
  return constant !== undefined && (constant < 0 || (constant === 0 && axis > 0 && !dims.some(isWrittenEmpty)));
}
