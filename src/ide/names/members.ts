import type { EntryDecl, LabelExpr, LayerDecl, MemberExpr, StorageStmt, TensorTypeExpr } from '../../1-syntax/ast.js';
import { eachNode } from '../../1-syntax/walk.js';
import { presentIn } from '../../2-check/values/absence.js';
import type { CheckValue } from '../../2-check/values/values.js';
import { spanBeside } from '../../diagnostics/anchor.js';
import { append } from '../../lists.js';
import { type Named, namedParam, type Occurrence } from './named.js';
import type { ItemView } from './occurrences.js';
import { declaredConfig } from './outer.js';
import { outputNamed } from './outputs.js';

/** The names after dots: fields of records, weights of layers, entries of models, outputs of layers. */
export function membersIn(view: ItemView, names: ReadonlyMap<number, Occurrence>): readonly Occurrence[] {
  const { item, types } = view;
  const found: Occurrence[] = [];
  eachNode(item, (node) => {
    if (node.kind === 'tensor-type') append(found, fieldsOfType(node as TensorTypeExpr, names));
    if (node.kind !== 'member') return;
    const { object, name } = node as MemberExpr;
    const value = types.get(object)?.value;
    const declared = object.kind === 'name' ? names.get(object.span.start)?.named : undefined;
    const output = value?.kind === 'tuple' ? outputNamed(object, name.text, view) : undefined;
    const named = output ?? (value && namedMember(presentIn(value), name.text)) ?? (declared && declaredField(declared, name.text));
    if (named !== undefined) found.push({ span: name.span, named, role: 'read' });
  });
  return found;
}

/** The fields in an element type, `Tensor<c.dtype>[N]`. */
function fieldsOfType({ dtype }: TensorTypeExpr, names: ReadonlyMap<number, Occurrence>): readonly Occurrence[] {
  if (dtype === undefined) return [];
  const found: Occurrence[] = [];
  const [first = '', ...fields] = dtype.text.split('.');
  let object = names.get(dtype.span.start)?.named;
  let start = dtype.span.start + first.length;
  for (const field of fields) {
    object = object && declaredField(object, field);
    if (object === undefined) break;
    start += 1;
    found.push({ span: spanBeside(dtype.span, start, start + field.length), named: object, role: 'read' });
    start += field.length;
  }
  return found;
}

/** A field of a hyperparameter whose kind is a `config`. */
function declaredField({ source }: Named, name: string): Named | undefined {
  const config = source?.kind === 'param' ? declaredConfig(source.param, source.module) : undefined;
  const field = config?.decl.fields.find((other) => other.name.text === name);
  return field && config && namedParam(field, 'field', config.decl.name.text, config.module);
}

/** What a member of a value is. */
export function namedMember(value: CheckValue, name: string): Named | undefined {
  if (value.kind === 'record') {
    const field = value.decl.fields.find((other) => other.name.text === name);
    return field && namedParam(field, 'field', value.decl.name.text, value.module);
  }
  if (value.kind === 'tuple' && value.names?.includes(name)) return { kind: 'output', name };
  if (value.kind === 'tensor' && name === 'T') return { kind: 'built-in', name: 'T' };
  if (value.kind !== 'layer') return undefined;
  const { decl, module } = value;
  const inside = decl.name.text;
  const entry = entriesIn(decl).find((other) => other.name.text === name);
  if (entry !== undefined) return { kind: 'entry', name, span: entry.name.span, inside, source: { kind: 'entry', decl: entry, module } };
  const weight = storagesIn(decl).find((statement) => weightName(statement) === name);
  if (weight !== undefined)
    return { kind: 'storage', name, span: weight.name.span, inside, source: { kind: 'storage', statement: weight } };
  const label = labelIn(decl, name);
  return label && { kind: 'label', name, span: label.span, inside };
}

export function entriesIn({ body }: LayerDecl): readonly EntryDecl[] {
  return body.statements.filter((statement): statement is EntryDecl => statement.kind === 'entry');
}

export function storagesIn({ body }: LayerDecl): readonly StorageStmt[] {
  const found: StorageStmt[] = [];
  eachNode(body, (node) => {
    if (node.kind === 'storage') found.push(node as StorageStmt);
  });
  return found;
}

/** What a weight is called from outside: `param shift ... named "bias"` is `bias`. */
export function weightName({ name, named }: StorageStmt): string {
  return named?.kind === 'string' && named.parts.every((part) => typeof part === 'string') ? named.parts.join('') : name.text;
}

function labelIn({ body }: LayerDecl, text: string) {
  let found: Extract<LabelExpr['segments'][number], { kind: 'word' }>['name'] | undefined;
  eachNode(body, (node) => {
    const [first] = node.kind === 'label' ? (node as LabelExpr).segments : [];
    if (found === undefined && first?.kind === 'word' && first.name.text === text) found = first.name;
  });
  return found;
}
