import type { Extra } from '../../diagnostics/diagnostic.js';
import { Dim } from '../../dims/dim.js';
import type { Fact } from '../../dims/facts.js';
import type { Context } from '../context.js';
import { adviceToState } from './suggested-facts.js';

/**
 * Suggests a fact that makes rows of sizes equal that differ only by rounding, as `2*(H // 4)` and `H // 2` do; undefined if they also
 * differ in something else.
 */
export function divisibilityHelp(
  cx: Context,
  wanted: readonly (Dim | string)[],
  got: readonly (Dim | string)[],
): Pick<Extra, 'help' | 'fixes'> | undefined {
  const demands: Fact[] = [];
  for (const [i, a] of wanted.entries()) {
    const b = got[i];
    // Words, such as `a divisor of 4`, are no size.
    if (!(a instanceof Dim && b instanceof Dim)) return undefined;
    if (!a.equals(b)) demands.push({ kind: 'equal', left: a, right: b });
  }
  if (demands.length === 0) return undefined;
  const advice = adviceToState(cx, demands);
  return advice.help === undefined ? undefined : { ...advice, help: `if your inputs always divide evenly, ${advice.help}` };
}
