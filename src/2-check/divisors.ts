import type { Span } from '../diagnostics/span.js';
import { decideAtLeast } from '../dims/decide.js';
import { Dim } from '../dims/dim.js';
import type { Context } from './context.js';
import { witnessText } from './witness-text.js';

/**
 * Demands that a divisor is at least 1, since nothing is what a size divided by 0 is, and sizes divided by negative ones are rounded by no rule that holds
 * everywhere. False where it is not, which is reported; what is neither proved nor refuted is left open.
 */
export function demandDivisor(cx: Context, divisor: Dim, span: Span): boolean {
  if (divisor.bounds.min >= 1) return true;
  const answer = cx.settle(decideAtLeast(divisor, Dim.one, cx.facts));
  if (answer.kind === 'proved') return true;
  if (answer.kind === 'unknown') {
    cx.leaveOpen('division-by-zero', span, { kind: 'at-least', left: divisor, right: Dim.one });
    return true;
  }
  const witness = answer.kind === 'not-always' ? witnessText(answer.witness) : undefined;
  cx.error('division-by-zero', span, { divisor: String(divisor), witness });
  return false;
}
