/**
 * `a % b` of numbers: the remainder with the sign of `b`, as in Python and `torch.remainder`; for a multiple of `b`, the zero keeps the
 * sign of `a`, as in torch.
 */
export function remainderOf(a: number, b: number): number {
  const rest = a % b;
  return rest !== 0 && rest < 0 !== b < 0 ? rest + b : rest;
}

/**
 * `a // b` of numbers, by the algorithm of Python and `torch.floor_divide`: the exact remainder is subtracted before dividing, so that it
 * agrees with `a % b`. The quotient of floats may be rounded up to a whole number that it does not reach: 1.0 / 0.1 is 10, but 1.0 // 0.1
 * is 9.
 */
export function floorQuotientOf(a: number, b: number): number {
  if (b === 0) return a / b;
  const rest = a % b;
  const whole = (a - rest) / b - (rest !== 0 && rest < 0 !== b < 0 ? 1 : 0);
  if (whole === 0) return 0 * (a / b);
  const floor = Math.floor(whole);
  return whole - floor > 0.5 ? floor + 1 : floor;
}
