import type { IntegerRange } from '../api/signature.js';
import { plainSize } from '../dims/plain-size.js';
import type { ValueRange } from '../ops/value-range.js';

/** A range with numbers or formulas as its ends. */
export function plainRange({ least, most, also }: ValueRange): IntegerRange {
  return { least: plainSize(least), most: plainSize(most), ...(also === undefined ? {} : { also }) };
}
