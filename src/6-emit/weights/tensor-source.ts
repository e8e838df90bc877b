import type { Float } from './float-cast.js';

/** The bytes of one tensor in the element type of the model, little-endian, made in pieces so that memory stays flat. */
export interface TensorSource {
  /** Total bytes. */
  readonly length: number;
  /** In order, some MiB at a time. A block is valid until the next one is requested. Throws `HostError` if a file fails, and `UnusableWeight` for a value that cannot be written. */
  blocks(): Iterable<Uint8Array>;
  /** Where the very same bytes already are in a file. */
  readonly stored?: { readonly path: string; readonly offset: number } | undefined;
  /** Where a file has the elements in another float type: threads convert them faster than `blocks` does. */
  readonly converted?: ConvertedSource | undefined;
}

export interface ConvertedSource {
  readonly path: string;
  readonly offset: number;
  readonly from: Float;
  readonly to: Float;
  /** The error for a finite value that would become infinite. */
  tooLarge(value: number): Error;
}

/** The whole tensor at once, for tensors inside the model file. */
export function wholeTensor(source: TensorSource): Uint8Array {
  const bytes = new Uint8Array(source.length);
  let at = 0;
  for (const block of source.blocks()) {
    bytes.set(block, at);
    at += block.length;
  }
  return bytes;
}
