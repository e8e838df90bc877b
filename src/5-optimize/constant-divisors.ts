import { type Graph, inputValues, mapInputs, type Node, type NodeInput, Value } from '../3-graph/graph.js';
import { Dim } from '../dims/dim.js';
import { floorDiv } from '../ops/elementwise/floor-div.js';
import { mod } from '../ops/elementwise/mod.js';
import { evaluateOp } from '../ops/evaluate.js';
import { roundTo } from '../ops/nd/round.js';
import { isInt, type NdArray } from '../ops/types.js';

/** The largest tensor that is computed to look for zeros. */
const maxElements = 100_000;

/**
 * The integer divisions and remainders of a graph whose divisor is computed from constants alone and holds a 0. They have no value, and ONNX Runtime, which computes
 * constants when it loads a file, does not load one with them.
 */
export function divisionsByZero(graph: Graph): readonly Node[] {
  const known = new Map<Value, NdArray | undefined>();
  const elementsOf = (value: Value): NdArray | undefined => {
    if (value.source.kind === 'constant') return value.source.array;
    return known.get(value);
  };
  const found: Node[] = [];
  for (const node of graph.nodes) {
    const divisor = divisorOf(node);
    if (divisor instanceof Value && isInt(divisor.type.dtype) && elementsOf(divisor)?.data.includes(0) === true) found.push(node);
    if (inputValues(node).every((value) => elementsOf(value) !== undefined))
      for (const [i, array] of computed(node, elementsOf).entries()) known.set(node.outputs[i] as Value, array);
  }
  return found;
}

function divisorOf(node: Node): NodeInput {
  if (node.kind === 'op') return node.op === floorDiv || node.op === mod ? node.inputs[1] : undefined;
  const { opType, domain } = node.call;
  return domain === '' && (opType === 'Div' || opType === 'Mod') ? node.inputs[1] : undefined;
}

/** The results of a node of constants, if they are small and archc computes them. */
function computed(node: Node, elementsOf: (value: Value) => NdArray | undefined): readonly NdArray[] {
  if (node.kind !== 'op' || node.op.effects === 'random') return [];
  const isSmall = node.outputs.every(({ type }) => type.shape.reduce((n, size) => n * (size.constant ?? Number.NaN), 1) <= maxElements);
  if (!isSmall || hasOpenSize(node.attrs)) return [];
  // Every input is known.
  const inputs = mapInputs(node.inputs, (value) => elementsOf(value) as NdArray);
  return evaluateOp(node.op, inputs, node.attrs).map((exact) => roundTo(exact.dtype, exact));
}

function hasOpenSize(attrs: Readonly<Record<string, unknown>>): boolean {
  return Object.values(attrs)
    .flat()
    .some((value) => value instanceof Dim && value.constant === undefined);
}
