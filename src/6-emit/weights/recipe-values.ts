import { mapInputs, type OpNode, type Value } from '../../3-graph/graph.js';
import type { Parameter } from '../../3-graph/parameter.js';
import { InternalError } from '../../diagnostics/internal-error.js';
import { evaluateOp } from '../../ops/evaluate.js';
import { roundTo } from '../../ops/nd/round.js';
import { nth } from '../../ops/only.js';
import type { NdArray } from '../../ops/types.js';
import { constantShape } from '../onnx/model.js';
import { elementsOfRaw } from '../onnx/raw-data.js';
import { type TensorSource, wholeTensor } from './tensor-source.js';

export type Sources = ReadonlyMap<string, TensorSource>;

/** The bytes of a weight that others are computed from. */
export function bytesOfParameter({ name }: Parameter, sources: Sources): Uint8Array {
  const source = sources.get(name);
  if (source === undefined) throw new InternalError(`there is no weight ${name} to compute others from`);
  return wholeTensor(source);
}

/** A value that is computed from weights, in float64. `onResult` gets each result in between, and the value itself. */
export function evaluated(value: Value, sources: Sources, onResult: (node: OpNode, result: NdArray) => void = () => undefined): NdArray {
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
    const node = operatorNode(source.node);
    const { op, inputs, attrs, outputs } = node;
    const results = evaluateOp(op, mapInputs(inputs, elements), attrs);
    // A cast is a rounding that the program asks for; everything else is rounded once, when it is stored.
    const made = op.name === 'cast' ? results.map((result) => roundTo(type.dtype, result)) : results;
    for (const [i, output] of outputs.entries()) {
      const result = { ...nth(made, i), dtype: output.type.dtype };
      known.set(output, result);
      onResult(node, result);
    }
    return known.get(of) ?? nth(made, 0);
  };
  return elements(value);
}

function operatorNode(node: Extract<Value['source'], { kind: 'node' }>['node']): OpNode {
  if (node.kind !== 'op') throw new InternalError('a weight is computed by a node that archc does not evaluate');
  return node;
}
