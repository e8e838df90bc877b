/** How much room there is where graphs run. Values that cannot be found out are undefined. */
export interface Room {
  /** What has the room, in messages: `this machine`. */
  readonly where: string;
  /** All bytes together. */
  readonly bytes: number | undefined;
  /** The bytes of one tensor. */
  readonly tensorBytes: number | undefined;
}

/** The room on a WebGPU device, as ONNX Runtime gives it to programs in a browser; in Node it does not. No device tells how much memory it has. */
export function roomOfDevice(device: unknown): Room {
  const { maxBufferSize } = (device as { readonly limits?: { readonly maxBufferSize?: number } } | undefined)?.limits ?? {};
  return { where: 'the GPU', bytes: undefined, tensorBytes: maxBufferSize };
}
