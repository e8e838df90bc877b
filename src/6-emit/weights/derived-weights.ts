import { mapInputs, type OpNode, type Value } from '../../3-graph/graph.js';
import type { Parameter } from '../../3-graph/parameter.js';
import { InternalError } from '../../diagnostics/internal-error.js';
import { evaluateOp } from '../../ops/evaluate.js';
import { nth } from '../../ops/only.js';
import { bytesOfElements, type NdArray } from '../../ops/types.js';
import { constantShape } from '../onnx/model.js';
import { elementsOfRaw, rawData } from '../onnx/raw-data.js';
import { movedBytes } from './moved-bytes.js';
import { type TensorSource, wholeTensor } from './tensor-source.js';

/** The bytes of a tensor that is computed from others, which are computed when they are read. */
export function derivedSource(parameter: Parameter, sources: ReadonlyMap<string, TensorSource>): TensorSource {
  const { name, type, derived } = parameter;
  if (derived === undefined) throw new InternalError(`${name} is not computed from other weights`);
  const count = constantShape(type, name).reduce((product, size) => product * size, 1);
  return {
    length: bytesOfElements(type.dtype, count),
    *blocks() {
      yield movedBytes(derived.value, (of) => bytesOfParameter(of, sources)) ?? rawData(rounded(derived.value, sources));
    },
  };
}

function bytesOfParameter({ name }: Parameter, sources: ReadonlyMap<string, TensorSource>): Uint8Array {
  const source = sources.get(name);
  if (source === undefined) throw new InternalError(`there is no weight ${name} to compute others from`);
  return wholeTensor(source);
}

function rounded(value: Value, sources: ReadonlyMap<string, TensorSource>): NdArray {
  const known = new Map<Value, NdArray>();
  const elements = (of: Value): NdArray => {
    const before = known.get(of);
    if (before !== undefined) return before;
    const { source, type } = of;
    if (source.kind === 'constant') return source.array;
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
    for (const [i, output] of outputs.entries()) known.set(output, { ...nth(results, i), dtype: output.type.dtype });
    return known.get(of) ?? nth(results, 0);
  };
  return elements(value);
}

function operatorNode(node: Extract<Value['source'], { kind: 'node' }>['node']): OpNode {
  if (node.kind !== 'op') throw new InternalError('a weight is computed by a node that archc does not evaluate');
  return node;
}
