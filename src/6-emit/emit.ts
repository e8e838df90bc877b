import type { OnnxGraph } from '../5-optimize/lowering/onnx-graph.js';
import { type Encoding, encodeModel } from './onnx/encode.js';
import type { ModelMeta } from './onnx/metadata.js';
import { modelProto, type TensorStorage } from './onnx/model.js';

/** The largest file that protobuf can read: lengths are signed 32-bit numbers. ONNX Runtime fails beyond it without saying why. */
export const maxOnnxBytes = 2 ** 31 - 1;

/**
 * The ONNX file of a graph. `storage` says where the bytes of each parameter lie. The caller checks `size` against
 * `maxOnnxBytes` before it calls `write`.
 */
export function emitOnnx(graph: OnnxGraph, storage: (parameter: string) => TensorStorage, meta: ModelMeta): Encoding {
  return encodeModel(modelProto(graph, storage, meta));
}
