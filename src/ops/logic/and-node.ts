import { isPortable } from '../capabilities/capability.js';
import { only } from '../only.js';
import type { OnnxBuilder } from '../onnx-builder.js';
import { castNode } from '../onnx-cast.js';
import type { TensorType } from '../types.js';

/** The conjunction of two booleans; `y` is the type of the result. Broadcast operands are multiplied as numbers where `And` is wrong for them. */
export function andNode<V>(g: OnnxBuilder<V>, a: V, b: V, y: TensorType): V {
  const isPlain = !isRepeated(g, a, y) && !isRepeated(g, b, y);
  if (isPlain || isPortable(g.target, 'And', 'bool', 'repeated')) return only(g.node('And', [a, b], {}, [y]));
  return castNode(g, only(g.node('Mul', [castNode(g, a, 'i32'), castNode(g, b, 'i32')], {}, [{ ...y, dtype: 'i32' }])), 'bool');
}

/** Whether an operand is broadcast to the shape of the result. */
function isRepeated<V>(g: OnnxBuilder<V>, operand: V, { shape }: TensorType): boolean {
  const own = g.type(operand).shape;
  return own.length !== shape.length || !own.every((size, axis) => shape[axis]?.equals(size));
}
