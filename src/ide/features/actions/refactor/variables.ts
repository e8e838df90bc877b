import type { AssignStmt, Expr, ReturnStmt, Stmt } from '../../../../1-syntax/ast.js';
import { eachNode } from '../../../../1-syntax/walk.js';
import type { Edit } from '../../../../diagnostics/record.js';
import type { FileItem } from '../../../file-view.js';
import { insert, isInside, type NamingEdit, type Offer, type Place, replace, sourceOf } from '../action.js';
import { tensorOf } from '../shapes.js';
import { around, canComeFirst, endOf, freshName, indentAt, pipelineAround, pipelineOf, statementAround } from './tree.js';

/** Gives a name to a selected expression, or to a pipeline up to the stage at the cursor; joins statements that pass a variable on. */
export function variableOffers(place: Place): readonly Offer[] {
  const { item } = place;
  if (item === undefined || item.kind === 'train') return [];
  return [...extraction(place, item), ...split(place, item), ...joined(place, item)];
}

/** The selection without white space around it. */
export function trimmed({ text, span }: Place): { readonly start: number; readonly end: number } {
  const selected = text.slice(span.start, span.end);
  const start = span.start + selected.length - selected.trimStart().length;
  return { start, end: Math.max(start, span.start + selected.trimEnd().length) };
}

function extraction(place: Place, item: FileItem): readonly Offer[] {
  const span = trimmed(place);
  if (span.start === span.end) return [];
  const expr = around(item, span).findLast((node) => node.span.start === span.start && node.span.end === span.end) as Expr | undefined;
  const found = statementAround(item, span);
  if (expr === undefined || found === undefined || expr.kind === 'name' || !canComeFirst(place, item, found, expr.span)) return [];
  const { value } = found.statement as { readonly value?: Expr };
  if (value === undefined || value === expr || !isInside(expr.span, value.span) || isStage(found.inside, expr)) return [];
  const kind = place.view.known(expr, item)?.value.kind;
  const isConstant = kind === 'int' || kind === 'float' || kind === 'bool' || kind === 'string' || kind === 'dtype';
  if (kind !== 'tensor' && !isConstant) return [];
  const name = freshName(place, item, isConstant ? 'value' : 'h');
  const edits = () => [
    before(place, found.statement, `${isConstant ? 'let ' : ''}${name} = ${sourceOf(place, expr)}`),
    { ...replace(expr.span, name), nameAt: 0 },
  ];
  const title = isConstant ? 'extract into a constant' : 'extract into a variable';
  return [{ title, kind: 'refactor.extract', isSlow: true, edits }];
}

/** Whether an expression is a stage or a part of a stage that is not an argument. */
function isStage(inside: readonly { readonly kind: string }[], expr: Expr): boolean {
  return inside.some((node) => {
    const { stage, target, callee } = node as { stage?: Expr; target?: Expr; callee?: Expr };
    return stage === expr || target === expr || callee === expr;
  });
}

/** A statement of its own line before another one. */
export function before({ text, view }: Place, { span }: Stmt, statement: string): Edit {
  const indent = indentAt(text, span.start);
  const isAlone = text.slice(text.lastIndexOf('\n', span.start - 1) + 1, span.start).trim() === '';
  const written = isAlone ? `${statement}\n${indent}` : `\n${indent}  ${statement}\n${indent}  `;
  return insert(view.path, span.start, written);
}

function split(place: Place, item: FileItem): readonly Offer[] {
  const { span } = place;
  const found = statementAround(item, span);
  const pipeline = found && pipelineAround(around(item, span));
  const at = pipeline?.stages.findIndex(({ pipe }) => isInside(span, { start: pipe.arrowSpan.start, end: pipe.stage.span.end })) ?? -1;
  if (found === undefined || pipeline === undefined || at < 0) return [];
  const left = pipeline.stages[at]?.pipe.left;
  if (left === undefined || left.kind === 'name' || tensorOf(left, place, item) === undefined) return [];
  if (!canComeFirst(place, item, found, left.span)) return [];
  const edits = (): readonly NamingEdit[] => {
    const name = freshName(place, item, 'h');
    return [before(place, found.statement, `${name} = ${sourceOf(place, left)}`), { ...replace(left.span, name), nameAt: 0 }];
  };
  return [{ title: 'split the pipeline into a statement', kind: 'refactor.rewrite', isSlow: true, edits }];
}

function joined(place: Place, item: FileItem): readonly Offer[] {
  const found = statementAround(item, place.span);
  if (found === undefined) return [];
  const { statements } = found.block;
  let first = found.index;
  while (continues(place, statements[first - 1], statements[first])) first--;
  let last = found.index;
  while (continues(place, statements[last], statements[last + 1])) last++;
  if (first === last) return [];
  const run = statements.slice(first, last + 1) as readonly (AssignStmt | ReturnStmt)[];
  const start = run[0];
  const end = run.at(-1);
  if (start === undefined || end === undefined) return [];
  const head = place.text.slice(end.span.start, end.value.span.start);
  const stages = run.flatMap(({ value }, i) => {
    const { root, stages: own } = pipelineOf(value);
    const from = own.map((stage) => place.text.slice(stage.pipe.stage.span.start, endOf(stage)));
    return i === 0 ? [sourceOf(place, root), ...from] : from;
  });
  const indent = indentAt(place.text, start.span.start);
  const line = `${head}${stages.join(' -> ')}`;
  const isShort = indent.length + line.length <= 100 && !line.includes('\n');
  const text = isShort ? line : `${head}${stages.join(`\n${indent}  -> `)}`;
  const edits = () => [replace({ ...start.span, file: place.view.path, start: start.span.start, end: end.span.end }, text)];
  return [{ title: 'join into one pipeline', kind: 'refactor.rewrite', isSlow: true, edits }];
}

/** Whether a statement passes on the variable that the one before it assigns, `x = x -> f` or `return x -> f`, and reads it nowhere else. */
function continues({ text }: Place, first: Stmt | undefined, second: Stmt | undefined): boolean {
  if (first?.kind !== 'assign' || first.target.kind !== 'bind') return false;
  if (second?.kind !== 'assign' && second?.kind !== 'return') return false;
  const { text: name } = first.target.name;
  if (second.kind === 'assign' && (second.target.kind !== 'bind' || second.target.name.text !== name)) return false;
  const { root, stages } = pipelineOf(second.value);
  if (root.kind !== 'name' || root.name !== name || stages.length === 0) return false;
  let reads = 0;
  eachNode(second.value, (node) => {
    if (node.kind === 'name' && (node as { name?: string }).name === name) reads++;
  });
  return reads === 1 && /^\s*$/.test(text.slice(first.span.end, second.span.start));
}
