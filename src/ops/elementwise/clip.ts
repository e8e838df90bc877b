import { float, optionalAttr, positional } from '../attrs.js';
import { only } from '../only.js';
import { floats32, ints64 } from '../sample.js';
import { isInt } from '../types.js';
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
  check: (rule, x, { min, max }) => {
    for (const [attr, limit] of Object.entries({ min, max })) {
      if (limit === undefined || !isInt(x.dtype) || Number.isInteger(limit)) continue;
      rule.fail('bad-option', { message: `\`clip\` of ${x.dtype} needs a whole number as \`${attr}\`, not ${limit}`, attr });
    }
    if (min !== undefined && max !== undefined && min > max) {
      rule.fail('bad-option', { message: `\`clip\` has min = ${min} above max = ${max}`, attr: 'min', help: 'swap the two' });
    }
  },
  of: (x, { min = Number.NEGATIVE_INFINITY, max = Number.POSITIVE_INFINITY }) => Math.min(Math.max(x, min), max),
  onnx: (g, x, { min, max }) => {
    const type = g.type(x);
    const limit = (value: number | undefined) => (value === undefined ? null : g.scalar(value, type.dtype));
    return only(g.node('Clip', [x, limit(min), limit(max)], {}, [type]));
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
    { inputs: { x: floats32([2, 5], -2, 2) } },
    { inputs: { x: ints64([7], -9, 9) }, attrs: { min: -3, max: 4 } },
  ],
});
