import { float, optionalAttr, positional } from '../attrs.js';
import { hasKernel } from '../capabilities/capability.js';
import { only } from '../only.js';
import type { OnnxBuilder } from '../onnx-builder.js';
import { floats32, ints64 } from '../sample.js';
import { isFloat } from '../types.js';
import { widenInts } from '../widen-ints.js';
import { unary, unarySamples } from './unary.js';

export const clip = unary({
  name: 'clip',
  summary: 'Elements below `min` become `min`, those above `max` become `max`.',
  example: 'x -> clip(min = 0, max = 1)',
  source: 'ONNX Clip, torch.clamp',
  takes: 'number',
  attrs: {
    min: positional(optionalAttr(float('lower limit; none if left out'))),
    max: positional(optionalAttr(float('upper limit; none if left out'))),
  },
  check: (rule, _x, { min, max }) => {
    if (min === undefined && max === undefined) rule.fail('bad-option', { message: '`clip` needs `min`, `max` or both' });
    if (min !== undefined && max !== undefined && min > max) {
      rule.fail('bad-option', { message: `\`clip\` has min = ${min} above max = ${max}`, attr: 'min', help: 'swap the two' });
    }
  },
  of: (x, { min = Number.NEGATIVE_INFINITY, max = Number.POSITIVE_INFINITY }) => Math.min(Math.max(x, min), max),
  onnx: (g, x, { min, max }) => {
    if (!hasKernel(g.target, 'Clip', 'f32', 'nan')) return cut(g, cut(g, x, 'Less', min), 'Greater', max);
    return widenInts(g, [x], ['i8', 'i32', 'i64', 'u8', 'u32', 'u64'], (wide) => {
      const type = g.type(wide);
      // If Clip lacks a float limit, infinities would become the largest finite numbers.
      const limit = (value: number | undefined, none: number) =>
        value !== undefined ? g.scalar(value, type.dtype) : isFloat(type.dtype) ? g.scalar(none, type.dtype) : null;
      return only(g.node('Clip', [wide, limit(min, Number.NEGATIVE_INFINITY), limit(max, Number.POSITIVE_INFINITY)], {}, [type]));
    });
  },
  // dx = dy where min <= x <= max, else 0
  grad: (g, { x, dy, attrs: { min, max } }) => {
    const above = min === undefined ? undefined : g.greaterEqual(x, g.scalar(min, x));
    const below = max === undefined ? undefined : g.lessEqual(x, g.scalar(max, x));
    const inside = above === undefined || below === undefined ? (above ?? below) : g.and(above, below);
    return inside === undefined ? dy : g.where(inside, dy, g.scalar(0, dy));
  },
  samples: [
    ...unarySamples(-2, 2).map((sample) => ({ ...sample, attrs: { min: -1, max: 0.5 } })),
    { inputs: { x: floats32([2, 5], -2, 2) }, attrs: { min: -1 } },
    { inputs: { x: floats32([2, 5], -2, 2) }, attrs: { max: 0.5 } },
    { inputs: { x: ints64([7], -9, 9) }, attrs: { min: -3, max: 4 } },
    { inputs: { x: { dtype: 'i16', shape: [7], min: -9, max: 9 } }, attrs: { min: -3 } },
    { inputs: { x: { dtype: 'u16', shape: [7], min: 0, max: 9 } }, attrs: { max: 4 } },
    { inputs: { x: { dtype: 'i32', shape: [7], min: -9, max: 9 } }, attrs: { max: 4 } },
  ],
});

/** `x`, or the limit if `x` is beyond it. The WebGPU kernel of Clip turns NaN into a limit. */
function cut<V>(g: OnnxBuilder<V>, x: V, beyond: 'Less' | 'Greater', limit: number | undefined): V {
  if (limit === undefined) return x;
  return widenInts(g, [x], ['u8', 'i32', 'i64'], (wide) => {
    const type = g.type(wide);
    const end = g.scalar(limit, type.dtype);
    return only(g.node('Where', [only(g.node(beyond, [wide, end], {}, [{ ...type, dtype: 'bool' }])), end, wide], {}, [type]));
  });
}
