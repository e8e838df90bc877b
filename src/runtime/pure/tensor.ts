import type { ElementValue, TypedElements } from '../../api/runtime.js';
import type { SizedTensor } from '../../api/tensor-types.js';
import { kindOfValue } from './kind-of-value.js';

/**
 * Elements in row-major order with their sizes, for an input of a model: `tensor(new Float32Array(784), [1, 1, 28, 28])`. Its type has the sizes, so TypeScript compares them with what the input takes. The
 * elements are not copied. Throws `TypeError` if `data` is neither a typed array nor a list, and `RangeError` if `dims` do not multiply to its length.
 */
export function tensor<Data extends TypedElements | readonly ElementValue[], const Dims extends readonly number[]>(
  data: Data,
  dims: Dims,
): SizedTensor<Data, Dims> {
  const isTyped = ArrayBuffer.isView(data) && 'length' in data;
  if (!isTyped && !Array.isArray(data))
    throw new TypeError(`the elements of a tensor are a typed array or a list, not ${kindOfValue(data)}`);
  if (!Array.isArray(dims)) throw new TypeError(`the sizes of a tensor are a list, such as [1, 28, 28], not ${kindOfValue(dims)}`);
  const bad = dims.find((size) => !Number.isSafeInteger(size) || size < 0);
  if (bad !== undefined) throw new RangeError(`a size is a whole number from 0 on, not ${String(bad)}`);
  const count = dims.reduce((product: number, size: number) => product * size, 1);
  if (count !== data.length) throw new RangeError(`a tensor of [${dims.join(', ')}] has ${count} elements, not ${data.length}`);
  return { data, shape: dims };
}
