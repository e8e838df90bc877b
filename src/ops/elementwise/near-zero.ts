import { isPortable } from '../capabilities/capability.js';
import { only } from '../only.js';
import type { OnnxBuilder } from '../onnx-builder.js';
import { plus, polynomial, times } from './polynomial.js';
import { node } from './unary.js';

/**
 * `log(1 + x)` and `e^x - 1`, which keep their precision where they are small. A GPU guarantees little there: WGSL allows an error of 2^-21
 * for the logarithm of numbers near 1, and 1e-5 for tanh. Polynomials are therefore used near 0, of the lowest degree that is exact to 24
 * bits.
 */

/** 2 artanh(s) / s as a polynomial of s^2, up to s = 1/3; exact to 4e-9. */
const artanhSeries = [2.0000000078777487, 0.6666631593508195, 0.4002485372342822, 0.279614188353903, 0.2817465726029353];

/** (e^x - 1) / x up to |x| = 0.35; exact to 1.4e-8. */
const expm1Series = [
  1.0000000114319618, 0.5000000049997219, 0.16666498742347377, 0.041666340249409115, 0.00836986412123065, 0.0013942150436462182,
];

/** `log(1 + x)` for `x` from 0 to 1. */
export function log1pOfFraction<V>(g: OnnxBuilder<V>, x: V): V {
  return hasDoubles(g, x) ? log1pByKahan(g, x) : artanhForm(g, x);
}

export function log1pNodes<V>(g: OnnxBuilder<V>, x: V): V {
  if (hasDoubles(g, x) || isPortable(g.target, 'Log', 'f32', 'near-one')) return log1pByKahan(g, x);
  // From -1/2 to 1, where s is at most 1/3.
  const near = isBelow(g, node(g, 'Abs', plus(g, x, -0.25)), 0.75);
  return choose(g, near, artanhForm(g, x), node(g, 'Log', plus(g, x, 1)));
}

export function expm1Nodes<V>(g: OnnxBuilder<V>, x: V): V {
  const exp = node(g, 'Exp', x);
  if (hasDoubles(g, x) || isPortable(g.target, 'Tanh', 'f32', 'near-zero')) {
    // tanh(x/2) * (e^x + 1) is the same function without cancellation.
    return node(g, 'Mul', node(g, 'Tanh', times(g, x, 0.5)), plus(g, exp, 1));
  }
  return choose(g, isBelow(g, node(g, 'Abs', x), 0.35), node(g, 'Mul', x, polynomial(g, x, expm1Series)), plus(g, exp, -1));
}

/** log(1 + x) = 2 artanh(x / (x + 2)), from -1/2 to 1. */
function artanhForm<V>(g: OnnxBuilder<V>, x: V): V {
  const s = node(g, 'Div', x, plus(g, x, 2));
  return node(g, 'Mul', s, polynomial(g, node(g, 'Mul', s, s), artanhSeries));
}

/**
 * With d = (1 + x) - 1 as rounded: log(1 + d) * (x / d), where the errors of the two factors cancel (Kahan). If d is 0 or infinite, and so
 * d + d^2 is d, x / d has no value, and log1p(x) is x.
 */
function log1pByKahan<V>(g: OnnxBuilder<V>, x: V): V {
  const sum = plus(g, x, 1);
  const d = plus(g, sum, -1);
  const singular = only(g.node('Equal', [d, node(g, 'Add', d, node(g, 'Mul', d, d))], {}, [{ ...g.type(x), dtype: 'bool' }]));
  return choose(g, singular, x, node(g, 'Mul', node(g, 'Log', sum), node(g, 'Div', x, d)));
}

/** Doubles need more digits than the polynomials have, and no GPU computes them. */
function hasDoubles<V>(g: OnnxBuilder<V>, x: V): boolean {
  return g.type(x).dtype === 'f64';
}

function isBelow<V>(g: OnnxBuilder<V>, x: V, limit: number): V {
  const type = g.type(x);
  return only(g.node('Less', [x, g.scalar(limit, type.dtype)], {}, [{ ...type, dtype: 'bool' }]));
}

function choose<V>(g: OnnxBuilder<V>, condition: V, a: V, b: V): V {
  return only(g.node('Where', [condition, a, b], {}, [g.type(a)]));
}
