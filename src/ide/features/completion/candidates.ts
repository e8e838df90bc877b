import { isBasicKind } from '../../../2-check/modules/kinds.js';
import type { Decl, Module } from '../../../2-check/modules/modules.js';
import { builtInNames, builtinNamed } from '../../../2-check/modules/names.js';
import type { CheckValue } from '../../../2-check/values/values.js';
import type { Edit } from '../../../diagnostics/record.js';
import { once } from '../../../once.js';
import type { Op } from '../../../ops/define.js';
import { ops } from '../../../ops/index.js';
import { dtypes } from '../../../ops/types.js';
import { preludeDeclarations, preludeFileOf } from '../../../stdlib.js';
import type { Cursor } from '../../cursor/cursor.js';
import { localsAt } from '../../cursor/locals.js';
import { valueOfName } from '../../cursor/values.js';
import { declNamed } from '../../names/outer.js';
import { standardOutline } from '../../outline.js';
import { builtInCallable, builtInConstant } from '../../present/built-ins.js';
import { type Callable, signatureText } from '../../present/callable.js';
import { callableOf } from '../../present/callable-value.js';
import { declaredCallable, type Source } from '../../present/declared.js';
import { operatorCallable } from '../../present/operators.js';
import { importableNames } from './importable.js';
import type { CompletionKind, Subject } from './item.js';

/** Something that a name at the cursor could mean. */
export interface Candidate {
  readonly name: string;
  readonly kind: CompletionKind;
  /** How near it is: 0 for what is declared around the cursor, 1 for the file, 2 for the library and operators, 3 for what must be imported. */
  readonly distance: number;
  readonly value?: CheckValue | undefined;
  readonly callable?: Callable | undefined;
  readonly op?: Op | undefined;
  readonly decl?: Decl | undefined;
  readonly detail?: string | undefined;
  readonly subject?: Subject | undefined;
  /** The import that it needs. */
  readonly edits?: readonly Edit[] | undefined;
}

/** The names that are declared around the cursor, the latest first. */
export function localCandidates(cursor: Cursor): readonly Candidate[] {
  return localsAt(cursor).map(({ name, kind, at }) => {
    const value = valueOfName(cursor, name);
    const isCalled = value?.kind === 'fn' || value?.kind === 'layer';
    const shown: CompletionKind =
      kind === 'size'
        ? 'size'
        : kind === 'hyperparameter' || kind === 'input' || kind === 'argument'
          ? 'parameter'
          : kind === 'function'
            ? 'function'
            : kind === 'constant'
              ? 'constant'
              : kind === 'storage'
                ? 'weight'
                : kind === 'field'
                  ? 'field'
                  : 'variable';
    const isLayer = value?.kind === 'layer' && value.decl.kind === 'layer';
    return {
      name,
      kind: isLayer ? 'layer' : shown,
      distance: 0,
      value,
      callable: isCalled && value !== undefined ? callableOf(value) : undefined,
      at,
    };
  });
}

/** What the file, the library and archc itself call by a name, without `hidden` ones. */
export function globalCandidates(cursor: Cursor, hidden: ReadonlySet<string>): readonly Candidate[] {
  const found = new Map<string, Candidate>();
  const add = (candidate: Candidate) => {
    if (!hidden.has(candidate.name) && !found.has(candidate.name)) found.set(candidate.name, candidate);
  };
  for (const candidate of fileCandidates(cursor)) add(candidate);
  for (const candidate of shippedCandidates()) add(candidate);
  for (const { name, outline, decl, edits } of importableNames(cursor))
    add({ ...ofOutline(decl, outline, cursor.path), name, edits, distance: 3 });
  return [...found.values()];
}

/** The prelude, the operators and what else is built in: the same for every file. */
const shippedCandidates = once((): readonly Candidate[] => [
  ...preludeDeclarations().flatMap((name): readonly Candidate[] => {
    const outline = standardOutline(preludeFileOf(name) ?? '');
    const decl = name.startsWith('_') ? undefined : outline?.decls.get(name);
    return decl === undefined || outline === undefined ? [] : [{ ...ofOutline(decl, outline), distance: 2 }];
  }),
  ...ops.filter(({ name }) => name !== 'equal').map(ofOperator),
  ...builtInNames().map(ofBuiltIn),
]);

/** What is declared or imported at the top of the file. */
export function fileCandidates(cursor: Cursor): readonly Candidate[] {
  const { module } = cursor.view;
  const own = [...module.decls].map(([name, decl]) => ofDecl(cursor, decl, module, name, 1));
  const imported = [...module.imports].flatMap(([name, from]): readonly Candidate[] => {
    const decl = from === 'missing' ? undefined : from.module.decls.get(from.name);
    return from === 'missing' || decl === undefined ? [] : [ofDecl(cursor, decl, from.module, name, 1)];
  });
  return [...own, ...imported].filter(({ decl }) => decl === undefined || decl !== cursor.item || decl.kind === 'fn');
}

function ofDecl(cursor: Cursor, decl: Decl, module: Module, name: string, distance: number): Candidate {
  const base = ofOutline(decl, module, cursor.path);
  const target = decl.kind === 'alias' ? declNamed(decl.name.text, module) : undefined;
  const value = decl.kind === 'let' || decl.kind === 'alias' ? valueOfName(cursor, name) : undefined;
  const known = value && callableOf(value);
  const callable = known ?? (target && declaredCallable(target.decl, target.module, { brief: true })) ?? base.callable;
  return { ...base, ...(callable === undefined ? {} : shown(callable)), name, distance, value };
}

function ofOutline(decl: Decl, source: Source, from?: string): Omit<Candidate, 'edits'> {
  const callable = declaredCallable(decl, source, { brief: true });
  return {
    name: decl.name.text,
    kind: kindOfDecl(decl),
    distance: 3,
    decl,
    ...(callable === undefined ? {} : shown(callable)),
    subject: { of: 'declaration', file: source.path, name: decl.name.text, from },
  };
}

function kindOfDecl(decl: Decl): CompletionKind {
  switch (decl.kind) {
    case 'alias':
      return decl.of;
    case 'fn':
      return 'function';
    case 'let':
      return decl.params === undefined ? 'constant' : 'function';
    default:
      return decl.kind;
  }
}

function ofOperator(op: Op): Candidate {
  return { name: op.name, kind: 'operator', distance: 2, op, ...shown(operatorCallable(op)), subject: { of: 'operator', name: op.name } };
}

function ofBuiltIn(name: string): Candidate {
  const subject: Subject = { of: 'built-in', name };
  if (dtypes.some((dtype) => dtype === name)) return { name, kind: 'type', distance: 2, detail: 'dtype', subject };
  const constant = builtInConstant(name);
  if (constant !== undefined) return { name, kind: 'constant', distance: 2, detail: constant.type, subject };
  const callable = builtInCallable(name);
  return { name, kind: 'function', distance: 2, ...(callable === undefined ? {} : shown(callable)), subject };
}

/** What can be called, with its signature in a line. */
function shown(callable: Callable): Pick<Candidate, 'callable' | 'detail'> {
  return { callable, detail: signatureText(callable).label };
}

/** Whether a name is that of a function on compile-time values alone. */
export function isPlainFunction(name: string): boolean {
  return builtinNamed(name) !== undefined && !isBasicKind(name);
}
