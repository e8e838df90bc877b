import type { OnnxBuilder } from './onnx-builder.js';
import { castNode } from './onnx-cast.js';

/**
 * f16 and bf16 go through f32 where ONNX Runtime has no kernel for them: `make` gets the operands widened, and its result has the operands' own type again.
 */
export function widenHalves<V, T extends readonly [V, ...V[]]>(g: OnnxBuilder<V>, operands: T, make: (...operands: T) => V): V {
  const { dtype } = g.type(operands[0]);
  if (dtype !== 'f16' && dtype !== 'bf16') return make(...operands);
  // `map` keeps the length, which TypeScript does not follow.
  return castNode(g, make(...(operands.map((operand) => castNode(g, operand, 'f32')) as unknown as T)), dtype);
}
