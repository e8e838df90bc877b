import type { AsExpr, Block, Expr, LabelExpr, PipeExpr, Stmt } from '../../../../1-syntax/ast.js';
import type { Span } from '../../../../diagnostics/span.js';
import type { FileItem } from '../../../file-view.js';
import { unlabelledUses } from '../../rename/unlabelled.js';
import { isInside, type Place } from '../action.js';

type Node = { readonly kind: string; readonly span: Span };

/** The nodes of a declaration around a selection, outermost first. */
export function around(item: FileItem, { start, end }: Pick<Span, 'start' | 'end'>): readonly Node[] {
  const found: Node[] = [];
  const visit = (part: unknown): void => {
    if (typeof part !== 'object' || part === null) return;
    if (Array.isArray(part)) {
      for (const inner of part) visit(inner);
      return;
    }
    const { kind, span } = part as Partial<Node>;
    if (kind !== undefined && span !== undefined) {
      if (!isInside({ start, end }, span)) return;
      found.push(part as Node);
    }
    for (const key in part) if (key !== 'span' && !key.endsWith('Span')) visit(part[key as keyof typeof part]);
  };
  visit(item);
  return found;
}

/** The innermost node of a kind around a selection. */
export function innermost<K extends Expr['kind']>(nodes: readonly Node[], kind: K): Extract<Expr, { kind: K }> | undefined {
  return nodes.findLast((node) => node.kind === kind) as Extract<Expr, { kind: K }> | undefined;
}

/** A statement in its block. */
export interface Placed {
  readonly statement: Stmt;
  readonly block: Block;
  readonly index: number;
}

/** The innermost statement around a selection, with the nodes between it and the selection. */
export function statementAround(
  item: FileItem,
  span: Pick<Span, 'start' | 'end'>,
): (Placed & { readonly inside: readonly Node[] }) | undefined {
  const nodes = around(item, span);
  for (const block of blocksIn(item).toReversed()) {
    const index = block.statements.findIndex((statement) => isInside(span, statement.span));
    const statement = block.statements[index];
    if (statement !== undefined) return { statement, block, index, inside: nodes.slice(nodes.indexOf(statement) + 1) };
  }
  return undefined;
}

/** The blocks of a declaration, those inside others after them. */
export function blocksIn(item: unknown): readonly Block[] {
  const found: Block[] = [];
  const visit = (part: unknown): void => {
    if (typeof part !== 'object' || part === null) return;
    if ('statements' in part) found.push(part as Block);
    for (const key in part) if (key !== 'span') visit(part[key as keyof typeof part]);
  };
  visit(item);
  return found;
}

const evaluatedOnce: readonly string[] = ['binary', 'unary', 'call', 'tuple', 'pipe', 'as', 'index', 'list', 'label', 'member'];

/**
 * Whether an expression inside a statement can be evaluated before the statement: nothing between them decides whether it is, how often, or with which names.
 * Layers without labels before it would get other numbers.
 */
export function canComeFirst(
  place: Place,
  item: FileItem,
  { statement, inside }: { readonly statement: Stmt; readonly inside: readonly Node[] },
  expr: Span,
): boolean {
  if (!['assign', 'return', 'let', 'next', 'emit'].includes(statement.kind)) return false;
  if (statement.kind === 'let' && statement.params !== undefined) return false;
  const between = inside.slice(
    0,
    inside.findIndex(({ span }) => span.start === expr.start && span.end === expr.end),
  );
  if (!between.every(({ kind }) => evaluatedOnce.includes(kind))) return false;
  const isLogical = between.some(
    (node) => node.kind === 'binary' && ['&&', '||', '&', '|'].includes((node as unknown as { op: string }).op),
  );
  const isInLabel = between.some((node) => node.kind === 'label' && !isInside(expr, (node as unknown as LabelExpr).target.span));
  if (isLogical || isInLabel) return false;
  const unlabelled = unlabelledUses(statement, place.view.types(item));
  return !unlabelled.some(({ stage }) => stage.span.start < expr.start);
}

/** A pipeline taken apart: what it begins with, and each stage with its `as`. */
export interface Pipeline {
  readonly root: Expr;
  readonly stages: readonly { readonly pipe: PipeExpr; readonly as: AsExpr | undefined }[];
}

export function pipelineOf(expr: Expr): Pipeline {
  const stages: { pipe: PipeExpr; as: AsExpr | undefined }[] = [];
  let root = expr;
  for (;;) {
    const as = root.kind === 'as' && root.value.kind === 'pipe' ? root : undefined;
    const pipe = as === undefined ? root : as.value;
    if (pipe.kind !== 'pipe') return { root, stages: stages.reverse() };
    stages.push({ pipe, as });
    root = pipe.left;
  }
}

/** The outermost pipeline of which the innermost pipeline around a selection is a part. */
export function pipelineAround(nodes: readonly Node[]): Pipeline | undefined {
  const last = nodes.findLastIndex(({ kind }) => kind === 'pipe');
  let first = last;
  while (first > 0) {
    const outer = nodes[first - 1] as Expr | undefined;
    const inner = nodes[first] as Expr;
    if (!(outer?.kind === 'pipe' && outer.left === inner) && !(outer?.kind === 'as' && outer.value === inner)) break;
    first--;
  }
  const top = nodes[first];
  const pipeline = last < 0 || top === undefined ? undefined : pipelineOf(top as Expr);
  return pipeline !== undefined && pipeline.stages.length > 0 ? pipeline : undefined;
}

/** The end of a stage with its `as`. */
export function endOf({ pipe, as }: Pipeline['stages'][number]): number {
  return (as ?? pipe).span.end;
}

/** The white space before a statement on its line. */
export function indentAt(text: string, offset: number): string {
  const start = text.lastIndexOf('\n', offset - 1) + 1;
  return /^[ \t]*/.exec(text.slice(start, offset))?.[0] ?? '';
}

/** A name that nothing in a declaration or its file has: `h`, `h1`, ... */
export function freshName({ view }: Place, item: FileItem, stem: string, taken: readonly string[] = []): string {
  const { decls, imports } = view.module;
  const words = new Set(view.text.slice(item.span.start, item.span.end).match(/[A-Za-z_]\w*/g) ?? []);
  const isFree = (name: string) => !words.has(name) && !decls.has(name) && !imports.has(name) && !taken.includes(name);
  for (let i = 0; ; i++) {
    const name = i === 0 ? stem : `${stem}${i}`;
    if (isFree(name)) return name;
  }
}

/** Lines with another indentation. */
export function moved(text: string, from: string, to: string): string {
  return text.replaceAll(/\n([ \t]*)/g, (_, indent: string) => `\n${indent.startsWith(from) ? to + indent.slice(from.length) : indent}`);
}
