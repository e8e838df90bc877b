import type { DType } from './types.js';

/** The lowest finite value of a floating point type: used as minus infinity where an infinity would turn into NaN. */
export function lowestFinite(dtype: DType): number {
  switch (dtype) {
    case 'f16':
      return -65504;
    case 'bf16':
      return -3.3895313892515355e38;
    case 'f64':
      return -Number.MAX_VALUE;
    default:
      return -3.4028234663852886e38;
  }
}

/** The distance from 1 to the next larger number: `torch.finfo(dtype).eps`. */
export function machineEpsilon(dtype: DType): number {
  switch (dtype) {
    case 'f16':
      return 2 ** -10;
    case 'bf16':
      return 2 ** -7;
    case 'f64':
      return Number.EPSILON;
    default:
      return 2 ** -23;
  }
}

/** The smallest positive number with all its digits: `torch.finfo(dtype).tiny`. */
export function smallestNormal(dtype: DType): number {
  switch (dtype) {
    case 'f16':
      return 2 ** -14;
    case 'f64':
      return 2 ** -1022;
    default:
      return 2 ** -126;
  }
}
