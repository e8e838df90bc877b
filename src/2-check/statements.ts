import type { AssignStmt, Block, ForStmt, IfStmt, Pattern, ScanStmt, Stmt, StorageStmt } from '../1-syntax/ast.js';
import type { Diagnostic } from '../diagnostics/diagnostic.js';
import { unreachable } from '../diagnostics/internal-error.js';
import { Dim } from '../dims/dim.js';
import { assertThat } from './assertions.js';
import { joinValues, withFacts } from './branches.js';
import { textOf } from './builtins.js';
import { conditionOf } from './conditions.js';
import type { Context, Flow } from './context.js';
import { initializerOf } from './initializers.js';
import type { Binding } from './scope.js';
import { share } from './sharing.js';
import { typeOf } from './type-expressions.js';
import { type CheckValue, describe, keyOf, type TensorValue, unknown } from './values.js';

interface BlockResult {
  readonly flow: Flow;
  readonly value: CheckValue | undefined;
}

/** Runs the statements of a block; its value is that of the expression at its end, if there is one. */
export function runBlock(cx: Context, block: Block): BlockResult {
  return cx.nested(() => {
    for (const statement of block.statements) {
      const flow = run(cx, statement);
      if (flow === 'returned') return { flow, value: undefined };
    }
    return { flow: 'goes-on' as const, value: block.value === undefined ? undefined : cx.evaluate(block.value) };
  });
}

function run(cx: Context, statement: Stmt): Flow {
  if (!cx.session.enter()) {
    cx.error('evaluation-depth', statement.span, { limit: cx.session.limits.evaluationDepth });
    return 'goes-on';
  }
  try {
    return runEntered(cx, statement);
  } finally {
    cx.session.leave();
  }
}

function runEntered(cx: Context, statement: Stmt): Flow {
  switch (statement.kind) {
    case 'assign':
      assign(cx, statement);
      return 'goes-on';
    case 'let':
      if (statement.params === undefined) define(cx, statement.name.text, cx.evaluate(statement.value), statement.name.span, 'let');
      else {
        const value: CheckValue = {
          kind: 'fn',
          form: 'let',
          decl: statement,
          params: statement.params,
          body: statement.value,
          module: cx.module,
          closure: { scope: cx.scope, home: cx.home },
        };
        define(cx, statement.name.text, value, statement.name.span, 'let');
      }
      return 'goes-on';
    case 'for':
      return runFor(cx, statement);
    case 'if-stmt':
      return runIf(cx, statement);
    case 'return':
      cx.returns.push({ value: cx.evaluate(statement.value), span: statement.value.span, facts: cx.facts });
      return 'returned';
    case 'storage':
      storage(cx, statement);
      return 'goes-on';
    case 'assert':
      return assertThat(cx, statement);
    case 'next':
      cx.evaluate(statement.value);
      if (cx.scope.find(statement.name.text) === undefined)
        cx.error('unknown-name', statement.name.span, { name: statement.name.text, near: [] });
      return 'goes-on';
    case 'emit':
      cx.evaluate(statement.value);
      return 'goes-on';
    case 'entry':
      cx.error('unsupported-entry', statement.name.span, { name: statement.name.text });
      return 'goes-on';
    case 'scan':
      scan(cx, statement);
      return 'goes-on';
    case 'expr-stmt': {
      const value = cx.evaluate(statement.value);
      if (value.kind !== 'unknown') cx.error('unused-value', statement.span, { what: describe(value, (t) => cx.show(t)) });
      return 'goes-on';
    }
    case 'error-stmt':
      return 'goes-on';
    default:
      return unreachable(statement, 'statement');
  }
}

function define(cx: Context, name: string, value: CheckValue, span: Binding['span'], role: Binding['role']): void {
  if (name !== '' && name !== '_') cx.scope.define(name, { value, span, role });
}

// ---------------------------------------------------------------- names

function assign(cx: Context, statement: AssignStmt): void {
  bindPattern(cx, statement.target, cx.evaluate(statement.value), 'variable');
}

function bindName(cx: Context, target: Extract<Pattern, { kind: 'bind' }>, value: CheckValue, role: 'variable' | 'loop'): void {
  const { text, span } = target.name;
  if (text === '' || text === '_') return;
  const known = cx.scope.find(text);
  if (
    role === 'variable' &&
    known !== undefined &&
    (known.role === 'let' || known.role === 'hyper' || known.role === 'dim' || known.role === 'storage')
  ) {
    cx.error('cannot-assign', span, { name: text, role: known.role }, { notes: [{ span: known.span, text: 'defined here' }] });
    return;
  }
  const named = value.kind === 'tensor' && value.local.hint === undefined ? rename(value, text) : value;
  const binding: Binding = { value: named, span, role: role === 'loop' ? 'loop' : 'variable' };
  if (role === 'loop') cx.scope.define(text, binding);
  else cx.scope.assign(text, binding, cx.body);
}

