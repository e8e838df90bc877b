import { inputValues, type Value } from '../3-graph/graph.js';

/** Sets of weights, by their names: what archc computed from all weights of a set was infinite, NaN, or too small for its element type. */
export type Unfoldable = readonly ReadonlySet<string>[];

/** Why nothing may be computed from these values when the file is written; undefined if it may. */
export function refuseUnfoldable(unfoldable: Unfoldable, values: readonly Value[]): string | undefined {
  if (unfoldable.length === 0) return undefined;
  const names = namesOf(values);
  const found = unfoldable.find((set) => [...set].every((name) => names.has(name)));
  return (
    found &&
    `the numbers computed from ${[...found].map((name) => `\`${name}\``).join(', ')} would not be finite, or too small for their type`
  );
}

/** The names of the weights that values are computed from. */
function namesOf(values: readonly Value[]): ReadonlySet<string> {
  const names = new Set<string>();
  // The set grows while it is walked.
  const cone = new Set(values);
  for (const { source } of cone) {
    if (source.kind === 'parameter') names.add(source.parameter.name);
    if (source.kind === 'node') for (const input of inputValues(source.node)) cone.add(input);
  }
  return names;
}
