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

/** Text files beyond this size are not even read; what reads them has a limit far below. */
const largestText = 256 * 1024 * 1024;

/** The text of a file in UTF-8; throws `HostError` in the words of the other commands. */
export function readText(path: string): string {
  const file = openBinaryFile(path);
  try {
    if (file.size > largestText) throw new HostError(`cannot read ${path}: its ${file.size} bytes are no text`);
    return new TextDecoder('utf-8', { fatal: true }).decode(file.read(0, file.size));
  } catch (error) {
    if (error instanceof TypeError) throw new HostError(`cannot read ${path}: it is not UTF-8 text`);
    throw error;
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
