import type { AssignStmt, Block, IfStmt, LetPattern, Name, Pattern, ReturnStmt, ScanStmt, Stmt, StorageStmt } from '../../1-syntax/ast.js';
import { unreachable } from '../../diagnostics/internal-error.js';
import { type BoundRole, type Context, spanKey } from '../context.js';
import { initialValueOf } from '../layers/initial-values.js';
import type { Claim } from '../layers/labels.js';
import { share } from '../layers/sharing.js';
import type { Binding } from '../modules/scope.js';
import { typeOf } from '../sizes/type-expressions.js';
import { declareState } from '../states/declare-state.js';
import { setState } from '../states/set-state.js';
import { textOf } from '../values/builtins.js';
import { conditionOf, decide } from '../values/conditions.js';
import { type CheckValue, describe, type TensorValue, unknown } from '../values/values.js';
import { assertThat } from './assertions.js';
import { reportTaken } from './joined-scopes.js';
import { runFor } from './loops.js';
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
  for (const [i, statement] of block.statements.entries()) {
    run(cx, statement);
    if (cx.flow === 'goes-on') continue;
    // A use has one path, and its hyperparameters are numbers, so it cannot tell.
    if (cx.flow === 'ended' && (cx.isDefinition || cx.isLetBlock)) reportUnreachable(cx, block, i);
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
        noting(cx, statement, () => define(cx, statement.name.text, cx.evaluateOptional(statement.value), statement.name.span, 'let'));
      else {
        const closure = { scope: cx.scope, home: cx.home };
        const value: CheckValue = { kind: 'fn', form: 'let', decl: statement, module: cx.module, closure };
        define(cx, statement.name.text, value, statement.name.span, 'let');
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
      setState(cx, statement);
      break;
    case 'emit':
      cx.evaluate(statement.value);
      break;
    case 'entry':
      cx.error('misplaced-entry', statement.name.span, { name: statement.name.text });
      break;
    case 'scan':
      scan(cx, statement);
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
  const open = new Map(cx.open);
  const binds = cx.steps.length;
  work();
  const isSame = cx.facts === facts && [...cx.open].every(([key, demand]) => open.get(key) === demand);
  const hasBound = cx.steps.slice(binds).some((step) => step.kind === 'bind');
  session.harmless.set(statement, isSame && !hasBound && session.harmless.get(statement) !== false);
}

function define(cx: Context, name: string, value: CheckValue, span: Binding['span'], role: Binding['role']): void {
  if (name !== '' && name !== '_') cx.scope.define(name, { value, span, role });
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
  if (last.kind === 'call') cx.taken.set(spanKey(last.span), target.items.length);
}

function bindName(cx: Context, target: Extract<Pattern, { kind: 'bind' }>, value: CheckValue, role: BoundRole): void {
  const { text, span } = target.name;
  if (text === '' || text === '_') return;
  if (role === 'variable' && refuseFixed(cx, target.name)) return;
  const named = value.kind === 'tensor' && value.local.hint === undefined ? rename(cx, value, text) : value;
  const binding: Binding = { value: named, span, role };
  if (role === 'variable') cx.scope.assign(text, binding, cx.body);
  else cx.scope.define(text, binding);
}

/** Reports an assignment to a name whose value is fixed. */
function refuseFixed(cx: Context, { text, span }: Name): boolean {
  const known = cx.scope.find(text, cx.body);
  if (known === undefined || known.role === 'variable' || known.role === 'input' || known.role === 'loop') return false;
  cx.error('cannot-assign', span, { name: text, role: known.role }, { notes: [{ span: known.span, text: 'defined here' }] });
  return true;
}

/** Locals are made before their name is known. */
function rename(cx: Context, value: TensorValue, hint: string): TensorValue {
  const local = value.local as { hint: string | undefined };
  local.hint = hint;
  cx.session.onRollback(() => {
    local.hint = undefined;
  });
  return value;
}

/** `(a, b) = ...`; a final `_` takes all that remains. */
export function bindPattern(cx: Context, pattern: Pattern, value: CheckValue, role: BoundRole): void {
  if (pattern.kind === 'bind') {
    const { text, span } = pattern.name;
    bindName(cx, pattern, role === 'variable' ? share(cx, value, text, span) : value, role);
    return;
  }
  if (value.kind !== 'tuple' && value.kind !== 'list') {
    if (value.kind !== 'unknown')
      cx.error('not-a-tuple', pattern.span, { count: pattern.items.length, what: describe(value, (t) => cx.show(t)) });
    for (const item of pattern.items) bindPattern(cx, item, unknown, role);
    return;
  }
  const last = pattern.items.at(-1);
  const open = last?.kind === 'bind' && last.name.text === '_' && value.items.length >= pattern.items.length;
  if (!open && value.items.length !== pattern.items.length) {
    cx.error('tuple-length', pattern.span, {
      wanted: pattern.items.length,
      got: value.items.length,
      names: value.kind === 'tuple' ? value.names : undefined,
    });
    for (const item of pattern.items) bindPattern(cx, item, unknown, role);
    return;
  }
  for (const [i, item] of pattern.items.entries()) bindPattern(cx, item, value.items[i] ?? unknown, role);
}

/** Names in a `scan` are resolved; what it computes cannot be built. */
function scan(cx: Context, statement: ScanStmt): void {
  cx.evaluate(statement.over);
  cx.error('unsupported-scan', statement.span, { word: 'scan' });
  for (const { name, type } of statement.carries) {
    typeOf(cx, type);
    define(cx, name.text, unknown, name.span, 'variable');
  }
  cx.nested(() => {
    poison(cx, statement.items);
    runBlock(cx, statement.body);
  });
  for (const inner of statement.body.statements)
    if (inner.kind === 'emit') define(cx, inner.name.text, unknown, inner.name.span, 'variable');
}

function poison(cx: Context, pattern: Pattern): void {
  if (pattern.kind === 'bind') define(cx, pattern.name.text, unknown, pattern.name.span, 'variable');
  else for (const item of pattern.items) poison(cx, item);
}

// ---------------------------------------------------------------- param, buffer, state

function storage(cx: Context, statement: StorageStmt): void {
  const { name } = statement;
  const type = typeOf(cx, statement.type);
  // Two parameters with the same name are reported as such below.
  if (cx.scope.find(name.text, cx.body)?.role !== 'storage' && refuseFixed(cx, name)) {
    define(cx, name.text, unknown, name.span, 'storage');
    return;
  }
  if (statement.storage === 'state') {
    define(cx, name.text, declareState(cx, statement, type), name.span, 'storage');
    return;
  }
  const open = type?.shape.find((d) => d.constant === undefined);
  // What is open in one parameter is usually open in the next, or in its initial values; it is reported once.
  const reported = cx.problems.some((p) => p.code === 'open-parameter');
  if (open !== undefined && !cx.rigid && !reported)
    cx.error('open-parameter', statement.type.span, { name: name.text, size: String(open) });
  const isOpen = open !== undefined && !cx.rigid;
  const init = type === undefined || reported || isOpen ? undefined : initialValueOf(cx, statement, type);
  const negative = type?.shape.find((d) => d.constant !== undefined && d.constant < 0);
  if (negative !== undefined) cx.error('negative-size', statement.type.span, { size: String(negative) });
  const named = statement.named?.kind === 'string' ? statement.named : undefined;
  const stored = named === undefined ? name.text : (textOf(cx.evaluate(named)) ?? '?');
  const span = named?.span ?? name.span;
  if (stored === '') cx.error('empty-name', span, { name: name.text });
  if (type === undefined || init === undefined || negative !== undefined || stored === '') {
    define(cx, name.text, unknown, name.span, 'storage');
    return;
  }
  const claim: Claim = { what: 'parameter', span };
  const before = cx.labels.claim(stored, claim);
  if (before !== undefined) reportTaken(cx, stored, claim, before, { name: name.text, isFunction: false });
  const local = cx.local(type, statement.span, name.text);
  cx.steps.push({
    kind: 'parameter',
    name: stored,
    parameter: { type, init, trainable: statement.storage === 'param', span: statement.span },
    output: local,
    span: statement.span,
  });
  define(cx, name.text, { kind: 'tensor', local }, name.span, 'storage');
}

// ---------------------------------------------------------------- return, if

function returnFrom(cx: Context, { value, span }: ReturnStmt): void {
  // The result of a compile-time function may be absent; an output of a layer may not.
  const result = cx.isLetBlock ? cx.evaluateOptional(value) : cx.evaluate(value);
  // The value may itself have returned: `return if c { return a } else { b }`.
  if (cx.flow !== 'goes-on') return;
  if (cx.returnable) cx.returns.push({ value: result, span: value.span, facts: cx.facts, path: cx.path });
  else cx.error('misplaced-return', span, {});
  cx.flow = 'ended';
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
