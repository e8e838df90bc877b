import { decodeOnnx } from '../6-emit/onnx/decode.js';
import type { ModelProto } from '../6-emit/onnx/proto.js';
import { HostError } from '../host.js';
import { openBinaryFile } from '../node/binary-file.js';

/** All bytes of a file; throws `HostError` in the words of the other commands. */
export function readFile(path: string): Uint8Array {
  const file = openBinaryFile(path);
  try {
    return file.read(0, file.size);
  } finally {
    file.close();
  }
}

/** The ONNX model in these bytes of `path`; throws a `HostError` that names the file. */
export function onnxModel(path: string, bytes: Uint8Array = readFile(path)): ModelProto {
  try {
    return decodeOnnx(bytes);
  } catch (error) {
    if (error instanceof HostError) throw new HostError(`cannot read ${path}: ${error.message}`, { cause: error });
    throw error;
  }
}
