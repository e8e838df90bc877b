import { bf16FromF32Bits, f16FromF32Bits, f32BitsFromBf16, f32BitsFromF16, f32BitsRoundedToOdd } from '../../6-emit/float16.js';
import { bytesOfElements, type DType } from '../../ops/types.js';
import { elementsOf, type TensorData } from './tensor-data.js';

/** The elements of a tensor as numbers, row-major; integers beyond 2^53 lose their last digits. Throws `TypeError` for strings. */
export function numbersOf(tensor: TensorData): Float64Array {
  const elements = elementsOf(tensor);
  const numbers = new Float64Array(elements.length);
  const expand = tensor.dtype === 'f16' ? f32BitsFromF16 : tensor.dtype === 'bf16' ? f32BitsFromBf16 : undefined;
  const bits = new Uint32Array(1);
  const float = new Float32Array(bits.buffer);
  for (let i = 0; i < elements.length; i++) {
    const element = elements[i] ?? 0;
    if (expand === undefined) numbers[i] = Number(element);
    else {
      bits[0] = expand(Number(element));
      numbers[i] = float[0] ?? 0;
    }
  }
  return numbers;
}

/**
 * A tensor of type `dtype` from its numbers, row-major: one for each element of `shape`. Floats are rounded to the nearest value of the type,
 * fractions of integers are cut off, and a boolean is true unless the number is 0.
 */
export function tensorOf(dtype: DType, shape: readonly number[], numbers: ArrayLike<number>): TensorData {
  const bytes = new Uint8Array(bytesOfElements(dtype, numbers.length));
  const tensor: TensorData = { dtype, shape, bytes };
  const elements = elementsOf(tensor);
  if (dtype === 'f16' || dtype === 'bf16') {
    const bits = f32BitsRoundedToOdd(numbers);
    for (let i = 0; i < bits.length; i++) elements[i] = dtype === 'f16' ? f16FromF32Bits(bits[i] ?? 0) : bf16FromF32Bits(bits[i] ?? 0);
  } else if (elements instanceof BigInt64Array || elements instanceof BigUint64Array) {
    for (let i = 0; i < numbers.length; i++) elements[i] = BigInt(Math.trunc(numbers[i] ?? 0));
  } else {
    for (let i = 0; i < numbers.length; i++) elements[i] = dtype === 'bool' ? Number(numbers[i] !== 0) : (numbers[i] ?? 0);
  }
  return tensor;
}
