import type { Graph, Value } from '../../src/3-graph/graph.js';
import { mapInputs } from '../../src/3-graph/graph.js';
import { EvalBuilder, evaluateOp } from '../../src/ops/evaluate.js';
import { nth } from '../../src/ops/only.js';
import { isFloat, type NdArray } from '../../src/ops/types.js';
import { evaluateGraph } from './evaluate-graph.js';
import { randomNumbers } from './random.js';

/**
 * The outputs of a graph whose sizes are numbers, in float64. Inputs and parameters are random numbers that depend on their names; ids are from 0 to 2. Weights that are computed from others are not rounded.
 */
export function exactRun(graph: Graph): readonly NdArray[] {
  const known = new Map<Value, NdArray>(graph.inputs.map((value) => [value, randomTensor(value)]));
  for (const parameter of graph.parameters) known.set(parameter, derived(parameter));
  return evaluateGraph(new EvalBuilder(), graph, known);
}

function derived(value: Value): NdArray {
  const { source } = value;
  switch (source.kind) {
    case 'constant':
      return source.array;
    case 'parameter':
      return source.parameter.derived === undefined ? randomTensor(value) : derived(source.parameter.derived.value);
    case 'node': {
      const { node, index } = source;
      if (node.kind !== 'op') throw new Error('a weight is computed by a node that is no operator');
      return nth(evaluateOp(node.op, mapInputs(node.inputs, derived), node.attrs), index);
    }
    case 'input':
      throw new Error('a weight is computed from an input');
  }
}

/** Random numbers from 0.5 to 2 if the name begins with `s`, and from -1 to 1 otherwise. */
function randomTensor({ hint = '', type }: Value): NdArray {
  const random = randomNumbers([...hint].reduce((hash, letter) => hash * 31 + letter.charCodeAt(0), 7));
  const shape = type.shape.map(({ constant }) => constant ?? Number.NaN);
  const number = () => (!isFloat(type.dtype) ? Math.floor(3 * random()) : hint.startsWith('s') ? 0.5 + 1.5 * random() : 2 * random() - 1);
  return { dtype: type.dtype, shape, data: Float64Array.from({ length: shape.reduce((a, b) => a * b, 1) }, number) };
}
