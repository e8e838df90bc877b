import type { Rule } from '../rule.js';
import type { DType, Shape, TensorType } from '../types.js';

/** Demands sizes that are valid for a tensor. */
export function demandShape(rule: Rule, shape: Shape): void {
  for (const [axis, size] of shape.entries()) {
    rule.atLeast(size, 0, () => ({ message: `a tensor cannot have size ${size} on axis ${axis}`, attr: 'shape' }));
  }
}

/** The element type of a tensor that is filled with a number, which strings cannot be. `x` is the tensor that gives the type unless `dtype` does. */
export function filledType(rule: Rule, name: string, x: TensorType, dtype: DType | undefined): DType {
  const type = dtype ?? x.dtype;
  if (type !== 'string') return type;
  return rule.fail('dtype-mismatch', {
    message: `\`${name}\` makes numbers, and cannot make strings`,
    ...(dtype === undefined ? { input: 'x' } : { attr: 'dtype' }),
    help: `name an element type: \`${name}(.., dtype = f32)\``,
  });
}
