import type { Builder } from '../builder.js';

/** The gradient of a maximum or minimum `y` of `x` over `axes`: `dy` for the elements that are equal to `y`, in equal shares. */
export function shareOfTies<V>(
  g: Builder<V>,
  { x, y, dy, axes }: { readonly x: V; readonly y: V; readonly dy: V; readonly axes: readonly number[] },
): V {
  const chosen = g.cast(g.equal(x, y), g.type(dy).dtype);
  return g.mul(chosen, g.div(dy, g.sum(chosen, axes, true)));
}