/** Locals are made before their name is known. */
function rename(value: TensorValue, hint: string): TensorValue {
  (value.local as { hint: string | undefined }).hint = hint;
  return value;
}

/** `(a, b) = ...`; a last `_` takes all that is left. */
export function bindPattern(cx: Context, pattern: Pattern, value: CheckValue, role: 'variable' | 'loop'): void {
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

/** Names in a `scan` are looked up; what it computes cannot be built. */
function scan(cx: Context, statement: ScanStmt): void {
  cx.evaluate(statement.over);
  cx.error('unsupported-scan', statement.span, {});
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
  if (statement.storage === 'state') {
    cx.error('unsupported-state', name.span, { name: name.text });
    define(cx, name.text, unknown, name.span, 'storage');
    return;
  }
  const open = type?.shape.find((d) => d.constant === undefined);
  // What is open in one parameter is usually open in the next, or in its initial values: it is said once.
  const reported = cx.problems.some((p) => p.code === 'open-parameter');
  if (open !== undefined && !cx.rigid && !reported)
    cx.error('open-parameter', statement.type.span, { name: name.text, size: String(open) });
  const init = reported || (open !== undefined && !cx.rigid) ? undefined : initializerOf(cx, statement);
  const negative = type?.shape.find((d) => d.constant !== undefined && d.constant < 0);
  if (negative !== undefined) cx.error('negative-size', statement.type.span, { size: String(negative) });
  if (type === undefined || init === undefined || negative !== undefined) {
    define(cx, name.text, unknown, name.span, 'storage');
    return;
  }
  const stored = statement.named === undefined ? name.text : (textOf(cx.evaluate(statement.named)) ?? '?');
  const span = statement.named?.span ?? name.span;
  const before = stored.includes('?') ? undefined : cx.labels.claim(stored, span);
  if (before !== undefined) cx.error('duplicate-parameter', span, { name: stored }, { notes: [{ span: before, text: 'first used here' }] });
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

// ---------------------------------------------------------------- if, for

function runIf(cx: Context, statement: IfStmt): Flow {
  const condition = conditionOf(cx, statement.condition);
  const branch = (block: Block | IfStmt | undefined): Flow => {
    if (block === undefined) return 'goes-on';
    return 'kind' in block ? run(cx, block) : runBlock(cx, block).flow;
  };
  if (condition.kind === 'unknown') return 'goes-on';
  if (condition.value !== undefined) return branch(condition.value ? statement.then : statement.otherwise);
  return bothBranches(cx, [
    { facts: condition.whenTrue ?? [], run: () => branch(statement.then) },
    { facts: condition.whenFalse ?? [], run: () => branch(statement.otherwise) },
  ]);
}

interface Branch {
  readonly facts: Parameters<typeof withFacts>[1];
  readonly run: () => Flow;
}

/** Runs both branches of an open condition from the same state, and joins what they leave behind. */
function bothBranches(cx: Context, [first, second]: readonly [Branch, Branch]): Flow {
  const start = snapshot(cx);
  const labels = cx.labels.snapshot();
  const flows: Flow[] = [];
  const ends: ReturnType<typeof snapshot>[] = [];
  const equals: Parameters<typeof joinValues>[1]['equal'][] = [];
  const used: ReturnType<typeof cx.labels.snapshot>[] = [];
  for (const branch of [first, second]) {
    restore(start);
    cx.labels.restore(labels);
    const { equal } = withFacts(cx, branch.facts, () => {
      flows.push(branch.run());
      return unknown;
    });
    equals.push(equal);
    ends.push(snapshot(cx));
    used.push(cx.labels.snapshot());
  }
  for (const names of used) cx.labels.merge(names);
  const [yes, no] = ends;
  const [equalYes, equalNo] = equals;
  if (yes === undefined || no === undefined || equalYes === undefined || equalNo === undefined) return 'goes-on';
  if (flows[0] === 'returned') {
    restore(no);
    return flows[1] === 'returned' ? 'returned' : 'goes-on';
  }
  if (flows[1] === 'returned') {
    restore(yes);
    return 'goes-on';
  }
  for (const [scope, names] of yes) {
    const others = no.get(scope);
    const joined = new Map<string, Binding>();
    for (const name of new Set([...names.keys(), ...(others?.keys() ?? [])])) {
      const a = names.get(name);
      const b = others?.get(name);
      const binding = a ?? b;
      if (binding === undefined) continue;
      const value =
        a === undefined || b === undefined
          ? unknown
          : a.value === b.value
            ? a.value
            : joinValues(cx, { value: a.value, equal: equalYes }, { value: b.value, equal: equalNo });
      joined.set(name, { ...binding, value });
    }
    scope.restore(joined);
  }
  return 'goes-on';
}

/** The bindings of every block that is open, to come back to. */
function snapshot(cx: Context): Map<Context['scope'], ReadonlyMap<string, Binding>> {
  const all = new Map<Context['scope'], ReadonlyMap<string, Binding>>();
  for (let scope: Context['scope'] | undefined = cx.scope; scope !== undefined; scope = scope.parent) {
    all.set(scope, scope.snapshot());
    if (scope === cx.body) break;
  }
  return all;
}

/** Makes every name that has another value than before unknown. */
function poisonChanged(cx: Context, before: ReturnType<typeof snapshot>): void {
  for (const [scope, names] of snapshot(cx)) {
    for (const [name, binding] of names)
      if (before.get(scope)?.get(name)?.value !== binding.value) scope.define(name, { ...binding, value: unknown });
  }
}

function restore(all: ReadonlyMap<Context['scope'], ReadonlyMap<string, Binding>>): void {
  for (const [scope, names] of all) scope.restore(names);
}

function runFor(cx: Context, statement: ForStmt): Flow {
  const source = cx.evaluate(statement.iterable);
  if (source.kind !== 'list' && source.kind !== 'tuple') {
    if (source.kind === 'unknown') return cx.rigid ? runOpenLoop(cx, statement) : 'goes-on';
    cx.error('not-a-list', statement.iterable.span, { what: describe(source, (t) => cx.show(t)) });
    return 'goes-on';
  }
  const start = snapshot(cx);
  for (const item of source.items) {
    if (!cx.session.countIteration()) {
      cx.error('too-many-iterations', statement.span, { limit: cx.session.limits.iterations });
      return 'goes-on';
    }
    const errors = cx.problems.length;
    const flow = runOnce(cx, statement, item);
    if (flow === 'returned') return flow;
    // What is wrong in one iteration is wrong in the next ones too, and is said once; what the loop was to make is not there.
    if (cx.problems.length > errors) {
      poisonChanged(cx, start);
      break;
    }
  }
  return 'goes-on';
}

function runOnce(cx: Context, statement: ForStmt, item: CheckValue): Flow {
  return cx.nested(() => {
    bindPattern(cx, statement.target, item, 'loop');
    return runBlock(cx, statement.body).flow;
  });
}

/**
 * A loop of unknown length is checked once, for any of its iterations: what a first run changes to another type is unknown at the start of the
 * one that counts.
 */
function runOpenLoop(cx: Context, statement: ForStmt): Flow {
  const start = snapshot(cx);
  const labels = cx.labels.snapshot();
  const problems: readonly Diagnostic[] = cx.problems;
  cx.problems = [];
  const item = openItem(statement);
  const axes = cx.axes.seen();
  const returns = cx.returns.length;
  runOnce(cx, statement, item);
  const end = snapshot(cx);
  const first = cx.problems;
  cx.problems = [...problems];
  const key = (value: CheckValue) => keyOf(value, cx.session.idOf);
  const changed = [...end].some(([scope, names]) =>
    [...names].some(
      ([name, b]) => start.get(scope)?.get(name) !== undefined && key(start.get(scope)?.get(name)?.value ?? unknown) !== key(b.value),
    ),
  );
  if (!changed) {
    cx.problems.push(...first);
    return 'goes-on';
  }
  for (const [scope, names] of start) {
    const open = new Map(names);
    for (const [name, binding] of names) {
      const after = end.get(scope)?.get(name);
      if (after !== undefined && key(after.value) !== key(binding.value)) open.set(name, { ...binding, value: unknown });
    }
    scope.restore(open);
  }
  cx.labels.restore(labels);
  cx.returns.splice(returns);
  cx.axes.distrust(axes);
  runOnce(cx, statement, item);
  return 'goes-on';
}

/** `i` of `for i in 0..n` is any integer from 0; items of an unknown list are unknown. */
function openItem(statement: ForStmt): CheckValue {
  if (statement.iterable.kind !== 'range' || statement.target.kind !== 'bind') return unknown;
  return { kind: 'int', dim: Dim.variable(statement.target.name.text, 0) };
}
