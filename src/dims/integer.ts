import { DimLimitError, DivisionError } from './dim-error.js';

/** `n` itself (and 0 for -0), if it is an integer that a double represents exactly; otherwise a `DimLimitError`. */
export function exact(n: number): number {
  if (Number.isSafeInteger(n)) return n + 0;
  throw new DimLimitError('dim-overflow', 'this size is beyond 2^53 - 1');
}

/** The greatest common divisor, never negative; `gcd(0, n)` is `|n|`. */
export function gcd(a: number, b: number): number {
  let x = Math.abs(a);
  let y = Math.abs(b);
  while (y !== 0) [x, y] = [y, x % y];
  return x;
}

/** The least common multiple of two positive integers. */
export function lcm(a: number, b: number): number {
  return exact((a / gcd(a, b)) * b);
}

/** The quotient rounded down, exact for all safe integers (`Math.floor(a / b)` may round `a / b` first). */
export function floorDivide(a: number, b: number): number {
  if (b === 0) throw new DivisionError(0);
  const remainder = a % b;
  const quotient = (a - remainder) / b;
  return (remainder !== 0 && remainder < 0 !== b < 0 ? quotient - 1 : quotient) + 0;
}

/** The quotient rounded up; infinite ends are unchanged. */
export function ceilDivide(a: number, b: number): number {
  return Number.isFinite(a) ? -floorDivide(-a, b) + 0 : a;
}

/** The remainder that belongs to `floorDivide`: it has the sign of `b`. */
export function floorModulo(a: number, b: number): number {
  if (b === 0) throw new DivisionError(0);
  const remainder = a % b;
  return (remainder !== 0 && remainder < 0 !== b < 0 ? remainder + b : remainder) + 0;
}

/** `x` in `[0, m)` with `a * x = 1 (mod m)`; undefined if `a` and `m` share a factor. */
export function inverseModulo(a: number, m: number): number | undefined {
  let [r, nextR] = [floorModulo(a, m), m];
  let [s, nextS] = [1, 0];
  while (nextR !== 0) {
    const q = Math.floor(r / nextR);
    [r, nextR] = [nextR, r - q * nextR];
    [s, nextS] = [nextS, s - q * nextS];
  }
  return r === 1 || m === 1 ? floorModulo(s, m) : undefined;
}
