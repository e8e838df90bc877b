import type {
  ConfigDecl,
  EntryDecl,
  Expr,
  LabelExpr,
  LayerDecl,
  LetFunction,
  Name,
  Param,
  RestDim,
  ReturnStmt,
  StorageStmt,
  TrainDecl,
} from '../../1-syntax/ast.js';
import { eachNode } from '../../1-syntax/walk.js';
import { type DeclaredName, NameWalk } from '../../2-check/modules/declared-names.js';
import type { Decl, Module } from '../../2-check/modules/modules.js';
import type { Types } from '../../2-check/reuse/types.js';
import type { Session } from '../../2-check/session.js';
import { namesOf } from '../../2-check/sizes/unmet.js';
import { spanBeside } from '../../diagnostics/anchor.js';
import type { Span } from '../../diagnostics/span.js';
import { argumentsIn } from './arguments.js';
import { membersIn } from './members.js';
import { kindOfRole, type Named, namedDecl, namedParam, type Occurrence } from './named.js';
import { outerNamed, placeOf } from './outer.js';
import { PatternSizes } from './pattern-sizes.js';

/** A declaration in its file, with the values of its expressions. */
export interface ItemView {
  readonly session: Session;
  readonly module: Module;
  readonly item: Decl | TrainDecl;
  readonly types: Types;
}

/** The places in a declaration or `train` block where names are written, and what they name, by place. */
export function occurrencesIn(view: ItemView): readonly Occurrence[] {
  const { item, module } = view;
  const found = new Map<number, Occurrence>();
  // A place has one meaning: the first that is found.
  const add = (occurrence: Occurrence) => {
    const { start, end } = occurrence.span;
    if (end > start && !found.has(start)) found.set(start, occurrence);
  };
  add({ span: item.name.span, named: namedItem(item, module), role: 'definition' });
  const locals = localsOf(view);
  for (const occurrence of [...locals.occurrences, ...labelsIn(item), ...restsIn(item), ...resultsIn(item)]) add(occurrence);
  for (const occurrence of argumentsIn(view, locals.named)) add(occurrence);
  for (const occurrence of membersIn(view, found)) add(occurrence);
  return [...found.values()].sort((a, b) => a.span.start - b.span.start);
}

export function namedItem(item: Decl | TrainDecl, module: Module): Named {
  if (item.kind !== 'train') return namedDecl(item, module);
  return { kind: 'train', name: item.name.text, span: item.name.span, source: { kind: 'train', decl: item, module } };
}

interface Locals {
  readonly occurrences: readonly Occurrence[];
  /** What is declared in the item, by the name where it is declared. */
  readonly named: ReadonlyMap<Name, Named>;
}

function localsOf({ session, module, item }: ItemView): Locals {
  const walk = item.kind === 'train' ? walkTrain(item) : namesOf(session, item, module);
  const occurrences: Occurrence[] = [];
  const named = new Map<Name, Named>();
  const byDeclared = new Map<DeclaredName, Named>();
  const params = paramsOf(item);
  const storages = storagesOf(item);
  for (const declared of walk.declared) {
    const made = localNamed(declared, item, module, { params, storages, span: placeOf(declared, walk) });
    byDeclared.set(declared, made);
    named.set(declared.name, made);
    if (made.span !== undefined) occurrences.push({ span: made.span, named: made, role: 'definition' });
  }
  for (const [name, declared] of walk.meanings) {
    const what = byDeclared.get(declared);
    if (what === undefined) continue;
    if ('kind' in name) occurrences.push({ span: nameIn(name.span, name.name), named: what, role: 'read' });
    else occurrences.push({ span: name.span, named: what, role: 'write' });
  }
  const sizes = new PatternSizes(item);
  for (const { text, expr, special } of walk.outer) {
    const outer = outerNamed(text, session, module, item);
    if (outer !== undefined) occurrences.push({ span: nameIn(expr.span, text), named: outer, role: 'read' });
    else if (special) occurrences.push(sizes.occurrence(text, expr.span));
  }
  return { occurrences, named };
}

/** The name at the start of a span: that of `c.dtype` in a type, or of the kind `Sizes?`, is longer. */
function nameIn(span: Span, text: string): Span {
  return span.end === span.start + text.length ? span : spanBeside(span, span.start, span.start + text.length);
}

function walkTrain({ model, clauses }: TrainDecl): NameWalk {
  const walk = new NameWalk();
  walk.visit(model);
  for (const clause of clauses) if (clause.kind === 'input') walk.declare(clause.name, 'input');
  walk.visit(clauses);
  walk.end();
  return walk;
}

interface Places {
  readonly params: ReadonlyMap<Name, Param>;
  readonly storages: ReadonlyMap<Name, StorageStmt>;
  readonly span: Span | undefined;
}

