import type { OnnxGraph, OnnxNode } from '../../src/5-optimize/lowering/onnx-graph.js';
import type { Outputs } from '../../src/ops/onnx-table/index.js';
import type { NdArray } from '../../src/ops/types.js';
import { evaluateNode } from './contrib/table.js';

/** What an ONNX graph computes in float64, by the meanings in the table: the outputs by name, or only their type and why. */
export function evaluateOnnx(graph: OnnxGraph, feeds: Readonly<Record<string, NdArray>>): ReadonlyMap<string, Outputs<NdArray>[number]> {
  const values = new Map<string, Outputs<NdArray>[number]>(Object.entries(feeds));
  for (const { value, array } of graph.constants) values.set(value.name, array);
  for (const node of graph.nodes) {
    const outputs = outputsOf(node, values);
    for (const [i, output] of node.outputs.entries()) {
      const value = outputs[i];
      if (output === null) continue;
      if (value === undefined) throw new Error(`${node.opType} has no output ${i}`);
      values.set(output.name, value);
    }
  }
  return values;
}

function outputsOf(node: OnnxNode, values: ReadonlyMap<string, Outputs<NdArray>[number]>): Outputs<NdArray> {
  const inputs = node.inputs.map((input) => {
    const value = input === null ? undefined : values.get(input.name);
    if (value === undefined) return undefined;
    if (!('data' in value)) throw new Error(`${node.opType} reads a value of which only the type is known: ${value.why}`);
    return { value, elements: value.data };
  });
  const outputs = node.outputs.map((output) => output !== null);
  return evaluateNode(node, { attrs: node.attrs, outputs }, inputs);
}
