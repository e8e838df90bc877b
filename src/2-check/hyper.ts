import type { Expr, Param } from '../1-syntax/ast.js';
import { suggest } from '../diagnostics/suggest.js';
import type { Argument, CallSite, Context } from './context.js';
import { literalValue } from './literals.js';
import type { Module } from './modules.js';
import { moduleContext } from './names.js';
import { type CheckValue, describe, holdsTensor, unknown } from './values.js';

/** What a parameter takes: its written kind, else that of its default. */
export type Kind = 'int' | 'float' | 'bool' | 'string' | 'dtype' | 'fn' | 'layer' | 'list' | 'tuple' | 'ints' | 'any';

const kinds: readonly string[] = ['int', 'float', 'bool', 'string', 'dtype', 'fn', 'layer', 'list', 'tuple', 'ints', 'any'];

/**
 * The kind of a hyperparameter. `ints` is one integer or a list of them; without kind and default it takes anything. A kind that there is not is
 * reported to `cx`, if that is given: where the declaration is checked on its own, and nowhere else.
 */
export function kindOf(param: Param, fallback: CheckValue | undefined, cx?: Context): Kind {
  if (param.type?.kind === 'kind') {
    const written = param.type.name;
    const known = kinds.find((k) => k === written);
    if (known !== undefined) return known as Kind;
    cx?.error('unknown-kind', param.type.span, { name: written, near: suggest(written, kinds) });
    return 'any';
  }
  switch (fallback?.kind) {
    case 'int':
    case 'float':
    case 'bool':
    case 'string':
    case 'dtype':
    case 'fn':
    case 'layer':
    case 'list':
    case 'tuple':
      return fallback.kind;
    default:
      return 'any';
  }
}

export function fitsKind(value: CheckValue, kind: Kind): boolean {
  if (value.kind === 'unknown' || kind === 'any') return true;
  switch (kind) {
    case 'float':
      return value.kind === 'float' || value.kind === 'int';
    case 'ints':
      return (
        value.kind === 'int' ||
        ((value.kind === 'list' || value.kind === 'tuple') && value.items.every((i) => i.kind === 'int' || i.kind === 'unknown'))
      );
    case 'list':
    case 'tuple':
      return value.kind === 'list' || value.kind === 'tuple';
    case 'fn':
      // A layer works where a function of one tensor is wanted, and the other way round: `act = relu` or `act = PReLU`.
      return value.kind === 'fn' || value.kind === 'layer';
    case 'layer':
      return value.kind === 'layer' || value.kind === 'fn';
    default:
      return value.kind === kind;
  }
}

const kindWords: Readonly<Record<Kind, string>> = {
  int: 'an integer',
  float: 'a number',
  bool: 'true or false',
  string: 'a string',
  dtype: 'a dtype',
  fn: 'a function',
  layer: 'a layer',
  list: 'a list',
  tuple: 'a tuple',
  ints: 'an integer or a list of integers',
  any: 'a value',
};

/** What a list of arguments is for: hyperparameters are constants; functions of the compiler take anything, also tensors. */
type Takes = 'constants' | 'anything';

/**
 * The hyperparameters of a declaration from the arguments of a call, defaults filled in. Complaints go to the caller; `undefined` if there were
 * any. A default may use the parameters before it.
 */
export function bindHyper(
  cx: Context,
  callee: string,
  params: readonly Param[],
  module: Module,
  args: readonly Argument[],
  site: CallSite,
  takes: Takes = 'constants',
): ReadonlyMap<string, CheckValue> | undefined {
  const given = assign(cx, callee, params, args);
  return given === undefined ? undefined : bindGiven(cx, callee, params, module, given, site, takes);
}

