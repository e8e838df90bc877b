import { encodeModel, joinChunks } from '../../6-emit/onnx/encode.js';
import { attributeType } from '../../6-emit/onnx/proto.js';
import { onnxDType } from '../../ops/onnx-cast.js';
import type { Engine } from './engine.js';

/**
 * Throws `SessionError` with the kind `no-half` on a GPU without f16, and whatever else ONNX Runtime reports. A small graph is run: ONNX Runtime for Node reveals nothing about the adapter, and accepts
 * every graph when it is loaded.
 */
export async function demandHalf(engine: Engine): Promise<void> {
  const session = await engine.load({ bytes: throughHalf() }, 'a graph in f16', ['y']);
  try {
    const x = engine.tensor({ dtype: 'f32', shape: [1], bytes: new Uint8Array(Float32Array.of(1).buffer) });
    await engine.run(session, { x }, { what: 'compute in f16' });
  } finally {
    await engine.release([session]);
  }
}

/** A model that converts its input to f16 and back. */
function throughHalf(): Uint8Array {
  const tensorType = { elemType: onnxDType.f32, shape: { dim: [{ dimValue: 1 }] } };
  const cast = (from: string, to: string, type: number) => ({
    input: [from],
    output: [to],
    name: to,
    opType: 'Cast',
    attribute: [{ name: 'to', i: type, type: attributeType.int }],
  });
  return joinChunks(
    encodeModel({
      irVersion: 10,
      graph: {
        node: [cast('x', 'half', onnxDType.f16), cast('half', 'y', onnxDType.f32)],
        name: 'through_f16',
        input: [{ name: 'x', type: { tensorType } }],
        output: [{ name: 'y', type: { tensorType } }],
      },
      opsetImport: [{ domain: '', version: 21 }],
    }).write(),
  );
}
