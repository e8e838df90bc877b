import { InternalError } from '../../diagnostics/internal-error.js';
import { bitsOf, bytesOfElements, type DType } from '../../ops/types.js';
import { utf8 } from '../utf8.js';
import { safetensorsType } from './safetensors.js';

/** A tensor to be stored, row-major and little-endian. */
export interface TensorToStore {
  readonly name: string;
  readonly dtype: DType;
  readonly shape: readonly number[];
  /** Its bytes, or how they are made when they are written. */
  readonly bytes: Uint8Array | (() => Uint8Array);
}

/** A safetensors file in pieces, all at once; the tensors' bytes are passed on, not copied. */
export function writeSafetensors(tensors: Iterable<TensorToStore>, metadata: Readonly<Record<string, string>> = {}): readonly Uint8Array[] {
  return [...safetensorsChunks(tensors, metadata)];
}

/**
 * A safetensors file in pieces that are made one at a time. Tensors are ordered as in the reference implementation, by descending alignment and then by name, so that every tensor is
 * aligned to its element size.
 */
export function* safetensorsChunks(
  tensors: Iterable<TensorToStore>,
  metadata: Readonly<Record<string, string>> = {},
): Generator<Uint8Array, void, undefined> {
  const ordered = [...tensors].sort((a, b) => bitsOf[b.dtype] - bitsOf[a.dtype] || (a.name < b.name ? -1 : 1));
  const entries: string[] = Object.keys(metadata).length === 0 ? [] : [`"__metadata__":${JSON.stringify(metadata)}`];
  let at = 0;
  const lengths: number[] = [];
  for (const { name, dtype, shape } of ordered) {
    const type = safetensorsType(dtype);
    if (type === undefined) throw new InternalError(`${name} cannot be stored as ${dtype}`);
    const count = shape.reduce((product, size) => product * size, 1);
    const length = bytesOfElements(dtype, count);
    lengths.push(length);
    entries.push(`${JSON.stringify(name)}:${JSON.stringify({ dtype: type, shape, data_offsets: [at, at + length] })}`);
    at += length;
  }
  const json = `{${entries.join(',')}}`;
  const header = utf8(json.padEnd(json.length + ((8 - (utf8(json).length % 8)) % 8)));
  const prefix = new Uint8Array(8);
  new DataView(prefix.buffer).setBigUint64(0, BigInt(header.length), true);
  yield prefix;
  yield header;
  for (const [i, { name, dtype, bytes }] of ordered.entries()) {
    const made = typeof bytes === 'function' ? bytes() : bytes;
    if (made.length !== lengths[i]) throw new InternalError(`${name} cannot be stored as ${dtype} with ${made.length} bytes`);
    yield made;
  }
}
