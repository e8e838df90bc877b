import type { Expr } from '../ast.js';

const starts: ReadonlySet<Expr['kind']> = new Set<Expr['kind']>(['name', 'number', 'string', 'bool', 'none']);

/** Whether the text of a condition begins with what makes `cond` before it a keyword: a name, a literal or `!`. */
export function beginsCondition(e: Expr): boolean {
  const first = leftmostOperand(e);
  return first.span.start === e.span.start && (first.kind === 'unary' ? first.op === '!' : starts.has(first.kind));
}

/** The operand whose text comes first. */
function leftmostOperand(e: Expr): Expr {
  let at = e;
  for (;;) {
    switch (at.kind) {
      case 'binary':
        at = at.left;
        break;
      case 'range':
        at = at.start;
        break;
      case 'call':
        at = at.callee;
        break;
      case 'index':
      case 'member':
      case 'present':
        at = at.object;
        break;
      default:
        return at;
    }
  }
}
