import type { Dim } from '../../dims/dim.js';
import type { Builder } from '../builder.js';

/**
 * Booleans with a new axis at `axis` (counted in the result) of size `classes`: true where the position is the id. Ids outside are true
 * nowhere. Compared as int32, which every target computes; ONNX OneHot has few kernels.
 */
export function classMask<V>(g: Builder<V>, ids: V, classes: Dim, axis: number): V {
  const rank = g.rank(ids) + 1;
  const positions = g.op('range', [], { end: classes, dtype: 'i32' });
  const trailing = rank - 1 - axis;
  const aligned =
    trailing === 0
      ? positions
      : g.unsqueeze(
          positions,
          Array.from({ length: trailing }, (_, i) => i + 1),
        );
  return g.equal(g.unsqueeze(g.cast(ids, 'i32'), [axis]), aligned);
}
