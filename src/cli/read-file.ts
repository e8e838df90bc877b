import { decodeOnnx } from '../6-emit/onnx/decode.js';
import type { ModelProto } from '../6-emit/onnx/proto.js';
import { HostError } from '../host.js';
import { highestLimits } from '../limits.js';
import { openBinaryFile } from '../node/binary-file.js';

/** All bytes of an ONNX file. Throws `HostError`; what cannot be a model is refused before it is read, since it may have any size. */
export function readOnnx(path: string): Uint8Array {
  const file = openBinaryFile(path);
  try {
    const most = highestLimits.onnxBytes;
    if (file.size > most) throw new HostError(`cannot read ${path}: an ONNX file has at most ${most} bytes, but this one has ${file.size}`);
    if (!beginsLikeModel(file.read(0, Math.min(2, file.size)))) throw new HostError(`cannot read ${path}: this is not an ONNX model`);
    return file.read(0, file.size);
  } finally {
    file.close();
  }
}

/** Text files beyond this size are not even read; their readers have much lower limits. */
const largestText = 256 * 1024 * 1024;

/** The text of a UTF-8 file; throws `HostError` in the words of the other commands. */
export function readText(path: string): string {
  const file = openBinaryFile(path);
  try {
    if (file.size > largestText) throw new HostError(`cannot read ${path}: its ${file.size} bytes are not text`);
    return new TextDecoder('utf-8', { fatal: true }).decode(file.read(0, file.size));
  } catch (error) {
    if (error instanceof TypeError) throw new HostError(`cannot read ${path}: it is not UTF-8 text`);
    throw error;
  } finally {
    file.close();
  }
}

/** Whether the first field could be one of a model: their numbers go up to 25. */
function beginsLikeModel([first = 0, second = 0]: Uint8Array): boolean {
  const tag = first < 0x80 ? first : (first & 0x7f) | (second << 7);
  return tag >> 3 >= 1 && tag >> 3 <= 25;
}

/** The ONNX model in these bytes of `path`; throws a `HostError` that names the file. */
export function onnxModel(path: string, bytes: Uint8Array = readOnnx(path)): ModelProto {
  try {
    return decodeOnnx(bytes);
  } catch (error) {
    if (error instanceof HostError) throw new HostError(`cannot read ${path}: ${error.message}`, { cause: error });
    throw error;
  }
}
