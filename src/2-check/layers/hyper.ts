import type { Expr, Param } from '../../1-syntax/ast.js';
import { suggest } from '../../diagnostics/suggest.js';
import type { Argument, CallSite, Context } from '../context.js';
import { reportExtra } from '../expressions/by-name.js';
import { fitsKind, kindOf, kindWords, mayBeNone } from '../modules/kinds.js';
import type { Module } from '../modules/modules.js';
import { constructors } from '../pytorch/constructors.js';
import { reportConstructor } from '../pytorch/report-constructor.js';
import { demandedArgument, presentArgument } from '../values/absence.js';
import { literalValue } from '../values/literals.js';
import { type CheckValue, describe, holdsTensor } from '../values/values.js';
import { atUse, usedHere } from './blame.js';
import { Labels } from './labels.js';

/**
 * The hyperparameters of a declaration from the arguments of a call, with defaults filled in. Problems are reported to the caller;
 * `undefined` if there were any. A default may use the parameters before it. Only those without a default may be given by position.
 */
export function bindHyper(
  cx: Context,
  callee: string,
  params: readonly Param[],
  module: Module,
  args: readonly Argument[],
  site: CallSite,
): ReadonlyMap<string, CheckValue> | undefined {
  const given = assign(cx, callee, params, module, args);
  return given === undefined ? undefined : bindGiven(cx, callee, params, module, given, site);
}

/** The same for arguments that are already matched with parameters. */
export function bindGiven(
  cx: Context,
  callee: string,
  params: readonly Param[],
  module: Module,
  given: ReadonlyMap<string, Argument>,
  site: CallSite,
): ReadonlyMap<string, CheckValue> | undefined {
  const bound = new Map<string, CheckValue>();
  // Most defaults are literals; only others need a context, in which they see the parameters before them.
  const defaultValue = (fallback: Expr): CheckValue =>
    literalValue(fallback) ?? defaultIn(cx, callee, module, fallback, params, bound, site);
  let ok = true;
  for (const param of params) {
    const name = param.name.text;
    const raw = given.get(name);
    const arg = raw === undefined ? raw : asGiven(cx, param, raw);
    const fallback = param.fallback === undefined ? undefined : defaultValue(param.fallback);
    const value = arg?.value ?? fallback;
    if (value === undefined) {
      reportMissing(cx, callee, param, module, site);
      ok = false;
      continue;
    }
    if (arg !== undefined && !takesValue(cx, callee, param, module, fallback, arg)) ok = false;
    else bound.set(name, value);
  }
  return ok ? bound : undefined;
}

/** An argument as its parameter accepts it: a value that may be `none` is accepted if the parameter allows it, and must be present otherwise. */
export function asGiven(cx: Context, param: Param, arg: Argument): Argument {
  if (mayBeNone(param)) return presentArgument(arg);
  return arg.value.kind === 'maybe' ? demandedArgument(cx, arg) : arg;
}

export function reportMissing(cx: Context, callee: string, param: Param, module: Module, site: CallSite): void {
  const name = param.name.text;
  const notes = [{ span: param.span, text: `\`${name}\` has no default` }];
  cx.error('missing-argument', site.calleeSpan, { callee, name, kind: kindWords(kindOf(param, undefined, module)) }, { notes });
}

/** Whether a parameter can have this value, as far as its kind, which may be that of its default, is known; reports a value that it cannot have. */
export function takesValue(
  cx: Context,
  callee: string,
  param: Param,
  module: Module,
  fallback: CheckValue | undefined,
  arg: Argument,
): boolean {
  const name = param.name.text;
  const { value } = arg;
  if (value.kind === 'absent' && mayBeNone(param)) return true;
  if (holdsTensor(value) || (value.kind === 'absent' && value.name !== undefined)) {
    cx.error('tensor-as-hyperparameter', arg.span, { callee, name, got: describe(value, (t) => cx.show(t)), fn: isFunction(callee) });
    return false;
  }
  const kind = kindOf(param, fallback, module);
  if (value.kind !== 'absent' && fitsKind(value, kind)) return true;
  if (value.kind === 'absent') {
    const help = kind === 'any' ? undefined : `a hyperparameter that may be \`none\` has a kind that ends in \`?\``;
    cx.error('argument-kind', arg.span, { callee, name, wanted: kindWords(kind), got: '`none`' }, { help });
    return false;
  }
  const help = module.standard && value.kind === 'layer' ? constructors[callee]?.layers : undefined;
  cx.error('argument-kind', arg.span, { callee, name, wanted: kindWords(kind), got: describe(value, (t) => cx.show(t)) }, { help });
  return false;
}

/** The value of a default, which sees the parameters before it. If it is wrong for these values, the use is at fault. */
function defaultIn(
  cx: Context,
  callee: string,
  module: Module,
  fallback: Expr,
  params: readonly Param[],
  bound: ReadonlyMap<string, CheckValue>,
  site: CallSite,
): CheckValue {
  const own = cx.inner({ module, labels: new Labels(), depth: cx.depth });
  for (const { name, span } of params) {
    const value = bound.get(name.text);
    if (value !== undefined) own.body.define(name.text, { value, span, role: 'hyper' });
  }
  const value = own.evaluateOptional(fallback);
  for (const problem of own.problems) cx.problems.push(module.standard ? atUse(problem, callee, site) : usedHere(problem, callee, site));
  for (const { code, span, facts: demanded } of own.open.values())
    cx.leaveOpen(code, module.standard ? site.span : span, ...demanded.values());
  return value;
}

const noArguments: ReadonlyMap<string, Argument> = new Map();

/** By convention; only the wording of a message depends on it. */
function isFunction(name: string): boolean {
  return /^[a-z_]/.test(name);
}

/**
 * Matches arguments with parameters; problems are reported to the caller, and the result is `undefined` if there were any. Only parameters
 * without a default may be given by position, or, in compile-time functions (as in Python), `all`.
 */
export function assign(
  cx: Context,
  callee: string,
  params: readonly Param[],
  module: Module,
  args: readonly Argument[],
  byPosition: 'needed' | 'all' = 'needed',
): ReadonlyMap<string, Argument> | undefined {
  if (args.length === 0) return noArguments;
  const places = byPosition === 'all' ? params : params.filter((p) => p.fallback === undefined);
  const given = new Map<string, Argument>();
  let next = 0;
  let ok = true;
  for (const [i, arg] of args.entries()) {
    const param = arg.name === undefined ? places[next++] : params.find((p) => p.name.text === arg.name);
    if (param === undefined && arg.name === undefined) {
      if (reportConstructor(cx, callee, params, module, args)) return undefined;
      const extra = args.slice(i).filter((a) => a.name === undefined);
      const what = describe(arg.value, (t) => cx.show(t));
      if (byPosition === 'all') cx.error('too-many-arguments', arg.span, { callee, what, max: params.length });
      else reportExtra(cx, callee, params, module, args, extra);
      ok = false;
      break;
    }
    if ((param === undefined || given.has(param.name.text)) && reportConstructor(cx, callee, params, module, args)) return undefined;
    if (param === undefined) {
      const known = params.map((p) => p.name.text);
      const near = suggest(arg.name ?? '', known);
      cx.error('unknown-argument', arg.nameSpan ?? arg.span, { callee, name: arg.name ?? '', known, near });
      ok = false;
      continue;
    }
    if (given.has(param.name.text)) {
      cx.error('duplicate-argument', arg.nameSpan ?? arg.span, { callee, name: param.name.text });
      ok = false;
      continue;
    }
    given.set(param.name.text, arg);
  }
  return ok ? given : undefined;
}
