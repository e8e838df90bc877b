import { InternalError } from '../../diagnostics/internal-error.js';
import { bytesOf, type DType } from '../../ops/types.js';
import { type Float, floatCast, floatConversions } from './float-cast.js';
import type { StoredTensor } from './stored-tensor.js';
import type { TensorSource } from './tensor-source.js';

/** Bytes read at a time: a multiple of every element size. */
const blockBytes = 1 << 20;

/** Stored floats can become floats of any width; no other type can change without changing its meaning. */
export function canCast(from: DType, to: DType): boolean {
  return from === to || (isFloatType(from) && isFloatType(to));
}

function isFloatType(dtype: DType): dtype is Float {
  return dtype === 'f16' || dtype === 'bf16' || dtype === 'f32' || dtype === 'f64';
}

/**
 * The bytes of a stored tensor, as elements of `dtype`; the two types must have passed `canCast`. Reading them throws the error of `tooLarge` for a finite value
 * that would become infinite.
 */
export function storedSource(
  tensor: StoredTensor,
  dtype: DType,
  tooLarge = (value: number): Error => new InternalError(`${value} is too large for ${dtype}`),
): TensorSource {
  const { file, offset, length } = tensor;
  const from = tensor.dtype;
  const place = file.place === undefined ? undefined : { path: file.place, offset };
  if (from === undefined || from === dtype) return { length, stored: place, blocks: () => fileBlocks(tensor) };
  if (!isFloatType(from) || !isFloatType(dtype)) throw new InternalError(`${from} becomes ${dtype}`);
  return {
    length: (length / bytesOf[from]) * bytesOf[dtype],
    converted: place === undefined ? undefined : { ...place, from, to: dtype, tooLarge },
    *blocks() {
      const cast = floatCast(from, dtype, floatConversions);
      for (const block of fileBlocks(tensor)) {
        const made = new Uint8Array((block.length / bytesOf[from]) * bytesOf[dtype]);
        // A copy is aligned, and may be overwritten.
        const value = cast(block.slice(), made);
        if (value !== undefined) throw tooLarge(value);
        yield made;
      }
    },
  };
}

function* fileBlocks({ file, offset, length }: StoredTensor): Iterable<Uint8Array> {
  for (let at = 0; at < length; at += blockBytes) yield file.read(offset + at, Math.min(blockBytes, length - at));
}
