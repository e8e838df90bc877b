import type { Expr, Stmt } from '../../../../../1-syntax/ast.js';
import { eachNode } from '../../../../../1-syntax/walk.js';
import type { FileItem } from '../../../../file-view.js';
import { isInside, type Place } from '../../action.js';
import { around, blocksIn, endOf, pipelineAround } from '../tree.js';
import { trimmed } from '../variables.js';

/** What a selection would move into a layer: stages that follow each other, or statements. */
export type Part =
  | { readonly kind: 'stages'; readonly start: number; readonly end: number; readonly from: Expr; readonly to: Expr }
  | {
      readonly kind: 'statements';
      readonly start: number;
      readonly end: number;
      readonly statements: readonly Stmt[];
      readonly isInLoop: boolean;
    };

/** Statements that cannot be in a layer of their own. */
const fixed: readonly string[] = ['return', 'next', 'emit', 'entry', 'storage', 'error-stmt', 'error', 'let-pattern', 'assert'];

export function selectedPart(place: Place, item: FileItem): Part | undefined {
  const span = trimmed(place);
  if (span.start === span.end) return undefined;
  const part = statementsIn(item, span) ?? stagesIn(item, span);
  return part !== undefined && canMove(item, part) ? part : undefined;
}

interface Range {
  readonly start: number;
  readonly end: number;
}

function statementsIn(item: FileItem, span: Range): Part | undefined {
  for (const { statements } of blocksIn(item)) {
    const run = statements.filter((statement) => isInside(statement.span, span));
    const [first, last] = [run[0], run.at(-1)];
    if (first?.span.start !== span.start || last?.span.end !== span.end) continue;
    const isInLoop = around(item, first.span).some(({ kind }) => kind === 'for' || kind === 'comprehension');
    return { kind: 'statements', ...span, statements: run, isInLoop };
  }
  return undefined;
}

function stagesIn(item: FileItem, span: Range): Part | undefined {
  const pipeline = pipelineAround(around(item, span));
  const inside = pipeline?.stages.filter(({ pipe }) => isInside(pipe.stage.span, span)) ?? [];
  const [first, last] = [inside[0], inside.at(-1)];
  if (first === undefined || last === undefined) return undefined;
  return { kind: 'stages', start: first.pipe.stage.span.start, end: endOf(last), from: first.pipe.left, to: last.as ?? last.pipe };
}

function canMove(item: FileItem, { start, end }: Range): boolean {
  if (item.kind !== 'layer' && item.kind !== 'model') return false;
  // The body of a function in a body, and a step of a scan, have names of their own.
  if (around(item, { start, end }).some(({ kind }) => kind === 'scan' || kind === 'cond' || kind === 'let')) return false;
  let can = true;
  eachNode(item, (node) => {
    const { span } = node as Partial<Expr>;
    if (span !== undefined && fixed.includes(node.kind) && isInside(span, { start, end })) can = false;
  });
  return can;
}
