/**
 * Logarithm, exponential and the normal distribution from additions, multiplications, divisions and square roots alone. ECMAScript leaves
 * the last bits of `Math.log` and similar functions to the engine; these give the same bits everywhere.
 */

const ln2High = 0.6931471803691238;
const ln2Low = 1.9082149292705877e-10;

/** The natural logarithm of a positive normal number, as in fdlibm's e_log.c (error below one unit in the last place). */
export function log(x: number): number {
  let k = 0;
  let f = x;
  while (f >= Math.SQRT2) {
    f /= 2;
    k++;
  }
  while (f < Math.SQRT1_2) {
    f *= 2;
    k--;
  }
  f -= 1;
  const s = f / (2 + f);
  const z = s * s;
  const w = z * z;
  const even = w * (0.3999999999940942 + w * (0.22222198432149784 + w * 0.15313837699209373));
  const odd = z * (0.6666666666666735 + w * (0.2857142874366239 + w * (0.1818357216161805 + w * 0.14798198605116586)));
  const halfSquare = 0.5 * f * f;
  return k * ln2High - (halfSquare - (s * (halfSquare + even + odd) + k * ln2Low) - f);
}

/** e to the power of `x <= 0`, as in fdlibm's e_exp.c; 0 if the result is too small for a float64. */
export function expOfNegative(x: number): number {
  if (x < -745.2) return 0;
  const k = Math.round(x / Math.LN2);
  const high = x - k * ln2High;
  const low = k * ln2Low;
  const r = high - low;
  const t = r * r;
  const c =
    r -
    t *
      (0.16666666666666602 +
        t * (-0.0027777777777015593 + t * (0.00006613756321437934 + t * (-0.0000016533902205465252 + t * 4.1381367970572385e-8))));
  let y = 1 - (low - (r * c) / (2 - c) - high);
  for (let i = k; i < 0; i++) y /= 2;
  return y;
}

/**
 * P(Z <= x) for a standard normal Z and `x <= 0`: near 0 by the series of the density's integral, further out by the continued fraction of
 * Mills' ratio, a + 1/(a + 2/(a + 3/...)). Relative error below 1e-12. Abramowitz and Stegun, 26.2.11 and 26.2.14.
 */
export function normalCdfOfNegative(x: number): number {
  const a = -x;
  const density = expOfNegative((-a * a) / 2) / sqrtOfTwoPi;
  if (a < 3) {
    let term = a;
    let sum = a;
    for (let k = 1; k <= 50; k++) {
      term *= (a * a) / (2 * k + 1);
      sum += term;
    }
    return 0.5 - density * sum;
  }
  let ratio = a;
  for (let k = 100; k >= 1; k--) ratio = a + k / ratio;
  return density / ratio;
}

const sqrtOfTwoPi = 2.5066282746310002;

/**
 * The `x` with P(Z <= x) = p, for 0 < p < 1. M. J. Wichura, "Algorithm AS 241: the percentage points of the normal
 * distribution", Applied Statistics 37, 1988, PPND16 (relative error about 1e-16).
 */
export function normalQuantile(p: number): number {
  const q = p - 0.5;
  if (Math.abs(q) <= 0.425) return q * centre(0.180625 - q * q);
  const r = Math.sqrt(-log(q < 0 ? p : 1 - p));
  const x = r <= 5 ? shoulder(r - 1.6) : tail(r - 5);
  return q < 0 ? -x : x;
}

function centre(r: number): number {
  return (
    (((((((2509.0809287301227 * r + 33430.57558358813) * r + 67265.7709270087) * r + 45921.95393154987) * r + 13731.69376550946) * r +
      1971.5909503065513) *
      r +
      133.14166789178438) *
      r +
      3.3871328727963665) /
    (((((((5226.495278852546 * r + 28729.085735721943) * r + 39307.89580009271) * r + 21213.794301586597) * r + 5394.196021424751) * r +
      687.1870074920579) *
      r +
      42.31333070160091) *
      r +
      1)
  );
}

function shoulder(r: number): number {
  return (
    (((((((0.0007745450142783414 * r + 0.022723844989269184) * r + 0.2417807251774506) * r + 1.2704582524523684) * r + 3.6478483247632045) *
      r +
      5.769497221460691) *
      r +
      4.630337846156546) *
      r +
      1.4234371107496835) /
    (((((((1.0507500716444169e-9 * r + 0.0005475938084995345) * r + 0.015198666563616457) * r + 0.14810397642748008) * r +
      0.6897673349851) *
      r +
      1.6763848301838038) *
      r +
      2.053191626637759) *
      r +
      1)
  );
}

function tail(r: number): number {
  return (
    (((((((2.0103343992922881e-7 * r + 0.000027115555687434876) * r + 0.0012426609473880784) * r + 0.026532189526576124) * r +
      0.29656057182850487) *
      r +
      1.7848265399172913) *
      r +
      5.463784911164114) *
      r +
      6.657904643501103) /
    (((((((2.0442631033899397e-15 * r + 1.421511758316446e-7) * r + 0.000018463183175100548) * r + 0.0007868691311456133) * r +
      0.014875361290850615) *
      r +
      0.1369298809227358) *
      r +
      0.599832206555888) *
      r +
      1)
  );
}
