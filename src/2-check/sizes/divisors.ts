import type { Span } from '../../diagnostics/span.js';
import { decideFact } from '../../dims/decide.js';
import { Dim } from '../../dims/dim.js';
import type { Fact } from '../../dims/facts.js';
import type { Context } from '../context.js';
import { adviceToState } from './suggested-facts.js';
import { witnessText } from './witness-text.js';

/**
 * Demands that a divisor is at least 1: a size divided by 0 is undefined, and there is no universal rule for rounding the quotient by a
 * negative one. False if it is not, which is reported; what is neither proved nor refuted is left open. `others` are further demands: a
 * suggestion to state one includes them.
 */
export function demandDivisor(cx: Context, divisor: Dim, span: Span, ...others: readonly Fact[]): boolean {
  if (divisor.bounds.min >= 1) return true;
  const demand: Fact = { kind: 'at-least', left: divisor, right: Dim.one };
  const answer = cx.settle(decideFact(demand, cx.facts));
  if (answer.kind === 'proved') return true;
  if (answer.kind === 'unknown') {
    cx.leaveOpen('division-by-zero', span, demand);
    return true;
  }
  const witness = answer.kind === 'not-always' ? witnessText(answer.witness) : undefined;
  cx.error('division-by-zero', span, { divisor, witness }, adviceToState(cx, [demand, ...others]));
  return false;
}

/** Demands that a divisor is at least 1 and divides without a remainder. */
export function demandExact(cx: Context, divisor: Dim, value: Dim, span: Span): boolean {
  const demand: Fact = { kind: 'divides', divisor, value };
  if (!demandDivisor(cx, divisor, span, demand)) return false;
  const answer = cx.settle(decideFact(demand, cx.facts));
  if (answer.kind === 'proved') return true;
  if (answer.kind === 'unknown') {
    cx.leaveOpen('inexact-division', span, demand);
    return true;
  }
  const witness = answer.kind === 'not-always' ? witnessText(answer.witness) : undefined;
  const advice = adviceToState(cx, [demand], '; or use `//`, which rounds down');
  cx.error('inexact-division', span, { value, divisor, witness }, advice);
  return false;
}
