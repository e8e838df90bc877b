import type { Expr, LayerDecl, PipeExpr } from '../../../1-syntax/ast.js';
import { eachNode } from '../../../1-syntax/walk.js';
import type { Types } from '../../../2-check/reuse/types.js';
import { presentIn } from '../../../2-check/values/absence.js';
import type { LayerValue } from '../../../2-check/values/values.js';

/** The layers that are applied without a label, so that their weights are named after them. */
export function unlabelledUses(item: unknown, types: Types): readonly { readonly decl: LayerDecl; readonly stage: Expr }[] {
  const found: { decl: LayerDecl; stage: Expr }[] = [];
  const labelled = new Set<Expr>();
  const look = (stage: Expr): void => {
    const value = labelled.has(stage) || stage.kind === 'label' ? undefined : layerOf(stage, types);
    if (value !== undefined && value.shared === undefined && value.label === undefined) found.push({ decl: value.decl, stage });
  };
  eachNode(item, (node) => {
    const { kind } = node;
    if (kind === 'label') labelled.add((node as Extract<Expr, { kind: 'label' }>).target);
    else if (kind === 'pipe') look((node as PipeExpr).stage);
    else if (kind === 'call') {
      const call = node as Extract<Expr, { kind: 'call' }>;
      if (labelled.has(call)) labelled.add(call.callee);
      else if (shownValue(call, types)?.kind === 'tensor') look(call.callee);
    }
  });
  return found;
}

function shownValue(expr: Expr, types: Types) {
  const known = types.get(expr)?.value;
  return known && presentIn(known);
}

/** The layer that a stage applies. */
export function layerOf(stage: Expr, types: Types): LayerValue | undefined {
  const value = shownValue(stage, types);
  if (value?.kind === 'layer') return value;
  if (stage.kind === 'call') return layerOf(stage.callee, types);
  return stage.kind === 'label' ? layerOf(stage.target, types) : undefined;
}
