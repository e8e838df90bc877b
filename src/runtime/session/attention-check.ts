import { encodeModel, joinChunks } from '../../6-emit/onnx/encode.js';
import { attributeType } from '../../6-emit/onnx/proto.js';
import { onnxDType } from '../../ops/onnx-cast.js';
import type { Engine } from './engine.js';
import { SessionError } from './session-error.js';

/** The number of queries, all of one head. From 32 queries on, ONNX Runtime 1.30 uses kernels that are wrong on GPUs whose subgroups have fewer than 8 lanes. */
const positions = 32;
const width = 8;
/** A wrong kernel is off by 0.08 or more, for values up to 1; a right one only by the rounding of f32. */
const tolerance = 1e-3;

/** Computes a small attention on the GPU, and throws `SessionError` with the kind `wrong-attention` if it is wrong. */
export async function demandAttention(engine: Engine): Promise<void> {
  if (!(await isRight(engine))) throw new SessionError({ kind: 'wrong-attention' });
}

async function isRight(engine: Engine): Promise<boolean> {
  const session = await engine.load({ bytes: selfAttention() }, 'a small attention', ['y']);
  try {
    const data = Float32Array.from({ length: positions * width }, (_, i) => Math.sin(i * i));
    const x = engine.tensor({ dtype: 'f32', shape: [1, positions, width], bytes: new Uint8Array(data.buffer) });
    const { y } = await engine.run(session, { x }, { what: 'compute a small attention' });
    const computed = y?.data as Float32Array;
    return attended(data).every((value, i) => Math.abs((computed[i] ?? Number.NaN) - value) <= tolerance);
  } finally {
    await engine.release([session]);
  }
}

/** The attention of the rows to each other. */
function attended(rows: Float32Array): Float64Array {
  const at = (row: number, column: number) => rows[row * width + column] ?? Number.NaN;
  const result = new Float64Array(rows.length);
  for (let query = 0; query < positions; query++) {
    const weights = Array.from({ length: positions }, (_, key) => {
      let product = 0;
      for (let column = 0; column < width; column++) product += at(query, column) * at(key, column);
      return Math.exp(product / Math.sqrt(width));
    });
    const sum = weights.reduce((a, b) => a + b);
    for (let column = 0; column < width; column++)
      result[query * width + column] = weights.reduce((value, weight, key) => value + (weight / sum) * at(key, column), 0);
  }
  return result;
}

/** A model that gives `y`, the attention of `x` to itself. */
function selfAttention(): Uint8Array {
  const dim = [1, positions, width].map((dimValue) => ({ dimValue }));
  const type = { tensorType: { elemType: onnxDType.f32, shape: { dim } } };
  return joinChunks(
    encodeModel({
      irVersion: 10,
      graph: {
        node: [
          {
            input: ['x', 'x', 'x'],
            output: ['y'],
            name: 'attention',
            opType: 'MultiHeadAttention',
            domain: 'com.microsoft',
            attribute: [{ name: 'num_heads', i: 1, type: attributeType.int }],
          },
        ],
        name: 'small_attention',
        input: [{ name: 'x', type }],
        output: [{ name: 'y', type }],
      },
      opsetImport: [
        { domain: '', version: 21 },
        { domain: 'com.microsoft', version: 1 },
      ],
    }).write(),
  );
}
