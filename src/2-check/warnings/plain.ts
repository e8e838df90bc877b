import type { Expr } from '../../1-syntax/ast.js';
import { opNamed } from '../../ops/registry.js';
import type { DeclaredName, NameWalk } from '../modules/declared-names.js';
import { builtinNamed } from '../modules/names.js';

/**
 * Whether an expression only makes a value, so that removing it changes nothing: it contains no layer and calls nothing that could apply
 * one. `others` are the names that mean something else here than the operator of that name.
 */
export function isPlain(expr: Expr, walk: NameWalk, isTaken: (name: string) => boolean): boolean {
  const plain = (inner: Expr): boolean => isPlain(inner, walk, isTaken);
  const operand = (inner: Expr): boolean => inner.kind === 'name' || plain(inner);
  const isOperator = (inner: Expr): boolean =>
    inner.kind === 'name' &&
    !walk.meanings.has(inner) &&
    !isTaken(inner.name) &&
    (inner.name === 'rearrange' || opNamed(inner.name) !== undefined || builtinNamed(inner.name) !== undefined);
  switch (expr.kind) {
    case 'number':
    case 'bool':
    case 'none':
      return true;
    case 'string':
      return expr.parts.every((part) => typeof part === 'string' || operand(part));
    case 'name':
      return isTensorOrSize(walk.meanings.get(expr));
    case 'unary':
      return operand(expr.operand);
    case 'binary':
      return operand(expr.left) && operand(expr.right);
    case 'range':
      return operand(expr.start) && operand(expr.end);
    case 'present':
      return operand(expr.object);
    case 'call':
      return isOperator(expr.callee) && expr.args.every(({ value }) => value.kind === 'rearrange-pattern' || operand(value));
    case 'pipe':
      return operand(expr.left) && (isOperator(expr.stage) || (expr.stage.kind === 'call' && plain(expr.stage)));
    case 'list':
    case 'tuple':
      return expr.items.every(({ value }) => plain(value));
    default:
      return false;
  }
}

/** Something that cannot contain a layer that a new name would bind. */
function isTensorOrSize(declared: DeclaredName | undefined): boolean {
  return declared?.role === 'input' || declared?.role === 'dim' || declared?.role === 'storage';
}
