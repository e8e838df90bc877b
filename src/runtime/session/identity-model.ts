import { encodeModel, joinChunks } from '../../6-emit/onnx/encode.js';
import { onnxDType } from '../../ops/onnx-cast.js';
import type { DType } from '../../ops/types.js';
import { runtimeTypes } from '../pure/runtime-types.js';

/** A model that returns its input `x` as `y`, of any shape: it moves a tensor to a device or from there. `type` is ONNX Runtime's name of the element type. */
export function identityModel(type: string): Uint8Array {
  const dtype = Object.entries(runtimeTypes).find(([, name]) => name === type)?.[0] as DType | undefined;
  const tensorType = { elemType: dtype === undefined ? 1 : onnxDType[dtype] };
  return joinChunks(
    encodeModel({
      irVersion: 10,
      graph: {
        node: [{ input: ['x'], output: ['y'], name: 'copy', opType: 'Identity' }],
        name: 'copy',
        input: [{ name: 'x', type: { tensorType } }],
        output: [{ name: 'y', type: { tensorType } }],
      },
      opsetImport: [{ domain: '', version: 21 }],
    }).write(),
  );
}
