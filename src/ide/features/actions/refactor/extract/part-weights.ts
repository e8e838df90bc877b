import type { CallExpr, Expr, PipeExpr } from '../../../../../1-syntax/ast.js';
import { eachNode } from '../../../../../1-syntax/walk.js';
import { presentIn } from '../../../../../2-check/values/absence.js';
import type { FileItem } from '../../../../file-view.js';
import { hasWeights } from '../../../../names/weights.js';
import { isInside, type Place } from '../../action.js';
import type { Part } from './part.js';

/** Whether a part has weights, as far as that is known: a label then keeps their names. */
export function mayHaveWeights({ view }: Place, item: FileItem, part: Part): boolean {
  const types = view.types(item);
  const known = (expr: Expr) => {
    const found = types.get(expr)?.value;
    return found && presentIn(found);
  };
  const isOpen = (applied: Expr) => applied.kind === 'name' && (known(applied)?.kind ?? 'unknown') === 'unknown';
  let may = false;
  eachNode(item, (node) => {
    // The tree of a pipeline begins before its selected stages.
    const { stage } = node as PipeExpr;
    if (node.kind === 'pipe' && isInside(stage.span, part) && isOpen(stage)) may = true;
    const { span } = node as Expr;
    if (may || span === undefined || !isInside(span, part)) return;
    const value = known(node as Expr);
    may =
      node.kind === 'label' ||
      node.kind === 'storage' ||
      (node.kind === 'call' && isOpen((node as CallExpr).callee)) ||
      (value?.kind === 'layer' && hasWeights(value.decl));
  });
  return may;
}
