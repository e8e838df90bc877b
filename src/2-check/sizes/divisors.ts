import type { Span } from '../../diagnostics/span.js';
import { Dim } from '../../dims/dim.js';
import type { Fact } from '../../dims/fact.js';
import type { Context } from '../context.js';
import { failureOf } from './failure.js';
import { adviceToState } from './suggested-facts.js';

/**
 * Demands that a divisor is at least 1: a size divided by 0 is undefined, and there is no universal rule for rounding the quotient by a
 * negative one. False if it is not, which is reported; what is neither proved nor refuted is left open. `others` are further demands: a
 * suggestion to state one includes them.
 */
export function demandDivisor(cx: Context, divisor: Dim, span: Span, ...others: readonly Fact[]): boolean {
  if (divisor.bounds.min >= 1) return true;
  const demand: Fact = { kind: 'at-least', left: divisor, right: Dim.one };
  const failure = failureOf(cx, demand, 'division-by-zero', span);
  if (failure === undefined) return true;
  cx.error('division-by-zero', span, { divisor, ...failure }, adviceToState(cx, [demand, ...others]));
  return false;
}

/** Demands that a divisor is at least 1 and divides without a remainder. */
export function demandExact(cx: Context, divisor: Dim, value: Dim, span: Span): boolean {
  const demand: Fact = { kind: 'divides', divisor, value };
  if (!demandDivisor(cx, divisor, span, demand)) return false;
  const failure = failureOf(cx, demand, 'inexact-division', span);
  if (failure === undefined) return true;
  const advice = adviceToState(cx, [demand], '; or use `//`, which rounds down');
  cx.error('inexact-division', span, { value, divisor, ...failure }, advice);
  return false;
}
