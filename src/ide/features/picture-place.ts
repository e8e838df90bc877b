import type { AssignStmt, Expr, LabelExpr, ReturnStmt } from '../../1-syntax/ast.js';
import { eachNode } from '../../1-syntax/walk.js';
import { plainSpan, type Span } from '../../diagnostics/span.js';
import { isStandardFile } from '../../standard-file.js';
import type { FileItem, FileView } from '../file-view.js';
import { keyOf, meant } from '../names/named.js';
import { layerOf, stagesIn } from '../names/stages.js';
import type { Workspace } from '../workspace.js';

/**
 * The source of the block that a picture marks for a cursor: for a label, its layer; for a variable, what makes it; for a layer
 * without a block of its own, which is labeled `_`, what makes its result. Otherwise the cursor itself.
 */
export function picturePlace(workspace: Workspace, path: string, offset: number): Span {
  const cursor: Span = { file: path, start: offset, end: offset };
  const view = workspace.view(path);
  const item = view?.itemAt(offset);
  if (view === undefined || item === undefined) return cursor;
  const at = ({ start, end }: Span) => start <= offset && offset <= end;
  const label = stagesIn(item).findLast((stage) => at(stage.labelSpan) || (isUnnamed(stage) && at(layerOf(stage).span)));
  const made = label ?? assignedTo(view, item, offset);
  return made === undefined ? cursor : plainSpan(makerOf(view, made).span);
}

/** The value that the variable at an offset has there. */
function assignedTo(view: FileView, item: FileItem, offset: number): Expr | undefined {
  const named = view.occurrenceAt(offset)?.named;
  if (named?.kind !== 'variable') return undefined;
  const key = keyOf(named);
  const writes = view.occurrencesIn(item).filter((each) => each.role !== 'read' && keyOf(each.named) === key);
  const assigns: AssignStmt[] = [];
  eachNode(item, (node) => {
    if (node.kind === 'assign') assigns.push(node as AssignStmt);
  });
  return assigns.findLast(({ target, span }) => {
    const isTarget = target.span.start <= offset && offset <= target.span.end;
    const isWritten = writes.some((write) => target.span.start <= write.span.start && write.span.end <= target.span.end);
    return isWritten && (isTarget || span.end <= offset);
  })?.value;
}

/** The layer or operator that makes the value of an expression. */
function makerOf(view: FileView, expr: Expr): Expr {
  if (expr.kind === 'pipe') return makerOf(view, expr.stage);
  if (expr.kind !== 'label') return expr;
  return (isUnnamed(expr) && resultOf(view, expr)) || expr.target;
}

function isUnnamed({ segments: [first, ...others] }: LabelExpr): boolean {
  return first?.kind === 'word' && first.name.text === '_' && others.length === 0;
}

/** What makes the result of a layer that is declared in a file of the project. */
function resultOf(view: FileView, stage: LabelExpr): Expr | undefined {
  const named = view.occurrenceAt(layerOf(stage).span.start)?.named;
  const source = named && meant(named).source;
  if (source?.kind !== 'decl' || source.decl.kind !== 'layer' || isStandardFile(source.decl.span.file)) return undefined;
  let result: Expr | undefined;
  const variables = new Map<string, Expr>();
  eachNode(source.decl, (node) => {
    if (node.kind === 'return') result = (node as ReturnStmt).value;
    if (node.kind !== 'assign') return;
    const { target, value } = node as AssignStmt;
    if (target.kind === 'bind') variables.set(target.name.text, value);
  });
  const made = result?.kind === 'name' ? (variables.get(result.name) ?? result) : result;
  return made && last(made);
}

/** The last stage of a pipeline. */
function last(expr: Expr): Expr {
  if (expr.kind === 'pipe') return last(expr.stage);
  return expr.kind === 'label' ? expr.target : expr;
}
