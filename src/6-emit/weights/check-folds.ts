import { inputValues, type Value } from '../../3-graph/graph.js';
import type { Parameter } from '../../3-graph/parameter.js';
import { isMoving } from '../../5-optimize/stored-weights.js';
import type { Unfoldable } from '../../5-optimize/unfoldable.js';
import { smallestNormal } from '../../ops/float-limits.js';
import { roundTo } from '../../ops/nd/round.js';
import { isFloat, type NdArray } from '../../ops/types.js';
import { rawData } from '../onnx/raw-data.js';
import { evaluated, type Sources } from './recipe-values.js';

/** The results that are kept until they are written, in bytes; what is beyond is computed a second time. */
const mostKept = 2 ** 28;

/** What was found about the weights that are computed from others. */
export interface CheckedFolds {
  /** The weights of those that must not be computed. */
  readonly unfoldable: Unfoldable;
  /** The bytes of computed weights, by name. */
  readonly bytes: ReadonlyMap<string, Uint8Array>;
}

/**
 * Computes the weights that are computed from others, and finds those that are not finite, in between or in the end, or too small for their element type. The model itself may be finite there, as in
 * `(x @ w) / s` with a zero in `s`, where `w / s` is infinite or NaN.
 */
export function checkFolds(parameters: readonly Parameter[], sources: Sources): CheckedFolds {
  const unfoldable: ReadonlySet<string>[] = [];
  const bytes = new Map<string, Uint8Array>();
  let kept = 0;
  for (const { name, type, derived } of parameters) {
    if (derived === undefined || !isFloat(type.dtype)) continue;
    const { value, from } = derived;
    const numbers = unpacked(value);
    if (!isComputed(numbers)) continue;
    let hasOnlyFinite = true;
    const result = evaluated(numbers, sources, (node, array) => {
      if (!isMoving(node)) hasOnlyFinite &&= array.data.every(Number.isFinite);
    });
    const stored = roundTo(numbers.type.dtype, result);
    if (!hasOnlyFinite || !isKept(result, stored)) unfoldable.push(new Set(from.map((parameter) => parameter.name)));
    else if (numbers === value && kept < mostKept) {
      const raw = rawData(stored);
      kept += raw.length;
      bytes.set(name, raw);
    }
  }
  return { unfoldable, bytes };
}

/** The weight that an operator packs, or the value itself. */
function unpacked(value: Value): Value {
  const { source } = value;
  const packs = source.kind === 'node' && source.node.kind === 'op' && source.node.op.storage === 'packs';
  return packs ? (inputValues(source.node)[0] ?? value) : value;
}

/** Whether an element is computed, and not only moved. */
function isComputed({ source }: Value): boolean {
  if (source.kind !== 'node') return false;
  return source.node.kind !== 'op' || !isMoving(source.node) || inputValues(source.node).some(isComputed);
}

/** Whether all numbers are finite after rounding, and the largest has all its digits. */
function isKept({ data }: NdArray, { dtype, data: rounded }: NdArray): boolean {
  let largest = 0;
  for (const value of data) largest = Math.max(largest, Math.abs(value));
  return rounded.every(Number.isFinite) && (largest === 0 || largest >= smallestNormal(dtype));
}
