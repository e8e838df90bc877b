import type { AliasDecl, LetConstant, NameExpr } from '../../1-syntax/ast.js';
import { Facts } from '../../dims/facts.js';
import { opNamed } from '../../ops/registry.js';
import { dtypes } from '../../ops/types.js';
import { Context } from '../context.js';
import { Labels } from '../layers/labels.js';
import { dtypeNamed } from '../sizes/type-expressions.js';
import { demandAssigned } from '../values/absence.js';
import { builtins } from '../values/builtins.js';
import { type CheckValue, holdsTensor, layerValue, unknown } from '../values/values.js';
import type { Decl, Module } from './modules.js';
import { reportUnknownName } from './unknown-names.js';

const builtinsByName = new Map(builtins.map((fn) => [fn.name, fn]));

/** What a name means: the nearest local, then the module's declarations and imports, the prelude, and what is built in. */
export function evaluateName(cx: Context, expr: NameExpr): CheckValue {
  const { name } = expr;
  if (name === '') return unknown;
  if (!cx.module.standard) cx.session.met.add(expr);
  const local = cx.scope.find(name);
  if (local !== undefined) {
    if (local.role === 'dim' && local.value.kind === 'absent') {
      cx.error('absent-argument', expr.span, { name: local.value.name, size: name });
      return unknown;
    }
    if (!demandAssigned(cx, name, local, expr.span)) return unknown;
    if (cx.foreign?.find(name) !== local || !holdsTensor(local.value)) return local.value;
    cx.error('captured-tensor', expr.span, { name }, { notes: [{ span: local.span, text: 'it belongs to this body' }] });
    return unknown;
  }
  const declared = moduleValue(cx, cx.module, name, expr);
  if (declared !== undefined) return declared;
  const standard = cx.session.loader.prelude(name);
  if (standard !== undefined) return declValue(cx, standard.decl, standard.module, expr);
  const builtIn = builtInValue(cx, name);
  if (builtIn !== undefined) return builtIn;
  if (cx.module.meant.has(name)) return unknown;
  reportUnknownName(cx, expr);
  return unknown;
}

/** Whether a name has a meaning at the top of the file. */
export function isNamed(cx: Context, name: string): boolean {
  const { decls, imports } = cx.module;
  return decls.has(name) || imports.has(name) || cx.session.loader.prelude(name) !== undefined || builtInValue(cx, name) !== undefined;
}

function moduleValue(cx: Context, module: Module, name: string, expr: NameExpr): CheckValue | undefined {
  const decl = module.decls.get(name);
  if (decl !== undefined) return declValue(cx, decl, module, expr);
  const imported = module.imports.get(name);
  if (imported === undefined) return undefined;
  if (imported === 'missing') return unknown;
  const target = imported.module.decls.get(imported.name);
  return target === undefined ? unknown : declValue(cx, target, imported.module, expr);
}

function declValue(cx: Context, decl: Decl, module: Module, expr: NameExpr): CheckValue {
  if (module.spoiled.has(decl) && cx.session.observer === undefined && !hasSoundHead(decl, module)) return unknown;
  switch (decl.kind) {
    case 'fn':
      return { kind: 'fn', form: 'declared', decl, module };
    case 'layer':
    case 'model':
      return layerValue(decl, module);
    case 'config':
      return { kind: 'config', decl, module };
    case 'let':
      if (decl.params !== undefined) {
        return { kind: 'fn', form: 'let', decl, module };
      }
      return constantValue(cx, decl, module, expr);
    case 'alias':
      return constantValue(cx, decl, module, expr);
  }
}

/** Whether the signature of a declaration with syntax errors has none. */
function hasSoundHead(decl: Decl, { mistakes }: Module): boolean {
  if (decl.kind !== 'fn' && decl.kind !== 'layer' && decl.kind !== 'model') return false;
  const { start, end } = { start: decl.span.start, end: decl.body.span.start };
  return decl.result !== undefined && !mistakes.some((mistake) => mistake.start >= start && mistake.start <= end);
}

/** The value of a module's `let` or alias, evaluated once, on first use. */
function constantValue(cx: Context, decl: LetConstant | AliasDecl, module: Module, expr: NameExpr): CheckValue {
  const known = cx.session.constants.get(decl);
  if (known === 'evaluating') {
    cx.error(
      'cyclic-definition',
      expr.span,
      { name: decl.name.text },
      { notes: [{ span: decl.name.span, text: 'defined by itself here' }] },
    );
    return unknown;
  }
  if (known !== undefined) return known;
  cx.session.constants.set(decl, 'evaluating');
  cx.session.forgetAfterObserving(() => cx.session.constants.delete(decl));
  const value = cx.session.flaws.within(decl.span, () => evaluateConstant(cx, decl, module));
  cx.session.constants.set(decl, value);
  return value;
}

function evaluateConstant(cx: Context, decl: LetConstant | AliasDecl, module: Module): CheckValue {
  const own = moduleContext(cx, module);
  let value = own.evaluateOptional(decl.value);
  if (decl.kind === 'let' && decl.within !== undefined) {
    own.interpreter.bindPattern(own, decl.within, value, 'let');
    value = own.scope.find(decl.name.text)?.value ?? unknown;
  }
  if (decl.kind === 'alias' && value.kind !== 'layer' && value.kind !== 'unknown') {
    own.error('bad-alias', decl.value.span, { name: decl.name.text, of: decl.of });
    value = unknown;
  }
  if (decl.kind === 'alias' && value.kind === 'layer') value = { ...value, alias: decl };
  for (const problem of own.problems) cx.session.report.push(problem);
  return value;
}

/** A context for expressions outside any body. */
export function moduleContext(cx: Pick<Context, 'session' | 'interpreter'>, module: Module): Context {
  return new Context({
    session: cx.session,
    interpreter: cx.interpreter,
    module,
    rigid: false,
    depth: 0,
    labels: new Labels(),
    facts: Facts.none,
  });
}

/** The built-in names that are neither operators nor functions on numbers nor element types. */
const otherNames: readonly string[] = ['rearrange', 'pi', 'inf', 'training', 'float_type', 'onnx'];

/** The built-in names that are not operators. */
export function builtInNames(): readonly string[] {
  return [...builtinsByName.keys(), ...dtypes, ...otherNames];
}

export function isBuiltInName(name: string): boolean {
  return builtinsByName.has(name) || dtypeNamed(name) !== undefined || otherNames.includes(name);
}

function builtInValue(cx: Context, name: string): CheckValue | undefined {
  const op = opNamed(name);
  // PyTorch's `equal` gives one answer for two tensors; the operator is written `==`.
  if (op !== undefined && name !== 'equal') return { kind: 'fn', form: 'op', op };
  if (builtinsByName.has(name)) return { kind: 'fn', form: 'builtin', name };
  if (dtypeNamed(name) !== undefined) return { kind: 'dtype', dtype: dtypes.find((d) => d === name) ?? cx.float };
  switch (name) {
    case 'rearrange':
      return { kind: 'fn', form: 'rearrange' };
    case 'pi':
      return { kind: 'float', value: Math.PI };
    case 'inf':
      return { kind: 'float', value: Number.POSITIVE_INFINITY };
    case 'training':
      return { kind: 'bool', value: cx.session.training };
    case 'float_type':
      return { kind: 'dtype', dtype: cx.float };
    case 'onnx':
      return { kind: 'namespace' };
    default:
      return undefined;
  }
}

/** The compile-time function with an operator's name, for calls without a tensor: `max(2, 3)`. */
export function builtinNamed(name: string) {
  return builtinsByName.get(name);
}
