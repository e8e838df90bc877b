import { inputValues, mapInputs, type OpNode, type Value } from '../../3-graph/graph.js';
import { Dim } from '../../dims/dim.js';
import { holds } from '../../ops/dtype-range.js';
import { evaluateOp } from '../../ops/evaluate.js';
import { roundTo } from '../../ops/nd/round.js';
import { nth } from '../../ops/only.js';
import { isFloat, type NdArray, type TensorType } from '../../ops/types.js';
import type { Pass } from '../pass.js';

/** The most elements of a result that is larger than its operands, since the file has to store them. */
const largest = 1024;

/** The most elements of a result whose elements are all equal: for more of them, the operator is shorter. */
const largestRepeated = 16;

/** Larger tensors are left alone, since results are computed in memory, in float64. */
const mostElements = 2 ** 20;

/**
 * Evaluates at compile time what depends on constants alone.
 *
 * Before: `rate = 1.0 / 10000.0 ** (range(8, dtype = f32) / 8)`. After: the eight numbers.
 * Only pure operators are evaluated, in float64, and their results are rounded to the element type as IEEE 754 specifies. Integers are exact: an operator whose result does not fit its type stays,
 * since kernels differ there. The file does not grow: results of more than 1,024 elements are stored only in place of constants that are as large and that nothing else reads. ONNX Runtime does the
 * same when it loads a model, but with its kernels, which round differently: an error in the last digit of a power of f32 shifts the angle of a distant position by 0.01, and in the browser
 * there is no kernel for f64. Runs once composites are open, and before passes that would examine operators that it removes.
 */
export const foldConstants: Pass = {
  name: 'fold-constants',
  summary: 'computes everything that depends only on constants',
  run(region) {
    let changes = 0;
    for (const node of region.nodes) {
      const results = node.kind === 'op' ? constantResults(node) : undefined;
      if (results === undefined || !isWorthwhile(node as OpNode, results)) continue;
      for (const [i, result] of results.entries()) region.replaceUses(nth(node.outputs, i), region.constant(result));
      region.remove(node);
      changes++;
    }
    return changes;
  },
};

/** The results of an operator on constants; undefined if they are not known, or differ between kernels. */
export function constantResults(node: OpNode): readonly NdArray[] | undefined {
  if (!dependsOnConstants(node)) return undefined;
  const { op, inputs, attrs, outputs } = node;
  const arrays = mapInputs(inputs, arrayOf);
  if (!outputs.every(({ type: { dtype } }) => isFloat(dtype) || convertsOnly(dtype, inputValues(node).map(arrayOf)))) return undefined;
  const exact = evaluateOp(op, arrays, attrs);
  if (!exact.every(isHeld)) return undefined;
  return exact.map((array, i) => roundTo(nth(outputs, i).type.dtype, array));
}

function dependsOnConstants(node: OpNode): boolean {
  return (
    (node.op.effects ?? 'pure') === 'pure' &&
    node.outputs.every(({ type }) => type.dtype !== 'string' && isSmall(type)) &&
    inputValues(node).every(({ source, type }) => source.kind === 'constant' && type.dtype !== 'string' && isSmall(type)) &&
    Object.values(node.attrs).every(isKnown)
  );
}

/** Whether all floats among the operands are in the range of an integer type: kernels convert others differently. */
function convertsOnly(dtype: NdArray['dtype'], arrays: readonly NdArray[]): boolean {
  return arrays.every((array) => !isFloat(array.dtype) || array.data.every((value) => holds(dtype, Math.trunc(value))));
}

/** Whether integers are in the range of their type, and exact in float64. */
function isHeld({ dtype, data }: NdArray): boolean {
  return isFloat(dtype) || data.every((value) => holds(dtype, value) && (Number.isSafeInteger(value) || value === 0));
}

/** Whether the number of elements is known, and small enough for memory. */
function isSmall({ shape }: TensorType): boolean {
  return shape.reduce((count, { constant }) => count * (constant ?? Number.NaN), 1) <= mostElements;
}

/** Whether an attribute does not depend on an open size. */
function isKnown(attr: unknown): boolean {
  if (attr instanceof Dim) return attr.constant !== undefined;
  return !Array.isArray(attr) || attr.every(isKnown);
}

/** The numbers of a constant as its element type has them: 0.1 of f32 is not 0.1. */
function arrayOf({ source }: Value): NdArray {
  const { array } = source as Extract<Value['source'], { kind: 'constant' }>;
  return roundTo(array.dtype, array);
}

/** Whether storing the results takes no more of the file than the operator and its constants. */
function isWorthwhile(node: OpNode, results: readonly NdArray[]): boolean {
  if (results.some((result) => result.data.length > largestRepeated && isRepeated(result))) return false;
  const stored = results.reduce((sum, { data }) => sum + data.length, 0);
  if (stored <= largest) return true;
  const freed = inputValues(node).filter(({ users }) => users.size === 1);
  return stored <= freed.reduce((sum, value) => sum + arrayOf(value).data.length, 0);
}

function isRepeated({ data }: NdArray): boolean {
  return data.every((number) => Object.is(number, data[0]));
}
