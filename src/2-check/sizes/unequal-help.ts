import type { Extra } from '../../diagnostics/diagnostic.js';
import { Dim } from '../../dims/dim.js';
import { type Fact, variablesOf } from '../../dims/fact.js';
import type { Shape } from '../../ops/types.js';
import type { Context } from '../context.js';
import { decidedByData } from './new-sizes.js';
import { adviceToState } from './suggested-facts.js';

/**
 * What to do about rows of sizes that should be equal. If they differ only by rounding, as `2*(H // 4)` and `H // 2` do, it suggests a fact; if the data decide
 * one of them, it says so. Otherwise undefined.
 */
export function unequalHelp(
  cx: Context,
  wanted: readonly (Dim | string)[],
  got: readonly (Dim | string)[],
): Pick<Extra, 'help' | 'fixes'> | undefined {
  const demands: Fact[] = [];
  for (const [i, a] of wanted.entries()) {
    const b = got[i];
    // Words, such as `a divisor of 4`, are not a size.
    if (!(a instanceof Dim && b instanceof Dim)) return undefined;
    if (!a.equals(b)) demands.push({ kind: 'equal', left: a, right: b });
  }
  if (demands.length === 0) return undefined;
  const data = helpForDemands(cx, demands);
  if (data !== undefined) return { help: data };
  const advice = adviceToState(cx, demands);
  return advice.help === undefined ? undefined : { ...advice, help: `if your inputs always divide evenly, ${advice.help}` };
}

/** What to say about unequal sizes in two shapes if the data decide one of them. */
export function helpForData(cx: Context, a: Shape, b: Shape): string | undefined {
  const pairs = a.map((left, i) => ({ kind: 'equal' as const, left, right: b[i] ?? left }));
  return helpForDemands(
    cx,
    pairs.filter(({ left, right }) => !left.equals(right)),
  );
}

function helpForDemands(cx: Context, demands: readonly Fact[]): string | undefined {
  const names = new Set(demands.flatMap(variablesOf));
  const [name, other] = [...names].filter((size) => decidedByData(cx.newSizes, [size]) !== undefined);
  if (name === undefined) return undefined;
  if (other === undefined) return `\`${name}\` depends on the data of each evaluation, so it equals no other size`;
  return `the data decide \`${name}\` and \`${other}\` in two evaluations: to get one size, take both tensors at the same positions, \`at = nonzero(mask)\``;
}
