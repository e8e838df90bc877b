import { type NodeInput, type OnnxNode, Value } from '../3-graph/graph.js';

/** The node that computes a value, if it is a standard ONNX node of one of these types. */
export function madeBy(value: NodeInput, ...opTypes: readonly string[]): OnnxNode | undefined {
  if (!(value instanceof Value) || value.source.kind !== 'node') return undefined;
  const { node } = value.source;
  return node.kind === 'onnx' && node.call.domain === '' && opTypes.includes(node.call.opType) ? node : undefined;
}

/** The elements of an input that is a constant; undefined for any other. */
export function numbersOf(value: NodeInput): readonly number[] | undefined {
  return value instanceof Value && value.source.kind === 'constant' ? [...value.source.array.data] : undefined;
}
