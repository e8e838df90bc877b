const twoOverSqrtPi = 2 / Math.sqrt(Math.PI);

/**
 * The error function to about 1e-15, by the series erf(x) = 2/sqrt(pi) e^(-x^2) sum_n 2^n x^(2n+1) / (1 * 3 * ... * (2n+1)), whose terms
 * have the same sign, so nothing cancels (Abramowitz and Stegun, 7.1.6).
 */
export function erf(x: number): number {
  // 1 - erf(6) is 2e-17, less than half a unit in the last place of 1.
  if (Math.abs(x) >= 6) return Math.sign(x);
  const xx = x * x;
  let term = x;
  let sum = x;
  for (let n = 1; Math.abs(term) > Math.abs(sum) * 1e-17; n++) {
    term *= (2 * xx) / (2 * n + 1);
    sum += term;
  }
  return twoOverSqrtPi * Math.exp(-xx) * sum;
}
