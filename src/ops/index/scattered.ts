import type { OnnxBuilder } from '../onnx-builder.js';
import { castNode } from '../onnx-cast.js';
import { widenHalves } from '../widen-halves.js';
import type { Reduction } from './scatter-gradient.js';

/** What `scatter` makes of a tensor and its updates. Reductions of f16 and bf16 are computed in f32, and the maximum and minimum of booleans, for which ONNX Runtime has no kernel, in i32. */
export function scattered<V>(g: OnnxBuilder<V>, x: V, updates: V, reduction: Reduction, scatter: (into: V, values: V) => V): V {
  if (reduction === 'none') return scatter(x, updates);
  if (g.type(x).dtype === 'bool' && (reduction === 'max' || reduction === 'min'))
    return castNode(g, scatter(castNode(g, x, 'i32'), castNode(g, updates, 'i32')), 'bool');
  return widenHalves(g, [x, updates], scatter);
}
