import { expect } from 'vitest';
import type { Graph, Value } from '../../src/3-graph/graph.js';
import { verify } from '../../src/3-graph/verify.js';
import { differentiate } from '../../src/4-train/differentiate.js';
import { optimize } from '../../src/5-optimize/pipeline.js';
import { Dim } from '../../src/dims/dim.js';
import { EvalBuilder } from '../../src/ops/evaluate.js';
import { nth } from '../../src/ops/only.js';
import { isFloat, type NdArray } from '../../src/ops/types.js';
import { evaluateGraph } from './evaluate-graph.js';
import { randomNumbers } from './random.js';

const step = 1e-6;
const elementsPerValue = 24;

/** Draws an array for a value of a graph. */
export type Draw = (value: Value, shape: readonly number[], random: () => number) => NdArray;

/**
 * Adds the gradient of a weighted sum of all float outputs of a graph with respect to each of its float inputs and parameters, and compares it with central differences
 * in float64. `sizes` are those of the variables in its types. Returns the number of elements that were compared.
 */
export function checkGradients(graph: Graph, sizes: Readonly<Record<string, number>>, draw: Draw, seed = 1): number {
  const random = randomNumbers(seed);
  const known = new Map(Object.entries(sizes).map(([name, size]) => [name, Dim.of(size)]));
  const shapeOf = (value: Value) => value.type.shape.map((size) => size.substitute(known).constant as number);
  const sources = [...graph.inputs, ...graph.parameters];
  const given = new Map(sources.map((value) => [value, draw(value, shapeOf(value), random)]));
  const values = graph.outputs.map(({ value }) => value);
  const results = evaluateGraph(new EvalBuilder(), graph, given, known);
  const weights = results.map((array) => ({ ...array, data: array.data.map(() => 2 * random() - 1) }));

  // The weights are inputs of the graph, so that sizes may stay variables.
  const from = new Map<Value, Value>();
  for (const [i, value] of values.entries()) {
    if (!isFloat(value.type.dtype) || from.has(value)) continue;
    const weight = graph.input(`weight_${i}`, value.type);
    from.set(value, weight);
    given.set(weight, nth(weights, i));
  }
  const wanted = sources.filter(({ type }) => isFloat(type.dtype));
  const found = differentiate(graph, { from, of: wanted, onMissing: () => expect.fail('a gradient is missing') });
  const checked = wanted.flatMap((value) => (found.has(value) ? [value] : []));
  for (const value of checked) graph.output(`gradient.${value.hint}`, found.get(value) as Value, value.type);
  expect(verify(graph)).toEqual([]);
  optimize(graph, { fused: false });

  const gradients = evaluateGraph(new EvalBuilder(), graph, given, known).slice(values.length);
  const sum = () => {
    let total = 0;
    for (const [i, array] of evaluateGraph(new EvalBuilder(), graph, given, known).slice(0, values.length).entries()) {
      if (!from.has(nth(values, i))) continue;
      for (const [k, x] of array.data.entries()) total += x * (nth(weights, values.indexOf(nth(values, i))).data[k] as number);
    }
    return total;
  };
  let count = 0;
  for (const value of wanted) {
    const array = given.get(value) as NdArray;
    const gradient = checked.includes(value) ? nth(gradients, checked.indexOf(value)) : undefined;
    const largest = Math.max(1e-3, ...(gradient?.data ?? []).map(Math.abs));
    const stride = Math.max(1, Math.floor(array.data.length / elementsPerValue));
    for (let i = 0; i < array.data.length; i += stride) {
      const at = array.data[i] as number;
      const h = step * Math.max(1, Math.abs(at));
      array.data[i] = at + h;
      const above = sum();
      array.data[i] = at - h;
      const below = sum();
      array.data[i] = at;
      const [got, reference] = [gradient?.data[i] ?? 0, (above - below) / (2 * h)];
      if (!(Math.abs(got - reference) <= 1e-5 * Math.max(Math.abs(reference), largest)))
        expect.fail(`d/d${value.hint}[${i}] is ${got}, the central difference is ${reference}`);
      count++;
    }
  }
  return count;
}

/** Normal-like numbers between -1 and 1; whole numbers from 0 to 2, and both booleans. */
export const drawPlain: Draw = ({ type }, shape, random) => {
  const count = shape.reduce((a, b) => a * b, 1);
  const next = () => (isFloat(type.dtype) ? 2 * random() - 1 : type.dtype === 'bool' ? Math.floor(2 * random()) : Math.floor(3 * random()));
  return { dtype: type.dtype, shape, data: Float64Array.from({ length: count }, next) };
};
