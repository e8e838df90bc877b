import type { OnnxBuilder } from './onnx-builder.js';
import { castNode } from './onnx-cast.js';

/**
 * f16 and bf16 are computed in f32 where ONNX Runtime has no kernel for them: `make` gets the widened operands, and its result is converted
 * back to the operands' own type.
 */
export function widenHalves<V, T extends readonly [V, ...V[]]>(g: OnnxBuilder<V>, operands: T, make: (...operands: T) => V): V {
  const { dtype } = g.type(operands[0]);
  if (dtype !== 'f16' && dtype !== 'bf16') return make(...operands);
  // `map` keeps the length, which TypeScript does not track.
  return castNode(g, make(...(operands.map((operand) => castNode(g, operand, 'f32')) as unknown as T)), dtype);
}
