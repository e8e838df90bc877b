import type { OnnxBody, OnnxNode, OnnxValue } from '../../../src/5-optimize/lowering/onnx-graph.js';
import { Dim } from '../../../src/dims/dim.js';
import type { NdArray } from '../../../src/ops/types.js';
import { graphOf, type OneNode } from './probed-graph.js';

const vector = (name: string, ...shape: readonly number[]): OnnxValue => ({ name, type: { dtype: 'f32', shape: shape.map(Dim.of) } });
const floats = (shape: readonly number[], ...data: readonly number[]): NdArray => ({ dtype: 'f32', shape, data: Float64Array.from(data) });

/** A graph with one node of control flow; undefined for other operators. */
export function controlNode(opType: string, opset: number): OneNode | undefined {
  return opType === 'If' ? choice(opset) : opType === 'Scan' ? running(opset) : undefined;
}

/** `condition ? -x : x`, whose branches read `x` by its name. */
function choice(opset: number): OneNode {
  const condition: OnnxValue = { name: 'condition', type: { dtype: 'bool', shape: [] } };
  const x = vector('x', 3);
  const branch = (name: string, opType: string): OnnxBody => {
    const y = vector(`${name}_y`, 3);
    return { name, inputs: [], outputs: [y], constants: [], nodes: [node(`${name}_node`, opType, [x], [y])] };
  };
  const y = vector('y0', 3);
  const bodies = { then_branch: branch('then', 'Neg'), else_branch: branch('else', 'Abs') };
  return {
    graph: graphOf(opset, {
      inputs: [condition, x],
      outputs: [y],
      constants: [],
      nodes: [{ ...node('node', 'If', [condition], [y]), bodies }],
    }),
    feeds: { condition: { dtype: 'bool', shape: [], data: Float64Array.of(1) }, x: floats([3], 1, 2, 3) },
    wanted: { y0: floats([3], -1, -2, -3) },
  };
}

/** Sums of the rows so far. */
function running(opset: number): OneNode {
  const [start, rows, last] = [vector('start', 2), vector('rows', 3, 2), vector('y0', 2)];
  const [sum, row, next] = [vector('sum', 2), vector('row', 2), vector('next', 2)];
  const body: OnnxBody = {
    name: 'body',
    inputs: [sum, row],
    outputs: [next],
    constants: [],
    nodes: [node('add', 'Add', [sum, row], [next])],
  };
  const scan = { ...node('node', 'Scan', [start, rows], [last]), attrs: { num_scan_inputs: { int: 1 } }, bodies: { body } };
  return {
    graph: graphOf(opset, { inputs: [start, rows], outputs: [last], constants: [], nodes: [scan] }),
    feeds: { start: floats([2], 10, 20), rows: floats([3, 2], 1, 2, 3, 4, 5, 6) },
    wanted: { y0: floats([2], 19, 32) },
  };
}

function node(name: string, opType: string, inputs: readonly OnnxValue[], outputs: readonly OnnxValue[]): OnnxNode {
  return { name, opType, domain: '', inputs, outputs, attrs: {}, path: [], kinds: ['M'], span: undefined };
}
