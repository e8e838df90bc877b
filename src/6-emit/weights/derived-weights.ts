import type { Value } from '../../3-graph/graph.js';
import type { Parameter } from '../../3-graph/parameter.js';
import { diagnostic } from '../../diagnostics/diagnostic.js';
import { InternalError } from '../../diagnostics/internal-error.js';
import { lowestFinite } from '../../ops/float-limits.js';
import { roundNumber } from '../../ops/nd/round.js';
import { nth } from '../../ops/only.js';
import { bitsOf, bytesOfElements, type DType, isFloat, type NdArray } from '../../ops/types.js';
import { constantShape } from '../onnx/model.js';
import { elementsOfRaw, rawData } from '../onnx/raw-data.js';
import { movedBytes } from './moved-bytes.js';
import { PackedForms, type Unusable } from './packed-forms.js';
import { bytesOfParameter, evaluated, type Sources } from './recipe-values.js';
import type { TensorSource } from './tensor-source.js';
import { UnusableWeight } from './unusable-weight.js';

/** The sources of tensors that are computed from others, by name. Those whose bytes are not known are computed when they are read. */
export function derivedSources(
  parameters: readonly Parameter[],
  sources: Sources,
  known: ReadonlyMap<string, Uint8Array> = new Map(),
): ReadonlyMap<string, TensorSource> {
  const packed = new PackedForms();
  return new Map(parameters.map((parameter) => [parameter.name, derivedSource(parameter, sources, packed, known.get(parameter.name))]));
}

function derivedSource(
  { name, type, derived, span }: Parameter,
  sources: Sources,
  packed: PackedForms,
  known: Uint8Array | undefined,
): TensorSource {
  if (derived === undefined) throw new InternalError(`${name} is not computed from other weights`);
  const { value, from } = derived;
  const moved = (of: Value) => movedBytes(of, (each) => bytesOfParameter(each, sources));
  const numbers = (weight: Value) => {
    const bytes = moved(weight);
    return bytes === undefined ? evaluated(weight, sources).data : floatsOf(bytes, weight.type.dtype);
  };
  const unusable: Unusable = (number, form) => {
    const params = { name: nth(from, 0).name, value: number, type: form ?? type.dtype, largest: -lowestFinite(type.dtype) };
    return new UnusableWeight(
      diagnostic('weights-value', span, { ...params, origin: { kind: form === undefined ? 'computed' : 'stored' } }),
    );
  };
  return {
    length: bytesOfElements(
      type.dtype,
      constantShape(type, name).reduce((product, size) => product * size, 1),
    ),
    *blocks() {
      yield known ?? packed.bytes(value, numbers, unusable) ?? moved(value) ?? rawData(held(evaluated(value, sources), unusable));
    },
  };
}

/** Throws the error of `unusable` for a finite number that would become infinite when it is stored. */
function held(array: NdArray, unusable: Unusable): NdArray {
  const large = isFloat(array.dtype)
    ? array.data.find((value) => Number.isFinite(value) && !Number.isFinite(roundNumber(array.dtype, value)))
    : undefined;
  if (large !== undefined) throw unusable(large);
  return array;
}

function floatsOf(bytes: Uint8Array, dtype: DType): Float32Array | Float64Array {
  if (dtype !== 'f32') return elementsOfRaw(dtype, bytes, (8 * bytes.length) / bitsOf[dtype]);
  // A view needs an aligned offset.
  const { buffer, byteOffset, length } = bytes.byteOffset % 4 === 0 ? bytes : bytes.slice();
  return new Float32Array(buffer, byteOffset, length / 4);
}
