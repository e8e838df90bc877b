import type { Expr, LabelExpr } from '../../1-syntax/ast.js';
import { eachNode } from '../../1-syntax/walk.js';

/** The labeled layers in a part of a tree: `conv: Conv2d(8)`. */
export function stagesIn(part: unknown): readonly LabelExpr[] {
  const found: LabelExpr[] = [];
  eachNode(part, (node) => {
    if (node.kind === 'label') found.push(node as LabelExpr);
  });
  return found;
}

/** The labeled layer whose label begins at an offset. */
export function stageAt(part: unknown, offset: number): LabelExpr | undefined {
  return stagesIn(part).find(({ labelSpan }) => labelSpan.start === offset);
}

/** The layer of a label, without its arguments. */
export function layerOf({ target }: LabelExpr): Expr {
  return target.kind === 'call' ? target.callee : target;
}
