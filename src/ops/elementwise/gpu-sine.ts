import type { OnnxBuilder } from '../onnx-builder.js';
import { plus, polynomial, times } from './polynomial.js';
import { node } from './unary.js';

/** sin(r) / r as a polynomial of r^2, up to r = pi/2; exact to 7e-9. */
const series = [0.9999999957158401, -0.16666657969904888, 0.00833305061733106, -0.00019809046357582142, 2.6051662764395717e-6];

/** pi in three parts. The first two have 8 bits, so that their products with up to 16 bits of half turns are exact (Cody and Waite). */
const pi = [201 / 64, 253 / 2 ** 18, 2.5351816930196946e-6];

/**
 * Sine and cosine for WebGPU, where WGSL allows an error of 2^-11 within half a turn and any error beyond: exact to 2e-7 up to 100,000
 * radians. With k half turns subtracted, r is between -pi/2 and pi/2; sin(x) is (-1)^k sin(r), and for the cosine, where k + 1/2 are
 * subtracted, cos(x) is -(-1)^k sin(r).
 */
export function gpuSine<V>(g: OnnxBuilder<V>, x: V, shift: 'sin' | 'cos'): V {
  const turns = times(g, x, 1 / Math.PI);
  const k = node(g, 'Floor', shift === 'sin' ? plus(g, turns, 0.5) : turns);
  const away = shift === 'sin' ? k : plus(g, k, 0.5);
  const r = pi.reduce((rest, part) => node(g, 'Sub', rest, times(g, away, part)), x);
  const ratio = polynomial(g, node(g, 'Mul', r, r), series);
  // (-1)^k is 1 - 2 (k - 2 floor(k/2)).
  const odd = node(g, 'Sub', k, times(g, node(g, 'Floor', times(g, k, 0.5)), 2));
  const sign = shift === 'sin' ? plus(g, times(g, odd, -2), 1) : plus(g, times(g, odd, 2), -1);
  return node(g, 'Mul', node(g, 'Mul', sign, r), ratio);
}
