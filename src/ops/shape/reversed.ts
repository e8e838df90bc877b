import { Dim } from '../../dims/dim.js';
import type { Builder } from '../builder.js';
import { openEnd } from './slice-range.js';

/** `x` with the order of one axis reversed. */
export function reversed<V>(g: Builder<V>, x: V, axis: number): V {
  return g.op('slice', [x], { axes: [axis], starts: [Dim.of(-1)], ends: [Dim.of(-openEnd)], steps: [-1] });
}
