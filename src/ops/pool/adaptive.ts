import { Dim } from '../../dims/dim.js';
import type { Builder } from '../builder.js';
import { nth } from '../only.js';
import { demandCount, demandOption } from '../option-bounds.js';
import type { Rule } from '../rule.js';
import { concrete } from '../sizes.js';
import type { Shape, TensorType } from '../types.js';
import { imageForm, perAxis } from '../window.js';
import { demandImage } from './pooling.js';

/** How an adaptive pooling chooses its windows. */
export interface AdaptiveKind {
  /** The operator for equal windows: `avg_pool` or `max_pool`. */
  readonly pool: 'avg_pool' | 'max_pool';
  /** Reduces one axis of one window, and keeps it. */
  readonly reduce: <V>(g: Builder<V>, x: V, axis: number) => V;
}

/** `[N, C, ..]` with the sides `output`. */
export function inferAdaptive(rule: Rule, count: number, x: TensorType, output: Shape): readonly TensorType[] {
  rule.dtype('x', x, 'float');
  rule.rank('x', x, count + 2, imageForm(count));
  demandImage(rule, x);
  demandCount(rule, 'output', output, count === 1 ? [1] : [1, count]);
  for (const size of output) demandOption(rule, 'output', size, 1);
  return [{ dtype: x.dtype, shape: [...x.shape.slice(0, 2), ...perAxis(output, count)] }];
}

/**
 * Window `i` of `o` along a side of size `n` covers `floor(i*n/o)` up to `ceil((i + 1)*n/o)`. If all sides become 1, this is global
 * pooling; if all sides are multiples, it is pooling with equal windows; otherwise each side is split into slices, whose bounds may be
 * known only at run time.
 */
export function lowerAdaptive<V>(g: Builder<V>, x: V, output: Shape, kind: AdaptiveKind): V {
  const sides = g.shape(x).slice(2);
  const wanted = perAxis(output, sides.length).map(concrete);
  if (wanted.every((side) => side === 1)) return g.op(`global_${kind.pool}`, [x]);
  const kernel = sides.map((side, i) => (side.constant === undefined ? Number.NaN : side.constant / nth(wanted, i)));
  if (kernel.every(Number.isInteger)) {
    return g.op(`${kind.pool}${sides.length}d`, [x], { kernel: kernel.map((side) => Dim.of(side)) });
  }
  let y = x;
  for (const [i, side] of sides.entries()) y = poolSide(g, y, i + 2, side, nth(wanted, i), kind);
  return y;
}

function poolSide<V>(g: Builder<V>, x: V, axis: number, side: Dim, count: number, kind: AdaptiveKind): V {
  if (side.constant === count) return x;
  if (count === 1) return kind.reduce(g, x, axis);
  const parts = Array.from({ length: count }, (_, i) => {
    const window = g.slice(x, axis, side.mul(i).floorDiv(count), side.mul(i + 1).ceilDiv(count));
    return kind.reduce(g, window, axis);
  });
  return g.concat(parts, axis);
}
