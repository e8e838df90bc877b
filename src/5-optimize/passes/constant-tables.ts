import { inputValues, mapInputs, type OpNode, type Value } from '../../3-graph/graph.js';
import { Dim } from '../../dims/dim.js';
import { evaluateOp } from '../../ops/evaluate.js';
import { roundTo } from '../../ops/nd/round.js';
import { nth } from '../../ops/only.js';
import type { DType, NdArray, TensorType } from '../../ops/types.js';
import type { Pass } from '../pass.js';

/** The most numbers that a table has, or a tensor that it is computed from: the file holds them. */
const largest = 1024;

/** The element types in which kernels round differently. */
const rounded: ReadonlySet<DType> = new Set<DType>(['f32', 'f64']);

/**
 * Computes small tables of floats at compile time if they depend on constants alone.
 *
 * Before: `rate = 1.0 / 10000.0 ** (range(8, dtype = f32) / 8)`. After: the eight numbers.
 * Each operator is pure, and its result is rounded to the element type as IEEE 754 wants it. A number that is repeated stays an operator, which is shorter. ONNX Runtime does the
 * same when it loads a model, but with its kernels: an error in the last digit of a power shifts the angle of a distant position by 0.01, and in the browser there is no kernel for
 * f64. Runs when composites are open, and before everything that would look at operators that are then gone.
 */
export const constantTables: Pass = {
  name: 'constant-tables',
  summary: 'computes small tables of floats that depend on constants alone',
  run(region) {
    let changes = 0;
    for (const node of region.nodes) {
      if (node.kind !== 'op' || !dependsOnConstants(node)) continue;
      const tables = tablesOf(node);
      if (tables.some(isRepeated)) continue;
      for (const [i, table] of tables.entries()) region.replaceUses(nth(node.outputs, i), region.constant(table));
      region.remove(node);
      changes++;
    }
    return changes;
  },
};

function dependsOnConstants(node: OpNode): boolean {
  const { op, attrs, outputs } = node;
  return (
    op.kind === 'core' &&
    (op.effects ?? 'pure') === 'pure' &&
    outputs.every(({ type }) => rounded.has(type.dtype) && isSmall(type)) &&
    inputValues(node).every(({ source, type }) => source.kind === 'constant' && isSmall(type)) &&
    Object.values(attrs).every(isKnown)
  );
}

/** Whether a tensor has a known number of elements, which is not large. */
function isSmall({ shape }: TensorType): boolean {
  return shape.reduce((count, { constant }) => count * (constant ?? Number.NaN), 1) <= largest;
}

/** Whether an attribute mentions no size that is open. */
function isKnown(attr: unknown): boolean {
  if (attr instanceof Dim) return attr.constant !== undefined;
  return !Array.isArray(attr) || attr.every(isKnown);
}

function tablesOf({ op, inputs, attrs, outputs }: OpNode): readonly NdArray[] {
  const arrays = mapInputs(inputs, ({ source }) => (source as Extract<Value['source'], { kind: 'constant' }>).array);
  return evaluateOp(op, arrays, attrs).map((array, i) => roundTo(nth(outputs, i).type.dtype, array));
}

function isRepeated({ data }: NdArray): boolean {
  return data.length > 1 && data.every((number) => Object.is(number, data[0]));
}
