import type { Block, Expr, Stmt } from '../../1-syntax/ast.js';
import { placeKey, spanBeside } from '../../diagnostics/anchor.js';
import type { Fix } from '../../diagnostics/diagnostic.js';
import type { Context } from '../context.js';
import { continued } from '../expressions/applications.js';
import { NameWalk } from '../modules/declared-names.js';
import { matchResult } from '../sizes/match-result.js';
import type { CheckValue } from '../values/values.js';

/** Reports what follows statement `i` of a block if no path continues, whatever the hyperparameters. Nothing more is reported about it. */
export function reportUnreachable(cx: Context, block: Block, i: number): void {
  const last = block.statements[i];
  const next = block.statements[i + 1] ?? block.value;
  if (next === undefined || last === undefined || next.kind === 'error-stmt') return;
  if (cx.problems.some((p) => p.code === 'unreachable-statement' && placeKey(p.span) === placeKey(next.span))) return;
  const walk = new NameWalk();
  walk.visit(block.statements.slice(i + 1), block.value);
  walk.end();
  for (const { expr } of walk.outer) cx.session.met.add(expr);
  const fix = last.kind === 'return' && cx.flow === 'ended' ? missingArrows(cx, block, i) : undefined;
  const text = last.kind === 'return' ? 'the body ends here' : 'every path returns here';
  const help = fix === undefined ? undefined : 'a stage of the pipeline that is returned begins with `->`';
  cx.error('unreachable-statement', next.span, {}, { notes: [{ span: last.span, text }], fixes: fix === undefined ? [] : [fix], help });
}

/**
 * Whether the lines after a `return` are stages of its pipeline that lack their `->`: with it, what is returned fits the signature. If so,
 * they are treated that way.
 */
function missingArrows(cx: Context, { statements, value }: Block, i: number): Fix | undefined {
  const lines = [...statements.slice(i + 1).map(stagesOf), ...(value === undefined ? [] : [stagesIn(value)])];
  const stages = lines.filter((line) => line !== undefined);
  const { signature } = cx;
  const returned = cx.returns.at(-1);
  if (stages.length < lines.length || signature === undefined || returned === undefined) return undefined;
  const follow = () => {
    cx.flow = 'goes-on';
    return stages.reduce<CheckValue>((left, stage) => continued(cx, stage, { value: left, span: returned.span }), returned.value);
  };
  const { flow } = cx;
  const trial = cx.speculate(() => cx.nested(() => matchResult(cx, signature, follow(), returned.span)));
  if (trial.value === undefined || trial.problems.length > 0) return undefined;
  cx.returns.splice(-1, 1, { ...returned, value: follow() });
  cx.flow = flow;
  return {
    title: `write \`->\` before ${stages.length === 1 ? 'it' : 'each of these lines'}`,
    edits: stages.map(({ span }) => ({ span: spanBeside(span, span.start, span.start), text: '-> ' })),
  };
}

function stagesOf(statement: Stmt): Expr | undefined {
  return statement.kind === 'expr-stmt' ? stagesIn(statement.value) : undefined;
}

/** An expression that is allowed after an arrow. */
function stagesIn(expr: Expr): Expr | undefined {
  const first = firstOf(expr);
  const { kind } = first.kind === 'call' ? first.callee : first;
  return kind === 'name' || kind === 'label' || kind === 'member' ? expr : undefined;
}

function firstOf(expr: Expr): Expr {
  return expr.kind === 'pipe' ? firstOf(expr.left) : expr.kind === 'as' ? firstOf(expr.value) : expr;
}
