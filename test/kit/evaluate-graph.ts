import { type ControlNode, type Node, type Region, type ScanNode, Value } from '../../src/3-graph/graph.js';
import type { EvalBuilder } from '../../src/ops/evaluate.js';
import { nth } from '../../src/ops/only.js';
import type { NdArray } from '../../src/ops/types.js';

/**
 * The outputs of a graph of archc's operators in float64, in order. Every size is a number, and nothing is a call of an ONNX operator. Steps of scans are taken one by
 * one, by operators of `g` too, so that a tape can be differentiated.
 */
export function evaluateGraph(g: EvalBuilder, region: Region, inputs: readonly NdArray[]): readonly NdArray[] {
  const values = new Map<Value, NdArray>(region.inputs.map((value, i) => [value, nth(inputs, i)]));
  const of = (value: Value): NdArray => {
    const known = values.get(value);
    if (known !== undefined) return known;
    if (value.source.kind !== 'constant') throw new Error(`${region.constructor.name} reads ${value.hint}, which has no value`);
    // One tensor for each constant: gradients are found by identity.
    values.set(value, value.source.array);
    return value.source.array;
  };
  for (const node of region.nodes) for (const [i, result] of resultsOf(g, node, of).entries()) values.set(nth(node.outputs, i), result);
  return region.outputs.map(({ value }) => of(value));
}

function resultsOf(g: EvalBuilder, node: Node, of: (value: Value) => NdArray): readonly NdArray[] {
  if (node.kind === 'onnx') throw new Error(`${node.call.opType} is an operator of ONNX`);
  const inputs = node.inputs.map((input) => (input === undefined ? undefined : input instanceof Value ? of(input) : input.map(of)));
  if (node.kind === 'op') return g.apply(node.op, inputs, node.attrs);
  const tensors = inputs as readonly NdArray[];
  return node.kind === 'scan' ? scanned(g, node, tensors) : chosen(g, node, tensors);
}

function chosen(g: EvalBuilder, { bodies }: Extract<ControlNode, { kind: 'cond' }>, [condition, ...captured]: readonly NdArray[]) {
  return evaluateGraph(g, condition?.data[0] === 0 ? nth(bodies, 1) : bodies[0], captured);
}

function scanned(g: EvalBuilder, { steps, bodies: [body] }: ScanNode, inputs: readonly NdArray[]): readonly NdArray[] {
  const { carries, operandAxes, emitAxes, reverse } = steps;
  const length = steps.length.constant;
  if (length === undefined || length === 0) throw new Error(`a scan of ${steps.length} steps`);
  const operands = inputs.slice(carries, carries + operandAxes.length);
  const captured = inputs.slice(carries + operandAxes.length);
  const emitted: NdArray[][] = emitAxes.map(() => []);
  let state = inputs.slice(0, carries);
  for (let step = 0; step < length; step++) {
    const at = reverse ? length - 1 - step : step;
    const items = operands.map((operand, i) => {
      const axis = nth(operandAxes, i);
      return g.squeeze(g.slice(operand, axis, at, at + 1), [axis]);
    });
    const results = evaluateGraph(g, body, [...state, ...items, ...captured]);
    state = results.slice(0, carries);
    for (const [i, list] of emitted.entries()) list[at] = nth(results, carries + i);
  }
  return [...state, ...emitted.map((list, i) => g.op('stack', [list], { axis: nth(emitAxes, i) }))];
}
