import type { Builder } from '../builder.js';

/**
 * `x * sigmoid(gate)`. In f64, the sign goes there and back: ONNX Runtime 1.30 makes QuickGelu of the two operators, has no kernel for it in f64, and then does not load the model.
 */
export function gated<V>(g: Builder<V>, x: V, gate: V): V {
  return g.type(x).dtype === 'f64' ? g.neg(g.mul(g.neg(x), g.sigmoid(gate))) : g.mul(x, g.sigmoid(gate));
}
