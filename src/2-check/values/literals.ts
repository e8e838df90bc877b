import type { Expr } from '../../1-syntax/ast.js';
import { Dim } from '../../dims/dim.js';
import type { CheckValue } from './values.js';

/** The value of a number, a boolean, `none` or a plain string, which does not depend on a context; `undefined` for every other expression. */
export function literalValue(expr: Expr): CheckValue | undefined {
  switch (expr.kind) {
    case 'number':
      return expr.isInt ? { kind: 'int', dim: Dim.of(expr.value) } : { kind: 'float', value: expr.value };
    case 'bool':
      return { kind: 'bool', value: expr.value };
    case 'none':
      return { kind: 'absent' };
    case 'string': {
      const [text = '', ...more] = expr.parts;
      return typeof text === 'string' && more.length === 0 ? { kind: 'string', value: text } : undefined;
    }
    default:
      return undefined;
  }
}
