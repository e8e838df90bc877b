import type { CallExpr, Expr, Param, Result, TensorTypeExpr } from '../../1-syntax/ast.js';
import { eachNode } from '../../1-syntax/walk.js';
import { isBasicKind } from '../../2-check/modules/kinds.js';
import type { Decl, Module } from '../../2-check/modules/modules.js';
import type { Op } from '../../ops/define.js';
import { opNamed } from '../../ops/registry.js';
import { dtypes } from '../../ops/types.js';
import { preludeFileOf } from '../../stdlib.js';
import type { Accepted, Callable, Parameter } from './callable.js';
import { type DocsPlace, prose } from './markdown.js';
import { attrParameter } from './operators.js';

/** The file of a declaration: a module, or what its text alone shows. */
export type Source = Pick<Module, 'file' | 'decls' | 'standard' | 'path'>;

/** A declaration that can be called, from its own words; undefined for a constant or an alias. `brief`: without what its body says about its parameters. */
export function declaredCallable(decl: Decl, module: Source, { brief = false } = {}): Callable | undefined {
  const body = brief ? undefined : decl;
  const text = (part: { readonly span: { readonly start: number; readonly end: number } }) =>
    sourceText(module, part.span.start, part.span.end);
  const common = {
    name: decl.name.text,
    doc: decl.doc === undefined || brief ? undefined : documentation(decl.doc),
    place: placeOf(decl, module),
  };
  switch (decl.kind) {
    case 'layer':
    case 'model': {
      const lists = [decl.hyper, decl.inputs].filter((list) => list !== undefined);
      return {
        ...common,
        keyword: decl.kind,
        lists: lists.map((list) => list.map((param) => declaredParameter(param, module, body))),
        result: decl.result && resultText(decl.result, text),
      };
    }
    case 'fn':
      return {
        ...common,
        keyword: 'fn',
        lists: [decl.params.map((param) => declaredParameter(param, module, body))],
        result: resultText(decl.result, text),
      };
    case 'config':
      return {
        ...common,
        keyword: 'config',
        lists: [decl.fields.map((param) => ({ ...declaredParameter(param, module, body), byPosition: false }))],
      };
    case 'let':
      if (decl.params === undefined) return undefined;
      return {
        ...common,
        keyword: 'let',
        lists: [decl.params.map((param) => ({ ...declaredParameter(param, module, body), byPosition: true }))],
      };
    default:
      return undefined;
  }
}

/** The `##` lines of a declaration; an example in the form of the standard library is a paragraph of its own. */
export function documentation(doc: string): string {
  return prose(doc.replace(/\nExample: /, '\n\nExample: '));
}

function placeOf(decl: Decl, { standard, path }: Source): DocsPlace | undefined {
  const isListed = standard && (preludeFileOf(decl.name.text) === path || !decl.name.text.startsWith('_'));
  return isListed ? { page: 'stdlib.md', section: decl.name.text } : undefined;
}

/** The result of a declaration, without its arrow. */
function resultText({ outputs, named, span }: Result, text: (part: Result | TensorTypeExpr) => string): string {
  const [only] = outputs;
  return !named && outputs.length === 1 && only !== undefined ? text(only.type) : text({ outputs, named, span }).replace(/^->\s*/, '');
}

/** One parameter of a declaration. */
export function declaredParameter(param: Param, module: Source, decl?: Decl): Parameter {
  const { name, type, fallback, span, from } = param;
  const isTensor = type?.kind === 'tensor-type';
  const passed = isTensor || decl === undefined ? undefined : passedOn(decl, name.text);
  const own = acceptedBy(param, module);
  const initial = fallback?.kind === 'string' && fallback.parts.every((part) => typeof part === 'string') ? [fallback.parts.join('')] : [];
  const compared = own.kind === 'string' && decl !== undefined ? comparedWith(decl, name.text) : undefined;
  const choices = compared && [...new Set([...initial, ...compared])];
  const accepts =
    passed?.accepts !== undefined && isLess(own, passed.accepts) ? passed.accepts : choices === undefined ? own : { ...own, choices };
  const written = sourceText(module, span.start, from === undefined ? span.end : (fallback ?? type ?? name).span.end);
  return {
    name: name.text,
    text: written === '' ? name.text : written,
    isTensor,
    isRequired: fallback === undefined && !(isTensor && type.optional),
    byPosition: isTensor || fallback === undefined,
    isVariadic: false,
    type: type === undefined ? undefined : sourceText(module, type.span.start, type.span.end),
    fallback: fallback && sourceText(module, fallback.span.start, fallback.span.end),
    doc: param.doc === undefined ? passed?.doc : prose(param.doc),
    accepts: isTensor ? undefined : accepts,
  };
}

