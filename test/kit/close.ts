import type { NdArray } from '../../src/ops/types.js';
import { isFloat } from '../../src/ops/types.js';

/**
 * Why `got` is not what was wanted, or undefined if it is: same dtype and shape, floats within `relative` times the largest
 * finite element wanted (or `absolute`, if that is more), everything else exactly. NaN equals NaN, infinities equal themselves.
 */
export function difference(got: NdArray, wanted: NdArray, relative: number, absolute = 0): string | undefined {
  if (got.dtype !== wanted.dtype) return `dtype ${got.dtype}, wanted ${wanted.dtype}`;
  if (got.shape.join() !== wanted.shape.join()) return `shape [${got.shape}], wanted [${wanted.shape}]`;
  let largest = 0;
  for (const value of wanted.data) if (Number.isFinite(value)) largest = Math.max(largest, Math.abs(value));
  const allowed = isFloat(wanted.dtype) ? Math.max(relative * largest, absolute) : 0;
  for (const [i, value] of wanted.data.entries()) {
    const other = got.data[i] as number;
    if (Object.is(other, value) || other === value) continue;
    if (!(Math.abs(other - value) <= allowed)) return `element ${i} is ${other}, wanted ${value} (+- ${allowed})`;
  }
  return undefined;
}

/**
 * As `difference`, but floats must be within `relative` of their own wanted value, not of the largest: for functions whose small values matter.
 */
export function differenceEach(got: NdArray, wanted: NdArray, relative: number): string | undefined {
  if (got.dtype !== wanted.dtype) return `dtype ${got.dtype}, wanted ${wanted.dtype}`;
  if (got.shape.join() !== wanted.shape.join()) return `shape [${got.shape}], wanted [${wanted.shape}]`;
  for (const [i, value] of wanted.data.entries()) {
    const other = got.data[i] as number;
    if (Object.is(other, value) || other === value || Math.abs(other - value) <= relative * Math.abs(value)) continue;
    return `element ${i} is ${other}, wanted ${value} (+- ${relative} of it)`;
  }
  return undefined;
}
