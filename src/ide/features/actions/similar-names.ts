import type { Expr, PipeExpr } from '../../../1-syntax/ast.js';
import { eachNode } from '../../../1-syntax/walk.js';
import { presentIn } from '../../../2-check/values/absence.js';
import type { Diagnostic, Fix } from '../../../diagnostics/record.js';
import type { TensorType } from '../../../ops/types.js';
import type { FileView } from '../../file-view.js';
import { declaredValue } from '../../names/outer.js';
import { fitsDecl, fitsOperator, hasOneRank } from '../../sizes/fitting.js';
import type { Place } from './action.js';

/**
 * Sorts the fixes of an unknown name, which write similar ones: first what fits its place, that is, layers after a label, and after an arrow what takes the tensor before
 * it.
 */
export function fittingFirst({ view }: Place, { code, span }: Diagnostic, fixes: readonly Fix[]): readonly Fix[] {
  const stage = code === 'unknown-name' && fixes.length > 1 ? stageAt(view, span.start) : undefined;
  if (stage === undefined) return fixes;
  const misfitOf = ({ edits }: Fix) => misfit(edits[0]?.text ?? '', stage, view);
  return [...fixes].sort((a, b) => misfitOf(a) - misfitOf(b));
}

/** A stage of a pipeline, as far as it decides which layers and functions fit. */
interface Stage {
  readonly isLabelled: boolean;
  /** What the pipeline brings. */
  readonly type: TensorType | undefined;
}

/** The stage whose layer or function is named at an offset. */
function stageAt(view: FileView, offset: number): Stage | undefined {
  const item = view.itemAt(offset);
  let found: Stage | undefined;
  eachNode(item, (node) => {
    if (node.kind !== 'pipe') return;
    const { left, stage } = node as PipeExpr;
    if (calleeOf(stage).span.start !== offset) return;
    const known = item && view.known(left, item);
    const value = known && presentIn(known.value);
    found = { isLabelled: stage.kind === 'label', type: value?.kind === 'tensor' ? value.local.type : undefined };
  });
  return found;
}

function calleeOf(stage: Expr): Expr {
  const target = stage.kind === 'label' ? stage.target : stage;
  return target.kind === 'call' ? target.callee : target;
}

/** How badly a name fits a stage: 0 if it fits, or if nothing is known about it. */
function misfit(name: string, { isLabelled, type }: Stage, { inside: { session }, module }: FileView): number {
  const value = declaredValue(name, session, module);
  if (value === undefined) return 0;
  const isFunction = value.kind === 'fn' && value.form !== 'let';
  if (isLabelled && isFunction) return 2;
  if (type === undefined) return 0;
  const decl = value.kind === 'layer' || (value.kind === 'fn' && value.form === 'declared') ? value.decl : undefined;
  const fits = value.kind === 'fn' && value.form === 'op' ? fitsOperator(value.op, type) : decl && fitsDecl(decl, type, session.float);
  if (fits === false) return 1;
  // Of `BatchNorm1d`, which takes any rank, and `BatchNorm2d`, the second is for images.
  return decl !== undefined && /\dd$/.test(name) && !hasOneRank(decl) ? 0.5 : 0;
}
