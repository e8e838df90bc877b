import { type ControlNode, type Node, type Region, type ScanNode, Value } from '../../src/3-graph/graph.js';
import { sizesMadeBy } from '../../src/3-graph/made-sizes.js';
import { attrsWith } from '../../src/3-graph/replace-sizes.js';
import { Dim } from '../../src/dims/dim.js';
import type { EvalBuilder } from '../../src/ops/evaluate.js';
import { nth } from '../../src/ops/only.js';
import type { NdArray } from '../../src/ops/types.js';

/** The values of sizes that are variables. */
export type Sizes = ReadonlyMap<string, Dim>;

const none: Sizes = new Map();

/**
 * The outputs of a graph of archc's operators in float64, in order. Nothing in it is a call of an ONNX operator. `inputs` are in order, or by their values and those of
 * parameters. Sizes that the data decide are found as it goes. Steps of scans are taken one by one, by operators of `g` too, so that a tape can be differentiated.
 */
export function evaluateGraph(
  g: EvalBuilder,
  region: Region,
  inputs: readonly NdArray[] | ReadonlyMap<Value, NdArray>,
  sizes = none,
): readonly NdArray[] {
  const values = new Map(inputs instanceof Map ? inputs : region.inputs.map((value, i) => [value, nth(inputs as readonly NdArray[], i)]));
  const of = (value: Value): NdArray => {
    const known = values.get(value);
    if (known !== undefined) return known;
    if (value.source.kind !== 'constant') throw new Error(`${region.constructor.name} reads ${value.hint}, which has no value`);
    // One tensor for each constant: gradients are found by identity.
    values.set(value, value.source.array);
    return value.source.array;
  };
  const known = new Map(sizes);
  for (const node of region.nodes) {
    const results = resultsOf(g, node, of, known);
    for (const [i, result] of results.entries()) values.set(nth(node.outputs, i), result);
    for (const { name } of sizesMadeBy(node, region.newSizes))
      for (const [i, { type }] of node.outputs.entries())
        for (const [axis, size] of type.shape.entries())
          if (size.variableName === name) known.set(name, Dim.of(nth(nth(results, i).shape, axis)));
  }
  return region.outputs.map(({ value }) => of(value));
}

function resultsOf(g: EvalBuilder, node: Node, of: (value: Value) => NdArray, sizes: Sizes): readonly NdArray[] {
  if (node.kind === 'onnx') throw new Error(`${node.call.opType} is an operator of ONNX`);
  const inputs = node.inputs.map((input) => (input === undefined ? undefined : input instanceof Value ? of(input) : input.map(of)));
  if (node.kind === 'op') return g.apply(node.op, inputs, attrsWith(node.attrs, sizes));
  const tensors = inputs as readonly NdArray[];
  return node.kind === 'scan' ? scanned(g, node, tensors, sizes) : chosen(g, node, tensors, sizes);
}

function chosen(
  g: EvalBuilder,
  { bodies }: Extract<ControlNode, { kind: 'cond' }>,
  [condition, ...captured]: readonly NdArray[],
  sizes: Sizes,
) {
  return evaluateGraph(g, condition?.data[0] === 0 ? nth(bodies, 1) : bodies[0], captured, sizes);
}

function scanned(
  g: EvalBuilder,
  { steps, bodies: [body], outputs }: ScanNode,
  inputs: readonly NdArray[],
  sizes: Sizes,
): readonly NdArray[] {
  const { carries, operandAxes, emitAxes, reverse } = steps;
  const length = steps.length.substitute(sizes).constant;
  if (length === undefined) throw new Error(`a scan of ${steps.length} steps`);
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
    const results = evaluateGraph(g, body, [...state, ...items, ...captured], sizes);
    state = results.slice(0, carries);
    for (const [i, list] of emitted.entries()) list[at] = nth(results, carries + i);
  }
  const ofNothing = ({ type }: Value): NdArray => {
    const shape = type.shape.map((size) => size.substitute(sizes).constant as number); // the sizes of all inputs are known
    return { dtype: type.dtype, shape, data: new Float64Array(0) };
  };
  return [
    ...state,
    ...emitted.map((list, i) => (length === 0 ? ofNothing(nth(outputs, carries + i)) : g.op('stack', [list], { axis: nth(emitAxes, i) }))),
  ];
}
