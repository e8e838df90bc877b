import type { Block, EntryDecl, Expr, FnDecl, IfStmt, LayerDecl, Param, Stmt } from '../../1-syntax/ast.js';
import type { Context } from '../context.js';
import { entriesOf } from '../models/entry-layers.js';
import { NameWalk } from '../modules/declared-names.js';
import type { Decl, Module } from '../modules/modules.js';
import { isNamed } from '../modules/names.js';
import { signatureOf } from '../modules/signature.js';
import { reportUnknownName } from '../modules/unknown-names.js';
import type { Session } from '../session.js';
import { reportUnreachable } from '../statements/unreachable.js';

/** The names in a declaration, its signature first. Each is walked once. */
export function namesOf({ walks }: Session, decl: Decl, module: Module): NameWalk {
  const known = walks.get(decl);
  if (known !== undefined) return known;
  const walk = new NameWalk({
    sizesOf: (entry) => sizesOfEntry(decl, entry, module),
    isNamed: (name) => module.decls.has(name) || module.imports.has(name),
  });
  walks.set(decl, walk);
  if (decl.kind === 'let' && decl.params !== undefined) walk.function(decl.params, decl.body);
  else if (decl.kind === 'alias' || decl.kind === 'let') walk.visit(decl.value);
  else if (decl.kind === 'config') walkSettings(walk, decl.fields, decl.where);
  else walkBody(walk, decl, module);
  walk.end();
  return walk;
}

function sizesOfEntry(decl: Decl, entry: EntryDecl, module: Module): Iterable<string> {
  const layer = decl.kind === 'model' ? entriesOf(decl, module).find(({ name }) => name === entry.name) : undefined;
  return layer === undefined ? [] : signatureOf(layer, module).dims;
}

/** Hyperparameters, or the fields of a record: each may read those before it. */
function walkSettings(walk: NameWalk, params: readonly Param[], where: readonly Expr[] = []): void {
  for (const { name, type, fallback } of params) {
    walk.visit(type, fallback);
    walk.declare(name, 'hyper');
  }
  walk.visit(where);
}

function walkBody(walk: NameWalk, decl: FnDecl | LayerDecl, module: Module): void {
  const { hyper, inputs, dims, result } = signatureOf(decl, module);
  walkSettings(walk, hyper);
  for (const text of dims) walk.declare({ text, span: decl.name.span }, 'dim');
  walk.visit(inputs.map(({ type }) => type));
  for (const { name } of inputs) walk.declare(name, 'input');
  walk.visit(
    result?.outputs.map(({ type }) => type),
    decl.where,
    decl.body,
  );
}

/**
 * Reports mistakes in places that the check of a declaration did not reach, as far as they can be found without running it: unknown names,
 * and lines after a `return`. The check skips branches that its defaults do not take, anything after their `return`, and functions that
 * nothing calls.
 */
export function reportUnmet(cx: Context, decl: Decl): void {
  const { blocks, outer } = namesOf(cx.session, decl, cx.module);
  for (const block of blocks) {
    const end = block.statements.findIndex(alwaysReturns);
    if (end >= 0) reportUnreachable(cx, block, end);
  }
  for (const { expr, special } of outer) if (!special && !cx.session.met.has(expr) && !isNamed(cx, expr.name)) reportUnknownName(cx, expr);
}

function alwaysReturns(statement: Stmt): boolean {
  if (statement.kind === 'return') return true;
  return statement.kind === 'if-stmt' && [statement.then, statement.otherwise].every(branchReturns);
}

function branchReturns(branch: Block | IfStmt | undefined): boolean {
  return branch !== undefined && ('kind' in branch ? alwaysReturns(branch) : branch.statements.some(alwaysReturns));
}
