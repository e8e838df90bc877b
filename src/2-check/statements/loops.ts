import { precedence } from '../../../grammar/operators.js';
import type { Block, CallExpr, Expr, ForStmt, IfStmt, Name, Pattern } from '../../1-syntax/ast.js';
import { givenIn } from '../../1-syntax/walk.js';
import { decideFact } from '../../dims/decide.js';
import { Dim } from '../../dims/dim.js';
import type { Fact } from '../../dims/fact.js';
import type { Context } from '../context.js';
import { replacing } from '../pytorch/replacing.js';
import { sourceOf } from '../pytorch/source.js';
import { type CheckValue, describe, keyOf, unknown } from '../values/values.js';
import { poisonChanged, snapshot } from './both-branches.js';

/** Repeats a block for each item of a list; if its length is open, once for an arbitrary item. */
export function runFor(cx: Context, statement: ForStmt): void {
  if (reportPythonRange(cx, statement.iterable)) return;
  const source = cx.evaluate(statement.iterable);
  if (source.kind !== 'list' && source.kind !== 'tuple') {
    if (source.kind === 'unknown') {
      if (cx.rigid) runOpenLoop(cx, statement);
      return;
    }
    cx.error('not-a-list', statement.iterable.span, { what: describe(source, (t) => cx.show(t)) }, { help: scanHelp(source) });
    return;
  }
  const start = snapshot(cx);
  for (const item of source.items) {
    if (!cx.session.countIteration()) {
      cx.error('too-many-iterations', statement.span, { limit: cx.session.limits.iterations });
      return;
    }
    const errors = cx.problems.length;
    const { path } = cx;
    const returns = cx.returns.length;
    runOnce(cx, statement, item);
    // Whether the list has this item may depend on hyperparameters.
    if (cx.flow !== 'goes-on') {
      cx.flow = 'left';
      return;
    }
    // Paths that have returned are not part of the next iteration.
    if (cx.returns.length === returns) cx.path = path;
    // A mistake in one iteration is repeated in the next ones and reported once; what the loop was to produce is missing.
    if (cx.problems.length > errors) {
      poisonChanged(cx, start);
      break;
    }
  }
}

/** Reports `for i in range(3)`, which makes a tensor here. False if it is something else, or `range` is the user's own. */
export function reportPythonRange(cx: Context, iterable: Expr): boolean {
  const isRange = iterable.kind === 'call' && iterable.callee.kind === 'name' && iterable.callee.name === 'range';
  if (!isRange || cx.scope.find('range') !== undefined || cx.module.decls.has('range') || cx.module.imports.has('range')) return false;
  const written = rangeHere(cx, iterable);
  const help = written === undefined ? 'the numbers from `a` to below `b` are `a..b`' : `write \`${written}\``;
  const fixes = written === undefined ? [] : replacing(cx, iterable.span, written);
  cx.error('not-a-list', iterable.span, { what: 'a tensor, which `range` makes' }, { help, fixes });
  return true;
}

/** `range(a, b)` as `a..b`. */
function rangeHere(cx: Context, { args }: CallExpr): string | undefined {
  const isPlain = args.every(({ name, spread, value }) => name === undefined && spread !== true && bindsTightly(value));
  const [first, second, ...more] = args.map(({ value }) => sourceOf(cx, value.span));
  if (first === undefined || !isPlain || more.length > 0) return undefined;
  return second === undefined ? `0..${first}` : `${first}..${second}`;
}

/** Whether an expression can be an end of `a..b` without brackets. */
function bindsTightly(e: Expr): boolean {
  if (e.kind === 'binary') return precedence[e.op] > precedence['..'];
  return e.kind !== 'pipe' && e.kind !== 'if' && e.kind !== 'as' && e.kind !== 'range';
}

function scanHelp({ kind }: CheckValue): string | undefined {
  return kind === 'tensor'
    ? 'to step through an axis at run time, write `scan xt over x axis 1 { ... }`; `for` repeats its block for a list'
    : undefined;
}

function runOnce(cx: Context, statement: ForStmt, item: CheckValue): void {
  cx.nested(() => {
    cx.interpreter.bindPattern(cx, statement.target, item, 'loop');
    cx.interpreter.runBlock(cx, statement.body);
  });
}

/** An arbitrary item of a list, and what is known about it. */
interface AnyItem {
  readonly value: CheckValue;
  readonly facts: readonly Fact[];
}

