import type { Block } from '../1-syntax/ast.js';
import type { Context } from './context.js';

/**
 * Reports what stands behind statement `i` of a block, where no path goes on whatever the hyperparameters. Only the check of a declaration on its own can
 * tell: a use has one path, and its hyperparameters are numbers.
 */
export function reportUnreachable(cx: Context, { statements, value }: Block, i: number): void {
  const last = statements[i];
  const next = statements[i + 1] ?? value;
  if (next === undefined || last === undefined || next.kind === 'error-stmt' || cx.flow !== 'ended' || !cx.isDefinition) return;
  const text = last.kind === 'return' ? 'the body ends here' : 'every path returns here';
  cx.error('unreachable-statement', next.span, {}, { notes: [{ span: last.span, text }] });
}
