import type { OnnxBuilder } from './onnx-builder.js';
import { castNode } from './onnx-cast.js';
import { type DType, isInt } from './types.js';

/**
 * Integers of types for which ONNX Runtime has no kernel are computed in i64: `make` gets the widened operands, and its result is converted
 * back to the operands' own type. `kernels` are the integer types that need no conversion. u64 above 2^63 is not supported.
 */
export function widenInts<V, T extends readonly [V, ...V[]]>(
  g: OnnxBuilder<V>,
  operands: T,
  kernels: readonly DType[],
  make: (...operands: T) => V,
): V {
  // `map` keeps the length, which TypeScript does not track.
  const wide = operands.map((operand) => widened(g, operand, kernels)) as unknown as T;
  return castNode(g, make(...wide), g.type(operands[0]).dtype);
}

/** `x`, as i64 if it has integers of a type that is not among `kernels`. */
export function widened<V>(g: OnnxBuilder<V>, x: V, kernels: readonly DType[]): V {
  const { dtype } = g.type(x);
  return isInt(dtype) && !kernels.includes(dtype) ? castNode(g, x, 'i64') : x;
}
