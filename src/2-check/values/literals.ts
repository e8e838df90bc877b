import type { Expr } from '../../1-syntax/ast.js';
import { Dim } from '../../dims/dim.js';
import type { CheckValue } from './values.js';

const yes: CheckValue = { kind: 'bool', value: true };
const no: CheckValue = { kind: 'bool', value: false };
const none: CheckValue = { kind: 'absent' };

/** The value of a number, a boolean, `none` or a plain string, which does not depend on a context; `undefined` for every other expression. */
export function literalValue(expr: Expr): CheckValue | undefined {
  switch (expr.kind) {
    case 'number':
      return expr.isInt ? { kind: 'int', dim: Dim.of(expr.value) } : { kind: 'float', value: expr.value };
    case 'bool':
      return expr.value ? yes : no;
    case 'none':
      return none;
    case 'string': {
      const text = expr.parts[0] ?? '';
      return typeof text === 'string' && expr.parts.length < 2 ? { kind: 'string', value: text } : undefined;
    }
    default:
      return undefined;
  }
}
