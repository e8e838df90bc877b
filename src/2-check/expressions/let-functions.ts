import type { Block, LetFunction } from '../../1-syntax/ast.js';
import { decideEqual } from '../../dims/decide.js';
import type { Argument, CallSite, Context } from '../context.js';
import { usedHere } from '../layers/blame.js';
import { assign, reportMissing } from '../layers/hyper.js';
import { type Branch, joinValues } from '../statements/branches.js';
import { always, both, either, type Formula } from '../values/formula.js';
import { type CheckValue, type FnValue, unknown } from '../values/values.js';

/** Applies a compile-time function: the result is its expression with arguments instead of parameters or, for one with a block, what the block returns. */
export function applyLet(cx: Context, callee: Extract<FnValue, { form: 'let' }>, args: readonly Argument[], site: CallSite): CheckValue {
  const { decl, module } = callee;
  const name = decl.name.text;
  const given = assign(cx, name, decl.params, module, args, 'all');
  if (given === undefined) return unknown;
  const missing = decl.params.filter((p) => p.fallback === undefined && !given.has(p.name.text));
  for (const param of missing) reportMissing(cx, name, param, module, site);
  if (missing.length > 0 || !demandAffordable(cx, decl, site)) return unknown;
  const own = bodyOf(cx, callee);
  for (const param of decl.params) {
    const value = given.get(param.name.text)?.value ?? (param.fallback === undefined ? unknown : own.evaluateOptional(param.fallback));
    cx.session.observer?.(param.name, value);
    own.body.define(param.name.text, { value, span: param.name.span, role: 'input' });
  }
  const value = 'statements' in decl.body ? returned(own, decl, decl.body) : own.evaluateOptional(decl.body);
  for (const problem of own.problems) cx.problems.push(usedHere(problem, name, site));
  // What it leaves open holds after it, unless it was left open on only one of several paths through a block.
  cx.facts = !cx.rigid || !('statements' in decl.body) ? own.facts : cx.facts.withBoundsOf(own.facts);
  return value;
}

/** The steps and labels of a function belong to its caller. Its variables are its own, in addition to those visible where it is defined. */
function bodyOf(cx: Context, { module, closure }: Extract<FnValue, { form: 'let' }>): Context {
  const own = cx.inner({
    module,
    labels: cx.labels,
    outer: closure?.scope,
    home: cx.home,
    foreign: closure === undefined || closure.home === cx.home ? cx.foreign : closure.scope,
    axes: cx.axes,
    open: cx.open,
    newSizes: cx.newSizes,
  });
  own.steps = cx.steps;
  own.path = cx.path;
  if (closure !== undefined && closure.home === cx.home) for (const [name, shape] of cx.rests) own.rests.set(name, shape);
  return own;
}

/** Whether a function may be called again. One that has exceeded a limit, which was reported, is not. */
function demandAffordable(cx: Context, decl: LetFunction, site: CallSite): boolean {
  const { session } = cx;
  if (session.endless.has(decl)) return false;
  const tooDeep = cx.depth >= session.limits.instantiationDepth;
  if (!tooDeep && session.countIteration()) return true;
  session.limitReached = true;
  session.endless.add(decl);
  session.onRollback(() => session.endless.delete(decl));
  if (tooDeep) cx.error('instantiation-depth', site.span, { limit: session.limits.instantiationDepth, name: decl.name.text });
  else cx.error('too-many-iterations', site.span, { limit: session.limits.iterations });
  return false;
}

/** Runs the block of a function and returns its result: what the paths have in common, if a condition is open. */
function returned(own: Context, { name }: LetFunction, body: Block): CheckValue {
  own.isLetBlock = true;
  own.interpreter.runBlock(own, body);
  if (own.flow === 'goes-on') {
    if (own.problems.length === 0) own.error('missing-return', name.span, { name: name.text, of: 'let' });
    return unknown;
  }
  own.flow = 'goes-on';
  const [first, ...others] = own.returns;
  if (first === undefined) return unknown;
  return others.reduce((joined, end) => join(own, joined, endOf(end)), endOf(first)).value;
}

/** What some of the paths return, and when they are taken. */
interface End extends Branch<CheckValue> {
  readonly condition: Formula;
}

function endOf({ value, facts, path }: Context['returns'][number]): End {
  return { value, equal: (a, b) => decideEqual(a, b, facts).kind === 'proved', condition: path.reduce(both, always) };
}

function join(cx: Context, a: End, b: End): End {
  return {
    value: joinValues(cx, a.condition, a, b),
    equal: (x, y) => a.equal(x, y) && b.equal(x, y),
    condition: either(a.condition, b.condition),
  };
}
