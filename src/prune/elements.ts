import { elementsOfRaw } from '../6-emit/onnx/raw-data.js';
import { bitsOf, type DType } from '../ops/types.js';

/** The bytes of one element. Weights that a model declares are not packed. */
export function elementBytes(dtype: DType): number {
  return bitsOf[dtype] / 8;
}

/** The elements of a part of a tensor. */
export function elementsIn(dtype: DType, bytes: Uint8Array): Float64Array {
  return elementsOfRaw(dtype, bytes, bytes.length / elementBytes(dtype));
}

/** The bits of the magnitudes of floats as f32. They have the same order as the magnitudes; NaN comes last. */
export function magnitudeBits(dtype: DType, bytes: Uint8Array): Uint32Array {
  const bits = f32Bits(dtype, bytes);
  for (let i = 0; i < bits.length; i++) bits[i] = (bits[i] ?? 0) & 0x7fffffff;
  return bits;
}

function f32Bits(dtype: DType, bytes: Uint8Array): Uint32Array {
  if (dtype !== 'f32') return new Uint32Array(Float32Array.from(elementsIn(dtype, bytes)).buffer);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const bits = new Uint32Array(bytes.length / 4);
  for (let i = 0; i < bits.length; i++) bits[i] = view.getUint32(4 * i, true);
  return bits;
}
