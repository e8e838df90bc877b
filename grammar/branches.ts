import type { Block, Expr, IfExpr, IfStmt } from '../src/1-syntax/ast.js';
import type { Anchor } from '../src/diagnostics/anchor.js';
import type { Branches } from './atoms.js';

/** The nested tree of an `if` chain; `block` determines what becomes of each branch. */
export function branches<K extends 'if' | 'if-stmt'>(
  { cases, otherwise, end }: Branches,
  anchor: Anchor,
  block: (b: Block) => Block,
  kind: K,
): K extends 'if' ? IfExpr : IfStmt {
  let rest: unknown = otherwise === undefined ? undefined : block(otherwise);
  for (const { start, condition, then } of [...cases].reverse()) {
    // biome-ignore lint/suspicious/noThenProperty: the tree's word for the first branch; nobody awaits a tree
    rest = { kind, condition, then: block(then), otherwise: rest, span: anchor.span(start, end) };
  }
  return rest as K extends 'if' ? IfExpr : IfStmt; // there is at least one case
}

/** The block of a branch that is used as a value: its last expression, if it ends in one, is the value. */
export function valueBlock(block: Block): Block {
  const last = block.statements.at(-1);
  const value = last?.kind === 'expr-stmt' ? last.value : last?.kind === 'if-stmt' ? ifValue(last) : undefined;
  return value === undefined ? block : { statements: block.statements.slice(0, -1), value, span: block.span };
}

/** An `if` at the end of such a block is also used as a value if its branches are. */
function ifValue(statement: IfStmt): Expr | undefined {
  const { condition, otherwise, span } = statement;
  const then = valueBlock(statement.then);
  if (then.value === undefined || otherwise === undefined) return undefined;
  if ('kind' in otherwise) {
    const rest = ifValue(otherwise);
    return rest === undefined ? undefined : { kind: 'if', condition, then, otherwise: rest as IfExpr, span };
  }
  return { kind: 'if', condition, then, otherwise: valueBlock(otherwise), span };
}
