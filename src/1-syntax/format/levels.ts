import { precedence, unaryPrecedence } from '../../../grammar/operators.js';
import type { Expr } from '../ast.js';

/** The levels of the grammar: an expression that binds less tightly than its place requires is put in brackets. */
export const level = { expr: 0, operation: 1, label: 9, postfix: 10, atom: 11 } as const;

/** How tightly an expression binds. */
export function levelOf(e: Expr): number {
  switch (e.kind) {
    case 'pipe':
    case 'as':
    case 'if':
    case 'cond':
      return level.expr;
    case 'binary':
      return precedence[e.op];
    case 'range':
      return precedence['..'];
    case 'unary':
      return unaryPrecedence;
    case 'label':
      return level.label;
    case 'call':
    case 'index':
    case 'member':
    case 'present':
      return level.postfix;
    default:
      return level.atom;
  }
}
