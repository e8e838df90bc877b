import type { Report } from '../../diagnostics/report.js';
import { type DType, isFloat, isInt } from '../../ops/types.js';
import type { InputSlot } from './input-slots.js';
import type { TensorData } from './tensor-data.js';
import { numbersOf, tensorOf } from './tensor-numbers.js';

/**
 * The tensor in the type of an input: floats are converted to floats, and integers to integers. Undefined for any other combination, which is
 * reported.
 */
export function typedTensor(input: Omit<InputSlot, 'shape'>, tensor: TensorData, report: Report): TensorData | undefined {
  if (tensor.dtype === input.dtype) return tensor;
  if (isConvertible(tensor.dtype, input.dtype)) return tensorOf(input.dtype, tensor.shape, numbersOf(tensor));
  report.add('input-type', input.span, { name: input.name, wanted: input.dtype, got: tensor.dtype });
  return undefined;
}

function isConvertible(from: DType, to: DType): boolean {
  return (isFloat(from) && isFloat(to)) || (isInt(from) && isInt(to));
}
