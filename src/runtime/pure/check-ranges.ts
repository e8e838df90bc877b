import { isInt } from '../../ops/types.js';
import { FeedError } from './feed-error.js';
import { indexOfElement } from './index-of-element.js';
import { integersIn } from './integer-range.js';
import type { Signature } from './signature.js';
import { elementsOf, type TensorData } from './tensor-data.js';

/**
 * Demands of each integer that the model can use it, such as that a label is one of its classes. `sizes` are those of this call. Throws `FeedError` for the first that it cannot: ONNX Runtime
 * does not say which one is wrong, and some kernels continue with it.
 */
export function checkRanges(
  { inputs }: Pick<Signature, 'inputs'>,
  given: ReadonlyMap<string, TensorData>,
  sizes: ReadonlyMap<string, number>,
): void {
  for (const { name, range } of inputs) {
    const tensor = given.get(name);
    const allowed = range && integersIn(range, sizes);
    if (tensor === undefined || allowed === undefined || !isInt(tensor.dtype)) continue;
    const elements = elementsOf(tensor);
    const at = elements.findIndex((value: number | bigint) => !allowed.has(Number(value)));
    if (at < 0) continue;
    const [index, value] = [indexOfElement(tensor.shape, at), String(elements[at])];
    throw new FeedError({ kind: 'out-of-range', name, index, value, allowed: allowed.text });
  }
}
