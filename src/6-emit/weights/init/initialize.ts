import type { Parameter } from '../../../3-graph/parameter.js';
import { bitsOf, bytesOfElements, type DType, isInt } from '../../../ops/types.js';
import { constantShape } from '../../onnx/model.js';
import { rawElements } from '../../onnx/raw-data.js';
import { sha256 } from '../../sha256.js';
import { utf8 } from '../../utf8.js';
import type { TensorSource } from '../tensor-source.js';
import { computedBlocks } from './computed.js';
import { elementwise } from './distribution.js';
import { orthogonalize } from './orthogonal.js';
import { type StreamKey, threefryBlock, threefryWords, wordsPerBlock } from './threefry.js';

/**
 * Elements made at a time: few enough to stay in the processor's cache. A multiple of `wordsPerBlock`, so that a block of values begins
 * with a block of the generator.
 */
const elementsPerBlock = 1 << 16;

/**
 * The initial values of a parameter. Element `i` depends only on the seed, the parameter's name and `i`: adding a layer to a model leaves
 * the values of all others unchanged, and any part can be made without the rest.
 */
export function initialValues(parameter: Parameter, seed: number): TensorSource {
  const { dtype } = parameter.type;
  const shape = constantShape(parameter.type, parameter.name);
  const count = shape.reduce((product, size) => product * size, 1);
  return {
    length: bytesOfElements(dtype, count),
    *blocks() {
      for (const values of valueBlocks(parameter, shape, count, seed))
        yield rawElements(dtype, isInt(dtype) ? fitting(dtype, values) : values);
    },
  };
}

/** The stream of a parameter: 64 bits of a hash of the seed and the name. */
export function streamKey(seed: number, name: string): StreamKey {
  const view = new DataView(sha256(utf8(`${seed}:${name}`)).buffer);
  return { low: view.getUint32(0, true), high: view.getUint32(4, true) };
}

function* valueBlocks(parameter: Parameter, shape: readonly number[], count: number, seed: number): Iterable<Values> {
  if (count === 0) return;
  const { init } = parameter;
  if (init.kind === 'computed') {
    yield* computedBlocks(init.program, shape);
    return;
  }
  const key = streamKey(seed, parameter.name);
  if (init.kind === 'orthogonal') {
    const matrix = new Float64Array(count);
    fill(matrix, 0, key, elementwise({ kind: 'normal', mean: 0, std: 1 }, shape));
    const [rows = 1] = shape;
    orthogonalize(matrix, rows, count / rows, init.gain);
    yield matrix;
    return;
  }
  const distribution = elementwise(init, shape);
  const most = Math.min(elementsPerBlock, count);
  const values = parameter.type.dtype === 'f32' ? new Float32Array(most) : new Float64Array(most);
  for (let first = 0; first < count; first += elementsPerBlock) {
    const block = values.subarray(0, count - first);
    fill(block, first, key, distribution);
    yield block;
  }
}

type Values = Float32Array | Float64Array;

/** Elements from number `first` on, which is a multiple of `wordsPerBlock`. */
function fill(values: Values, first: number, key: StreamKey, distribution: ReturnType<typeof elementwise>): void {
  if (distribution.kind === 'constant') {
    values.fill(distribution.value);
    return;
  }
  const words = new Uint32Array(Math.ceil(values.length / wordsPerBlock) * wordsPerBlock);
  threefryWords(key, first / wordsPerBlock, words);
  // Further words come from another stream, in which each element has 2^32 counters of its own.
  const other = { low: key.low, high: ~key.high };
  const further = new Uint32Array(wordsPerBlock);
  const more = (element: number, k: number): number => {
    threefryBlock(other, k, first + element, further, 0);
    return further[0] ?? 0;
  };
  distribution.draw(words, values, more);
}

/** Integers by truncation and within their range; all other types are rounded when they are written. */
function fitting(dtype: DType, values: Values): Values {
  const bits = bitsOf[dtype];
  const low = dtype.startsWith('u') ? 0 : -(2 ** (bits - 1));
  // The largest float64 below the upper bound, which a float64 cannot represent for 64 bits.
  const high = (dtype.startsWith('u') ? 2 ** bits : 2 ** (bits - 1)) * (1 - (bits === 64 ? Number.EPSILON / 2 : 0)) - (bits === 64 ? 0 : 1);
  return values.map((value) => Math.min(Math.max(Math.trunc(value), low), high));
}
