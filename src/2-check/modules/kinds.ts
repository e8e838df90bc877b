import type { ConfigDecl, Param } from '../../1-syntax/ast.js';
import { suggest } from '../../diagnostics/suggest.js';
import type { Context } from '../context.js';
import type { CheckValue } from '../values/values.js';
import type { Module } from './modules.js';

/** What a parameter accepts: its declared kind, else that of its default. */
export type Kind = BasicKind | RecordKind;

type BasicKind = 'int' | 'float' | 'bool' | 'string' | 'dtype' | 'fn' | 'layer' | 'list' | 'tuple' | 'ints' | 'any';

/** The name of a `config`. */
export interface RecordKind {
  readonly record: ConfigDecl;
  readonly module: Module;
}

/** The kinds that have a name of their own in the language. */
export const basicKinds: readonly BasicKind[] = ['int', 'float', 'bool', 'string', 'dtype', 'fn', 'layer', 'list', 'tuple', 'ints', 'any'];

/** Whether a name is a kind that is not the name of a `config`. */
export function isBasicKind(name: string): boolean {
  return basicKinds.some((kind) => kind === name);
}

/** Whether a parameter may be `none`: its kind ends in `?`. */
export function mayBeNone({ type }: Param): boolean {
  return type?.kind === 'kind' && type.optional;
}

/**
 * The kind of a parameter of a declaration in `module`. `ints` is one integer or a list of them; a parameter without kind and default
 * accepts anything. An unknown kind is reported to `cx`, if given: only when the declaration is checked on its own.
 */
export function kindOf(param: Param, fallback: CheckValue | undefined, module: Module, cx?: Context): Kind {
  if (param.type?.kind === 'kind') {
    const written = param.type.name;
    const basic = basicKinds.find((k) => k === written);
    if (basic !== undefined) return basic;
    const record = configNamed(module, written);
    if (record === undefined) {
      const near = suggest(written, [...basicKinds, ...configNames(module)]);
      cx?.error('unknown-kind', param.type.span, { name: written, near });
    }
    return record ?? 'any';
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
    case 'record':
      return { record: fallback.decl, module: fallback.module };
    default:
      return 'any';
  }
}

/** What a name means where a kind is expected; `any` if it is unknown, which is reported elsewhere. */
function configNamed(module: Module, name: string): RecordKind | 'any' | undefined {
  const imported = module.imports.get(name);
  if (imported === 'missing' || (module.meant.has(name) && imported === undefined && !module.decls.has(name))) return 'any';
  const home = module.decls.has(name) ? module : imported?.module;
  const decl = home?.decls.get(imported?.module === home ? (imported?.name ?? name) : name);
  if (home === undefined || decl?.kind !== 'config') return undefined;
  return home.spoiled.has(decl) ? 'any' : { record: decl, module: home };
}

function configNames(module: Module): readonly string[] {
  return [...module.decls.keys(), ...module.imports.keys()].filter((name) => typeof configNamed(module, name) === 'object');
}

export function fitsKind(value: CheckValue, kind: Kind): boolean {
  if (value.kind === 'unknown' || kind === 'any') return true;
  if (typeof kind === 'object') return value.kind === 'record' && value.decl === kind.record;
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
      // A layer is accepted where a function of one tensor is expected, and vice versa: `act = relu` or `act = PReLU`.
      return value.kind === 'fn' || value.kind === 'layer';
    case 'layer':
      return value.kind === 'layer' || value.kind === 'fn';
    default:
      return value.kind === kind;
  }
}

const basicWords: Readonly<Record<BasicKind, string>> = {
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

/** `an integer`, `a record \`LlamaConfig\``: for messages. */
export function kindWords(kind: Kind): string {
  return typeof kind === 'object' ? `a record \`${kind.record.name.text}\`` : basicWords[kind];
}
