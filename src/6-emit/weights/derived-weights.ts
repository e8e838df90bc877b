import { mapInputs, type OpNode, type Value } from '../../3-graph/graph.js';
import type { Parameter } from '../../3-graph/parameter.js';
import { diagnostic } from '../../diagnostics/diagnostic.js';
import { InternalError } from '../../diagnostics/internal-error.js';
import { evaluateOp } from '../../ops/evaluate.js';
import { lowestFinite } from '../../ops/float-limits.js';
import { roundNumber, roundTo } from '../../ops/nd/round.js';
import { nth } from '../../ops/only.js';
import { bitsOf, bytesOfElements, type DType, isFloat, type NdArray } from '../../ops/types.js';
import { constantShape } from '../onnx/model.js';
import { elementsOfRaw, rawData } from '../onnx/raw-data.js';
import { movedBytes } from './moved-bytes.js';
import { PackedForms, type Unusable } from './packed-forms.js';
import { type TensorSource, wholeTensor } from './tensor-source.js';
import { UnusableWeight } from './unusable-weight.js';

type Sources = ReadonlyMap<string, TensorSource>;

/** The sources of tensors that are computed from others, by name. The tensors are computed when they are read. */
export function derivedSources(parameters: readonly Parameter[], sources: Sources): ReadonlyMap<string, TensorSource> {
  const packed = new PackedForms();
  return new Map(parameters.map((parameter) => [parameter.name, derivedSource(parameter, sources, packed)]));
}

function derivedSource({ name, type, derived, span }: Parameter, sources: Sources, packed: PackedForms): TensorSource {
  if (derived === undefined) throw new InternalError(`${name} is not computed from other weights`);
  const { value, from } = derived;
  const moved = (of: Value) => movedBytes(of, (each) => bytesOfParameter(each, sources));
  const numbers = (weight: Value) => {
    const bytes = moved(weight);
    return bytes === undefined ? rounded(weight, sources).data : floatsOf(bytes, weight.type.dtype);
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
      yield packed.bytes(value, numbers, unusable) ?? moved(value) ?? rawData(held(rounded(value, sources), unusable));
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

function bytesOfParameter({ name }: Parameter, sources: Sources): Uint8Array {
  const source = sources.get(name);
  if (source === undefined) throw new InternalError(`there is no weight ${name} to compute others from`);
  return wholeTensor(source);
}

function rounded(value: Value, sources: Sources): NdArray {
  const known = new Map<Value, NdArray>();
  const elements = (of: Value): NdArray => {
    const before = known.get(of);
    if (before !== undefined) return before;
    const { source, type } = of;
    if (source.kind === 'constant') return roundTo(source.array.dtype, source.array);
    if (source.kind === 'input') throw new InternalError('a weight is computed from an input');
    if (source.kind === 'parameter') {
      const { parameter } = source;
      const bytes = bytesOfParameter(parameter, sources);
      const shape = constantShape(type, parameter.name);
      const count = shape.reduce((product, size) => product * size, 1);
      const array = { dtype: type.dtype, shape, data: elementsOfRaw(type.dtype, bytes, count) };
      known.set(of, array);
      return array;
    }
    const { op, inputs, attrs, outputs } = operatorNode(source.node);
    const results = evaluateOp(op, mapInputs(inputs, elements), attrs);
    // A cast is a rounding that the program asks for; everything else is rounded once, when it is stored.
    const made = op.name === 'cast' ? results.map((result) => roundTo(type.dtype, result)) : results;
    for (const [i, output] of outputs.entries()) known.set(output, { ...nth(made, i), dtype: output.type.dtype });
    return known.get(of) ?? nth(made, 0);
  };
  return elements(value);
}

function operatorNode(node: Extract<Value['source'], { kind: 'node' }>['node']): OpNode {
  if (node.kind !== 'op') throw new InternalError('a weight is computed by a node that archc does not evaluate');
  return node;
}