/** Whether what a parameter is passed on to says more about its values. */
function isLess(own: Accepted, passed: Accepted): boolean {
  return own.kind === 'any' || passed.choices !== undefined || (own.kind === 'int' && (passed.kind === 'axis' || passed.kind === 'axes'));
}

/** Part of a source on one line, without comments. */
export function sourceText({ file }: Source, start: number, end: number): string {
  const written = file.text.slice(start, end);
  return (written.includes('\n') ? written.replaceAll(/(?:^|\s)#[^\n]*/g, ' ') : written).replaceAll(/\s+/g, ' ').trim();
}

function acceptedBy({ type, fallback }: Param, module: Source): Accepted {
  if (type?.kind === 'kind') return { kind: isBasicKind(type.name) ? (type.name as Accepted['kind']) : 'any' };
  return { kind: fallback === undefined ? 'any' : kindOfValue(fallback, module) };
}

function kindOfValue(value: Expr, module: Source): Accepted['kind'] {
  switch (value.kind) {
    case 'bool':
      return 'bool';
    case 'string':
      return 'string';
    case 'number':
      return value.isInt ? 'int' : 'float';
    case 'list':
    case 'tuple':
      return value.kind;
    case 'name':
      if (dtypes.some((dtype) => dtype === value.name) || value.name === 'float_type') return 'dtype';
      if (module.decls.get(value.name)?.kind === 'layer') return 'layer';
      return opNamed(value.name) !== undefined || module.decls.get(value.name)?.kind === 'fn' ? 'fn' : 'any';
    default:
      return 'any';
  }
}

/** The option of an operator that a body passes a hyperparameter on to, unchanged. */
function passedOn(decl: Decl, name: string): Parameter | undefined {
  let found: Parameter | undefined;
  eachNode(decl, (node) => {
    if (found !== undefined || node.kind !== 'call') return;
    const { callee, args } = node as CallExpr;
    const op = callee.kind === 'name' ? opNamed(callee.name) : undefined;
    if (op === undefined || callee.kind !== 'name' || callee.name === decl.name.text) return;
    const at = args.findIndex(({ value }) => value.kind === 'name' && value.name === name);
    const arg = args[at];
    if (arg === undefined) return;
    const option = arg.name?.text ?? optionAt(op, args, at);
    const attr = option === undefined ? undefined : op.attrs[option];
    if (attr !== undefined && option !== undefined) found = attrParameter(option, attr);
  });
  return found;
}

/** The option at a position of a call, counted from the last argument: how many tensors come first is not known. */
function optionAt(op: Op, args: CallExpr['args'], at: number): string | undefined {
  const { inputs, positionalAttrs, takesSeveral } = op.lists();
  const positions = args.filter(({ name }) => name === undefined).length;
  const required = inputs.filter(([, spec]) => typeof spec === 'string').length;
  if (takesSeveral) return undefined;
  // A call with more arguments than the required tensors and all options also gives optional tensors.
  const tensors = Math.min(inputs.length, Math.max(required, positions - positionalAttrs.length));
  return at < tensors ? undefined : positionalAttrs[at - tensors];
}

/** The strings that a body compares a hyperparameter with. */
function comparedWith(decl: Decl, name: string): readonly string[] | undefined {
  const found = new Set<string>();
  eachNode(decl, (node) => {
    if (node.kind !== 'binary') return;
    const { op, left, right } = node as Extract<Expr, { kind: 'binary' }>;
    if ((op !== '==' && op !== '!=' && op !== 'in') || left.kind !== 'name' || left.name !== name) return;
    for (const value of right.kind === 'list' ? right.items.map((item) => item.value) : [right])
      if (value.kind === 'string' && value.parts.every((part) => typeof part === 'string')) found.add(value.parts.join(''));
  });
  return found.size === 0 ? undefined : [...found];
}