function localNamed(declared: DeclaredName, item: Decl | TrainDecl, module: Module, { params, storages, span }: Places): Named {
  const { name, role } = declared;
  const param = params.get(name);
  if (param !== undefined) return namedParam(param, role === 'loop' ? 'argument' : kindOfRole(role, item), item.name.text, module);
  const statement = storages.get(name);
  const source = statement === undefined ? undefined : { kind: 'storage' as const, statement };
  const kind = declared.places.some((place) => isFunction(place.statement)) ? 'function' : kindOfRole(role, item);
  return { kind, name: name.text, span, inside: item.name.text, source };
}

function isFunction(statement: DeclaredName['places'][number]['statement']): boolean {
  return statement.kind === 'let' && statement.params !== undefined;
}

function paramsOf(item: Decl | TrainDecl): ReadonlyMap<Name, Param> {
  const params = new Map<Name, Param>();
  const add = (list: readonly Param[] = []) => {
    for (const param of list) params.set(param.name, param);
  };
  eachNode(item, (node) => {
    const { hyper, inputs, params: own, fields } = node as Partial<LayerDecl & LetFunction & ConfigDecl>;
    if (node.kind === 'config') add(fields);
    else if (node.kind === 'fn' || node.kind === 'let') add(own);
    else if (node.kind === 'layer' || node.kind === 'model' || node.kind === 'entry') {
      add(hyper);
      add(inputs);
    }
  });
  return params;
}

function storagesOf(item: Decl | TrainDecl): ReadonlyMap<Name, StorageStmt> {
  const storages = new Map<Name, StorageStmt>();
  eachNode(item, (node) => {
    if (node.kind === 'storage') storages.set((node as StorageStmt).name, node as StorageStmt);
  });
  return storages;
}

/** The labels of a body. The same label in two places is the same name for weights. */
function labelsIn(item: Decl | TrainDecl): readonly Occurrence[] {
  const known = new Map<string, Named>();
  const found: Occurrence[] = [];
  eachNode(item, (node) => {
    if (node.kind !== 'label') return;
    const [first] = (node as LabelExpr).segments;
    if (first?.kind !== 'word' || first.name.text === '_' || first.name.text === '') return;
    const { text, span } = first.name;
    const named = known.get(text) ?? { kind: 'label', name: text, span, inside: item.name.text };
    found.push({ span, named, role: known.has(text) ? 'write' : 'definition' });
    known.set(text, named);
  });
  return found;
}

/** `*B`: a group of axes. */
function restsIn(item: Decl | TrainDecl): readonly Occurrence[] {
  const known = new Map<string, Named>();
  const found: Occurrence[] = [];
  eachNode(item, (node) => {
    if (node.kind !== 'rest') return;
    const { text, span } = (node as RestDim).name;
    const named = known.get(text) ?? { kind: 'size', name: text, span, inside: item.name.text };
    found.push({ span, named, role: known.has(text) ? 'read' : 'definition' });
    known.set(text, named);
  });
  return found;
}

/** The named outputs of a declaration and of its entries, and the entries themselves. */
function resultsIn(item: Decl | TrainDecl): readonly Occurrence[] {
  if (item.kind === 'train') return metricsOf(item);
  if (item.kind !== 'layer' && item.kind !== 'model' && item.kind !== 'fn') return [];
  const entries = item.body.statements.filter((statement): statement is EntryDecl => statement.kind === 'entry');
  const own = item.kind === 'fn' || item.result !== undefined ? outputsOf(item.name.text, item.result?.outputs ?? [], item.body) : [];
  return [...own, ...entries.flatMap((entry) => outputsOf(`${item.name.text}.${entry.name.text}`, entry.result.outputs, entry.body))];
}

/** Nothing reads a metric by its name: `metric accuracy = accuracy(logits, labels)` calls a function. */
function metricsOf({ name: inside, clauses }: TrainDecl): readonly Occurrence[] {
  return clauses.flatMap((clause): readonly Occurrence[] => {
    if (clause.kind !== 'metric') return [];
    const { text: name, span } = clause.name;
    return [{ span, named: { kind: 'output', name, span, inside: inside.text }, role: 'definition' }];
  });
}

function outputsOf(inside: string, outputs: readonly { readonly name?: Name | undefined }[], body: unknown): readonly Occurrence[] {
  const named = new Map<string, Named>();
  const found: Occurrence[] = [];
  for (const { name } of outputs) {
    if (name === undefined || name.text === '') continue;
    const output: Named = { kind: 'output', name: name.text, span: name.span, inside };
    named.set(name.text, output);
    found.push({ span: name.span, named: output, role: 'definition' });
  }
  eachNode(body, (node) => {
    const value: Expr | undefined = node.kind === 'return' ? (node as ReturnStmt).value : undefined;
    for (const item of value?.kind === 'tuple' ? value.items : []) {
      const output = item.name && named.get(item.name.text);
      if (item.name !== undefined && output !== undefined) found.push({ span: item.name.span, named: output, role: 'write' });
    }
  });
  return found;
}
