/** The bytes of one tensor in the element type of the model, little endian, made in pieces so that memory stays flat. */
export interface TensorSource {
  /** Bytes in all. */
  readonly length: number;
  /** In order, some MiB at a time. A block holds until the next one is asked for. Throws `HostError` where a file fails. */
  blocks(): Iterable<Uint8Array>;
  /** Where the very same bytes lie in a file already. */
  readonly stored?: { readonly path: string; readonly offset: number } | undefined;
}

/** All of it at once, for tensors inside the model file. */
export function wholeTensor(source: TensorSource): Uint8Array {
  const bytes = new Uint8Array(source.length);
  let at = 0;
  for (const block of source.blocks()) {
    bytes.set(block, at);
    at += block.length;
  }
  return bytes;
}
