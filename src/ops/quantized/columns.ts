import type { Floats } from './steps.js';

/**
 * The largest 8-bit number of a column. It has 7 bits including the sign, because processors without instructions for sums of 8-bit products add two products in 16 bits: this way no sum overflows,
 * and they give the same result as other processors.
 */
const most = 63;

/** A matrix as 8-bit integers with a scale for each column: the number `n` of column `j` represents `n * scales[j]`. */
export function inColumns(matrix: Floats, columns: number): { readonly numbers: () => Int8Array; readonly scales: Float32Array } {
  const scales = new Float32Array(columns);
  for (let i = 0; i < matrix.length; i++) {
    const size = Math.abs(matrix[i] as number) / most;
    if (!(size <= (scales[i % columns] as number))) scales[i % columns] = size;
  }
  const factors = Float64Array.from(scales, (scale) => (scale === 0 ? 0 : 1 / scale));
  const numbers = () => {
    const found = new Int8Array(matrix.length);
    for (let i = 0; i < matrix.length; i++) {
      const whole = Math.floor((matrix[i] as number) * (factors[i % columns] as number) + 0.5);
      found[i] = Math.max(-most, Math.min(most, whole));
    }
    return found;
  };
  return { numbers, scales };
}
