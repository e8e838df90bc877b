import type { CallExpr, Expr, Name, Param } from '../../1-syntax/ast.js';
import { eachNode } from '../../1-syntax/walk.js';
import type { Module } from '../../2-check/modules/modules.js';
import { presentIn } from '../../2-check/values/absence.js';
import type { CheckValue } from '../../2-check/values/values.js';
import type { Op } from '../../ops/define.js';
import { type Named, type NamedKind, namedParam, type Occurrence } from './named.js';
import type { ItemView } from './occurrences.js';
import { declaredValue } from './outer.js';

/** The names of arguments, `kernel = 3`, and what they are in what is called. */
export function argumentsIn(view: ItemView, locals: ReadonlyMap<Name, Named>): readonly Occurrence[] {
  const found: Occurrence[] = [];
  eachNode(view.item, (node) => {
    if (node.kind !== 'call') return;
    const { callee, args } = node as CallExpr;
    if (args.every(({ name }) => name === undefined)) return;
    const called = calledIn(callee, view);
    if (called === undefined) return;
    for (const { name } of args) {
      const named = name && namedArgument(name.text, called);
      if (name === undefined || named === undefined) continue;
      const param = named.source?.kind === 'param' ? locals.get(named.source.param.name) : undefined;
      found.push({ span: name.span, named: param ?? named, role: 'read' });
    }
  });
  return found;
}

/** What a call gives arguments to. */
export type Called =
  | {
      readonly kind: 'declared';
      readonly name: string;
      readonly params: readonly Param[];
      readonly kindOf: (param: Param) => NamedKind;
      readonly module: Module;
    }
  | { readonly kind: 'op'; readonly op: Op };

/** What a callee gives its arguments to: by its value, else by the declaration that it names. */
export function calledIn(callee: Expr, { session, module, types }: Omit<ItemView, 'item'>): Called | undefined {
  const value = types.get(callee)?.value;
  const known = value && calledBy(value);
  if (known !== undefined) return known;
  if (callee.kind === 'call') return calledIn(callee.callee, { session, module, types });
  const declared = callee.kind === 'name' ? declaredValue(callee.name, session, module) : undefined;
  return declared && calledBy(declared);
}

/** What a call of a value gives arguments to; undefined for what has no parameters with names. */
export function calledBy(given: CheckValue): Called | undefined {
  const value = presentIn(given);
  const isTensor = ({ type }: Param) => type?.kind === 'tensor-type';
  switch (value.kind) {
    case 'layer': {
      const { decl, module } = value;
      const kindOf = (param: Param): NamedKind => (isTensor(param) ? 'input' : 'hyperparameter');
      return {
        kind: 'declared',
        name: decl.name.text,
        params: [...(decl.hyper ?? []), ...(decl.inputs ?? [])],
        kindOf,
        module,
      };
    }
    case 'config':
      return { kind: 'declared', name: value.decl.name.text, params: value.decl.fields, kindOf: () => 'field', module: value.module };
    case 'record':
      return { kind: 'declared', name: value.decl.name.text, params: value.decl.fields, kindOf: () => 'field', module: value.module };
    case 'fn':
      if (value.form === 'op') return { kind: 'op', op: value.op };
      if (value.form !== 'declared' && value.form !== 'let') return undefined;
      return {
        kind: 'declared',
        name: value.decl.name.text,
        params: value.decl.params,
        kindOf: (param) => (isTensor(param) ? 'input' : 'argument'),
        module: value.module,
      };
    default:
      return undefined;
  }
}

/** The parameter that an argument's name means. */
export function namedArgument(name: string, called: Called): Named | undefined {
  if (called.kind === 'op') {
    const { op } = called;
    const isKnown = op.lists().inputs.some(([input]) => input === name) || op.lists().attrs.some(([attr]) => attr === name);
    return isKnown ? { kind: 'option', name, source: { kind: 'option', op, name } } : undefined;
  }
  const param = called.params.find((other) => other.name.text === name);
  return param && namedParam(param, called.kindOf(param), called.name, called.module);
}
