import type { EntryDecl, FnDecl, LayerDecl, Param, Pattern, Result, Stmt } from '../../1-syntax/ast.js';
import type { Module } from '../modules/modules.js';

/** An entry of a model in the form of a declaration of its own. Its body sees the names of the statements around the entries. */
export interface EntryLayer extends LayerDecl {
  readonly kind: 'model';
  readonly inputs: readonly Param[];
  readonly result: Result;
  /** The model that it is an entry of. */
  readonly entryOf: LayerDecl;
}

/** The entries of a model, in source order; always the same objects for the same model. */
export function entriesOf(model: LayerDecl, module: Module): readonly EntryLayer[] {
  const known = module.entries.get(model);
  if (known !== undefined) return known;
  const entries = model.body.statements.filter(isEntry).map((entry) => asLayer(model, entry));
  module.entries.set(model, entries);
  return entries;
}

function asLayer(model: LayerDecl, { doc, name, inputs, result, where, body, span }: EntryDecl): EntryLayer {
  return { kind: 'model', doc, name, hyper: model.hyper, inputs, result, where, body, span, entryOf: model };
}

export function isEntry(statement: Stmt): statement is EntryDecl {
  return statement.kind === 'entry';
}

/** Whether a declaration is an entry of a model. */
export function isEntryLayer(decl: LayerDecl | FnDecl): decl is EntryLayer {
  return 'entryOf' in decl;
}

/** The statements that a model has besides its entries, which all of them share. */
export function statementsAround(model: LayerDecl): readonly Stmt[] {
  return model.body.statements.filter((statement) => !isEntry(statement));
}

/** The names that these statements may define: in the types of an entry, they are values and not sizes that matching could bind. */
export function namesAround(model: LayerDecl): ReadonlySet<string> {
  return new Set(statementsAround(model).flatMap(namesDefined));
}

function namesDefined(statement: Stmt): readonly string[] {
  switch (statement.kind) {
    case 'let':
      return [statement.name.text];
    case 'assign':
    case 'let-pattern':
      return namesIn(statement.target);
    case 'for':
      return statement.body.statements.flatMap(assigned);
    case 'if-stmt': {
      const { then, otherwise } = statement;
      const others = otherwise === undefined ? [] : 'kind' in otherwise ? namesDefined(otherwise) : otherwise.statements.flatMap(assigned);
      return [...then.statements.flatMap(assigned), ...others];
    }
    default:
      return [];
  }
}

/** A `let` belongs to its block; what is assigned belongs to the body. */
function assigned(statement: Stmt): readonly string[] {
  return statement.kind === 'let' || statement.kind === 'let-pattern' ? [] : namesDefined(statement);
}

function namesIn(pattern: Pattern): readonly string[] {
  return pattern.kind === 'bind' ? [pattern.name.text] : pattern.items.flatMap(namesIn);
}