/** Runs one of the iterations of a loop that may have none: after it, nothing that holds in it is known. */
function runAny(cx: Context, statement: ForStmt, item: AnyItem): void {
  const { path, facts } = cx;
  for (const fact of item.facts) cx.facts = cx.facts.assume(fact);
  runOnce(cx, statement, item.value);
  cx.path = path;
  cx.facts = facts.withBoundsOf(cx.facts);
  cx.flow = 'goes-on';
}

/**
 * A loop of unknown length is checked once, for an arbitrary iteration: whatever a first run changes to another type is unknown at the
 * start of the run that counts.
 */
function runOpenLoop(cx: Context, statement: ForStmt): void {
  // What one iteration assigns, a later one may use: `if i == 0 { h = x } else { h = h + x }`.
  for (const { text, span } of assignedIn(statement.body))
    if (text !== '' && text !== '_' && cx.scope.find(text) === undefined)
      cx.frame.scope.define(text, { value: unknown, span, role: 'variable' });
  const start = snapshot(cx);
  const item = anyItem(cx, statement);
  const key = (value: CheckValue) => keyOf(value, cx.session.idOf);
  const { value, kept } = cx.speculate(
    () => {
      runAny(cx, statement, item);
      return { end: snapshot(cx), axes: cx.axes.seen(), open: [...cx.open.values()] };
    },
    ({ value: { end } }) =>
      [...start].every(([scope, names]) =>
        [...names].every(([name, b]) => key(b.value) === key(end.get(scope)?.get(name)?.value ?? b.value)),
      ),
  );
  if (kept) return;
  for (const [scope, names] of start) {
    for (const [name, binding] of names) {
      const after = value.end.get(scope)?.get(name);
      if (after !== undefined && key(after.value) !== key(binding.value)) scope.define(name, { ...binding, value: unknown });
    }
  }
  cx.axes.distrust(value.axes);
  for (const { code, span, facts } of value.open) cx.leaveOpen(code, span, ...facts.values());
  runAny(cx, statement, item);
}

/** `i` of `for i in 0..n` is any integer from 0 and below `n`; items of an unknown list are unknown. */
function anyItem(cx: Context, { iterable, target }: ForStmt): AnyItem {
  if (iterable.kind !== 'range' || target.kind !== 'bind') return { value: unknown, facts: [] };
  // The bounds were evaluated before, and what is wrong with them was reported.
  const { value: bounds } = cx.speculate(
    () => [cx.evaluate(iterable.start), cx.evaluate(iterable.end)] as const,
    () => false,
  );
  const [start, end] = bounds.map((value) => (value.kind === 'int' ? value.dim : undefined));
  if (start === undefined || decideFact({ kind: 'at-least', left: start, right: Dim.zero }, cx.facts).kind !== 'proved')
    return { value: unknown, facts: [] };
  // Loops of layers and functions that are unfolded here may call their variables the same.
  const name = `${target.name.text}${"'".repeat(cx.depth)}`;
  cx.newSizes.reserve([name]);
  const item = Dim.variable(name, 0);
  const facts: Fact[] = [{ kind: 'at-least', left: item, right: start }];
  if (end !== undefined) facts.push({ kind: 'at-least', left: end, right: item.add(Dim.one) });
  return { value: { kind: 'int', dim: item }, facts };
}

/** The names that the statements of a block assign, also in blocks inside. */
function assignedIn(block: Block): readonly Name[] {
  return block.statements.flatMap((statement) => {
    if (statement.kind === 'assign') return namesIn(statement.target);
    if (statement.kind === 'for') return assignedIn(statement.body);
    if (statement.kind === 'scan') return [...statement.carries, ...givenIn(statement.body, 'emit')].map(({ name }) => name);
    return statement.kind === 'if-stmt' ? assignedInIf(statement) : [];
  });
}

function assignedInIf({ then, otherwise }: IfStmt): readonly Name[] {
  const others = otherwise === undefined ? [] : 'kind' in otherwise ? assignedInIf(otherwise) : assignedIn(otherwise);
  return [...assignedIn(then), ...others];
}

function namesIn(pattern: Pattern): readonly Name[] {
  return pattern.kind === 'bind' ? [pattern.name] : pattern.items.flatMap(namesIn);
}
