import type { Tensor, TypedElements } from '../../api/runtime.js';
import type { DType } from '../../ops/types.js';
import type { OrtTensor } from './ort.js';

/** A result that is not on a device, as programs see it. Where JavaScript has arrays of 16-bit floats, ONNX Runtime uses them; here they are bit patterns everywhere. */
export function tensorOfResult({ dims, data }: OrtTensor, dtype: DType): Tensor {
  const elements = data as TypedElements;
  const isFloat16 = dtype === 'f16' && !(elements instanceof Uint16Array);
  const view = isFloat16 ? new Uint16Array(elements.buffer, elements.byteOffset, elements.length) : elements;
  return { dtype, shape: [...dims], data: view };
}
