import { InternalError } from '../../diagnostics/internal-error.js';
import { bytesOf, type DType } from '../../ops/types.js';
import { utf8 } from '../utf8.js';
import { safetensorsType } from './safetensors.js';

/** A tensor to be stored; `bytes` are row-major and little-endian. */
export interface TensorToStore {
  readonly name: string;
  readonly dtype: DType;
  readonly shape: readonly number[];
  readonly bytes: Uint8Array;
}

/**
 * A safetensors file in pieces; the tensors' bytes are passed on, not copied. Tensors are ordered as in the reference implementation, by
 * descending alignment and then by name, so that every tensor is aligned to its element size.
 */
export function writeSafetensors(tensors: Iterable<TensorToStore>, metadata: Readonly<Record<string, string>> = {}): readonly Uint8Array[] {
  const ordered = [...tensors].sort((a, b) => bytesOf[b.dtype] - bytesOf[a.dtype] || (a.name < b.name ? -1 : 1));
  const entries: string[] = Object.keys(metadata).length === 0 ? [] : [`"__metadata__":${JSON.stringify(metadata)}`];
  let at = 0;
  for (const { name, dtype, shape, bytes } of ordered) {
    const type = safetensorsType(dtype);
    const length = shape.reduce((product, size) => product * size, bytesOf[dtype]);
    if (type === undefined || length !== bytes.length)
      throw new InternalError(`${name} cannot be stored as ${dtype} with ${bytes.length} bytes`);
    entries.push(`${JSON.stringify(name)}:${JSON.stringify({ dtype: type, shape, data_offsets: [at, at + length] })}`);
    at += length;
  }
  const json = `{${entries.join(',')}}`;
  const header = utf8(json.padEnd(json.length + ((8 - (utf8(json).length % 8)) % 8)));
  const prefix = new Uint8Array(8);
  new DataView(prefix.buffer).setBigUint64(0, BigInt(header.length), true);
  return [prefix, header, ...ordered.map((tensor) => tensor.bytes)];
}
