import type { Extra } from '../../diagnostics/diagnostic.js';
import { Dim } from '../../dims/dim.js';
import type { Fact } from '../../dims/facts.js';
import { parseSize } from '../../dims/parse.js';
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
    const [left, right] = [sizeOf(a), sizeOf(got[i] ?? '')];
    if (left === undefined || right === undefined) return undefined;
    if (!left.equals(right)) demands.push({ kind: 'equal', left, right });
  }
  if (demands.length === 0) return undefined;
  const advice = adviceToState(cx, demands);
  return advice.help === undefined ? undefined : { ...advice, help: `if your inputs always divide evenly, ${advice.help}` };
}

/** The rows of an operator's table are text. */
function sizeOf(cell: Dim | string): Dim | undefined {
  return cell instanceof Dim ? cell : parseSize(cell, (name) => Dim.variable(name));
}