/** The same for arguments of which it is known what they are for. */
export function bindGiven(
  cx: Context,
  callee: string,
  params: readonly Param[],
  module: Module,
  given: ReadonlyMap<string, Argument>,
  site: CallSite,
  takes: Takes = 'constants',
): ReadonlyMap<string, CheckValue> | undefined {
  const bound = new Map<string, CheckValue>();
  // Most defaults are literals; only others need a context, in which they see the parameters before them.
  const defaultValue = (fallback: Expr): CheckValue =>
    literalValue(fallback) ?? defaultsContext(cx, module, params, bound).evaluate(fallback);
  let ok = true;
  for (const param of params) {
    const name = param.name.text;
    const arg = given.get(name);
    const fallback = param.fallback === undefined ? undefined : defaultValue(param.fallback);
    const value = arg?.value ?? fallback;
    if (value === undefined) {
      reportMissing(cx, callee, param, site);
      ok = false;
      continue;
    }
    if (arg !== undefined && !takesValue(cx, callee, param, fallback, arg, takes)) ok = false;
    else bound.set(name, value);
  }
  return ok ? bound : undefined;
}

export function reportMissing(cx: Context, callee: string, param: Param, site: CallSite): void {
  const name = param.name.text;
  const notes = [{ span: param.span, text: `\`${name}\` has no default` }];
  cx.error('missing-argument', site.calleeSpan, { callee, name, kind: kindWords[kindOf(param, undefined)] }, { notes });
}

/** Whether a parameter can have this value, as far as its kind, which may be that of its default, is known; reports what cannot be. */
export function takesValue(
  cx: Context,
  callee: string,
  param: Param,
  fallback: CheckValue | undefined,
  arg: Argument,
  takes: Takes = 'constants',
): boolean {
  const name = param.name.text;
  const { value } = arg;
  if (takes === 'constants' && (holdsTensor(value) || value.kind === 'absent')) {
    cx.error('tensor-as-hyperparameter', arg.span, { callee, name, got: describe(value, (t) => cx.show(t)), fn: isFunction(callee) });
    return false;
  }
  const kind = kindOf(param, fallback);
  if (fitsKind(value, kind)) return true;
  // `Linear(784, 128)` of another framework: input sizes come first there.
  const sizes = arg.name === undefined && kind === 'bool' && value.kind === 'int';
  const help = sizes ? 'the size of the input is not written, it is read off the tensor: `x -> Linear(10)`' : undefined;
  cx.error('argument-kind', arg.span, { callee, name, wanted: kindWords[kind], got: describe(value, (t) => cx.show(t)) }, { help });
  return false;
}

function defaultsContext(cx: Context, module: Module, params: readonly Param[], bound: ReadonlyMap<string, CheckValue>): Context {
  const own = moduleContext(cx, module);
  for (const { name, span } of params) {
    const value = bound.get(name.text);
    if (value !== undefined) own.body.define(name.text, { value, span, role: 'hyper' });
  }
  return own;
}

/** By convention; the words of a message depend on it, nothing else. */
function isFunction(name: string): boolean {
  return /^[a-z_]/.test(name);
}

/** Which argument is for which parameter; complaints go to the caller, `undefined` if there were any. */
export function assign(
  cx: Context,
  callee: string,
  params: readonly Param[],
  args: readonly Argument[],
): ReadonlyMap<string, Argument> | undefined {
  const given = new Map<string, Argument>();
  let next = 0;
  let ok = true;
  for (const arg of args) {
    const param = arg.name === undefined ? params[next++] : params.find((p) => p.name.text === arg.name);
    if (param === undefined && arg.name === undefined) {
      cx.error('too-many-arguments', arg.span, { callee, what: describe(arg.value, (t) => cx.show(t)), max: params.length });
      ok = false;
      break;
    }
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

/** Values of hyperparameters while a declaration is checked on its own. */
export function rigidValue(
  cx: Context,
  name: string,
  kind: Kind,
  fallback: CheckValue | undefined,
  asSize: (name: string, min: number) => CheckValue,
): CheckValue {
  switch (kind) {
    case 'int': {
      const usual = fallback?.kind === 'int' ? fallback.dim.constant : undefined;
      // A default below 0 marks a position, such as an axis, which no size rule can treat as a size.
      if (usual !== undefined && usual < 0) return fallback ?? unknown;
      return asSize(name, usual === 0 ? 0 : 1);
    }
    case 'float':
      return { kind: 'float', value: undefined };
    case 'bool':
      return { kind: 'bool', value: undefined };
    case 'ints':
      return fallback?.kind === 'int' ? rigidValue(cx, name, 'int', fallback, asSize) : asSize(name, 1);
    default:
      return fallback ?? unknown;
  }
}
