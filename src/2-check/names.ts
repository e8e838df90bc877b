import type { NameExpr } from '../1-syntax/ast.js';
import { suggest } from '../diagnostics/suggest.js';
import { Facts } from '../dims/facts.js';
import { ops } from '../ops/index.js';
import { opNamed } from '../ops/registry.js';
import { dtypes } from '../ops/types.js';
import { preludeDeclarations } from '../stdlib.js';
import { isAssigned } from './absence.js';
import { builtins } from './builtins.js';
import { Context } from './context.js';
import { Labels } from './labels.js';
import type { Decl, Module } from './modules.js';
import { dtypeNamed } from './type-expressions.js';
import { type CheckValue, holdsTensor, unknown } from './values.js';

/** What other frameworks write before a dot. */
const prefixes: Readonly<Record<string, string>> = {
  ...Object.fromEntries(
    ['torch', 'nn', 'F', 'np', 'math'].map((name) => [name, 'there are no prefixes here: write `relu(x)`, `sqrt(2)` or `Linear(10)`']),
  ),
  self: 'there is no `self`: a layer stands where it is used, `x -> fc: Linear(10)`, or is bound to a name, `fc = Linear(10)`',
  lambda: 'a function of the compiler is `let f(v) = v * 2`',
  Sequential: 'a pipeline is a sequence: `x -> Linear(8) -> relu`',
};

const builtinsByName = new Map(builtins.map((fn) => [fn.name, fn]));

/** What a name means: the nearest local, then the module's declarations and imports, the prelude, and what is built in. */
export function evaluateName(cx: Context, expr: NameExpr): CheckValue {
  const { name } = expr;
  if (name === '') return unknown;
  const local = cx.scope.find(name);
  if (local !== undefined) {
    if (!isAssigned(cx, name, local, expr.span)) return unknown;
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
  // Where so much is wrong already, looking for a similar name would take most of the time.
  const prefix = Object.hasOwn(prefixes, name) ? prefixes[name] : undefined;
  const near =
    prefix !== undefined || cx.problems.length >= cx.session.limits.diagnostics
      ? []
      : suggest(name, [
          ...cx.scope.names(),
          ...cx.module.decls.keys(),
          ...cx.module.imports.keys(),
          ...preludeDeclarations(),
          ...ops.map((op) => op.name),
          ...builtinsByName.keys(),
        ]);
  const [best] = near;
  const late = cx.late.has(name);
  const help = late
    ? `\`${name}\` stands in the result only, and is known when the body ends; state it with \`where ${name} == ...\`, or compute it`
    : prefix;
  cx.error(
    'unknown-name',
    expr.span,
    { name, near },
    {
      fixes: best === undefined || late ? [] : [{ title: `write \`${best}\``, edits: [{ span: expr.span, text: best }] }],
      help,
    },
  );
  return unknown;
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
  if (module.spoiled.has(decl)) return unknown;
  switch (decl.kind) {
    case 'fn':
      return { kind: 'fn', form: 'declared', decl, module };
    case 'layer':
    case 'model':
      return { kind: 'layer', decl, module };
    case 'let':
      if (decl.params !== undefined) {
        return { kind: 'fn', form: 'let', decl, params: decl.params, body: decl.value, module };
      }
      return constantValue(cx, decl, module, expr);
    case 'alias':
      return constantValue(cx, decl, module, expr);
  }
}

/** The value of a module's `let` or alias, evaluated on first use and once. */
function constantValue(cx: Context, decl: Extract<Decl, { kind: 'let' | 'alias' }>, module: Module, expr: NameExpr): CheckValue {
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
  const own = moduleContext(cx, module);
  let value = own.evaluate(decl.value);
  if (decl.kind === 'alias' && value.kind !== 'layer' && value.kind !== 'unknown') {
    own.error('bad-alias', decl.value.span, { name: decl.name.text, of: decl.of });
    value = unknown;
  }
  if (decl.kind === 'alias' && value.kind === 'layer') value = { ...value, alias: decl };
  for (const problem of own.problems) cx.session.report.push(problem);
  cx.session.constants.set(decl, value);
  return value;
}

/** A context for expressions that stand outside of every body. */
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

function builtInValue(cx: Context, name: string): CheckValue | undefined {
  const op = opNamed(name);
  if (op !== undefined) return { kind: 'fn', form: 'op', op };
  const fn = builtinsByName.get(name);
  if (fn !== undefined) return { kind: 'fn', form: 'builtin', fn };
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

/** The function of the compiler with an operator's name, for calls without a tensor: `max(2, 3)`. */
export function builtinNamed(name: string) {
  return builtinsByName.get(name);
}
