import { bitsOf, type DType, isFloat, isInt } from './types.js';

/** The element type that holds the numbers of both, as PyTorch chooses it: floats before integers before booleans, then the wider one. */
export function commonDtype(a: DType, b: DType): DType {
  if (a === b) return a;
  if (isFloat(a) !== isFloat(b)) return isFloat(a) ? a : b;
  if (isInt(a) !== isInt(b)) return isInt(a) || isFloat(a) ? a : b;
  const [narrow, wide] = bitsOf[a] <= bitsOf[b] ? [a, b] : [b, a];
  if (bitsOf[narrow] < bitsOf[wide]) return isInt(a) && wide.startsWith('u') && !narrow.startsWith('u') ? signedAbove(wide) : wide;
  // Two types of the same width: f16 and bf16, or a signed and an unsigned integer.
  return isFloat(a) ? 'f32' : signedAbove(wide);
}

/** The narrowest signed type that holds all numbers of an unsigned one; i64 holds most of u64. */
function signedAbove(unsigned: DType): DType {
  return bitsOf[unsigned] === 8 ? 'i16' : bitsOf[unsigned] === 16 ? 'i32' : 'i64';
}
