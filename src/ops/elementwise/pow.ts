import { isPortable } from '../capabilities/capability.js';
import { powerOf } from '../nd/power.js';
import { only } from '../only.js';
import type { OnnxBuilder } from '../onnx-builder.js';
import type { Rule } from '../rule.js';
import { exactly, floats32 } from '../sample.js';
import { expandNode } from '../shape/expand-node.js';
import { elements } from '../sizes.js';
import { isInt, type TensorType } from '../types.js';
import { binary, binarySamples, intSample } from './binary.js';

export const pow = binary({
  name: 'pow',
  action: 'raise',
  summary: '`a` to the power of `b`, element by element; also written `a ** b`.',
  example: 'a ** b',
  source: 'ONNX Pow, torch.pow',
  check: demandWholePowers,
  of: powerOf,
  kernels: ['i32', 'i64'],
  onnx: (g, a, b, y) =>
    only(g.node('Pow', isPortable(g.target, 'Pow', 'f32', 'stretched') ? [a, b] : [widened(g, a, y), widened(g, b, y)], {}, [y])),
  // da = dy * b * a^(b - 1), 0 where b = 0; db = dy * y * log(a), 0 where a is not positive
  grad: (g, { a, b, y, dy }) => {
    const zero = g.scalar(0, dy);
    const da = g.mul(g.mul(dy, b), g.pow(a, g.shift(b, -1)));
    const positive = g.greater(a, g.scalar(0, a));
    const log = g.log(g.where(positive, a, g.scalar(1, a)));
    return { a: g.where(g.equal(b, g.scalar(0, b)), zero, da), b: g.where(positive, g.mul(g.mul(dy, y), log), zero) };
  },
  samples: [
    ...binarySamples(0.2, 2, -2, 3),
    { inputs: { a: floats32([2, 5], 0.3, 3), b: exactly('f32', [5], [0, 1, 2, 3, -1]) } },
    { inputs: { a: floats32([4], 0.3, 3), b: floats32([3, 2, 1], -2, 2) } },
    intSample(-4, 5, 0, 4),
    { inputs: { a: { dtype: 'u16', shape: [2, 3], min: 0, max: 5 }, b: { dtype: 'u16', shape: [3], min: 0, max: 5 } } },
  ],
});

/** Refuses a negative literal as the exponent of integers: the powers are fractions. */
function demandWholePowers(rule: Rule, a: TensorType, b: TensorType): void {
  const exponent = rule.literal('b');
  if (!isInt(a.dtype) || !isInt(b.dtype) || exponent === undefined || exponent >= 0) return;
  rule.fail('bad-option', {
    message: `integers have no power with the exponent ${exponent} among the integers`,
    input: 'b',
    help: `raise floats: \`cast(a, f32) ** ${exponent}\``,
  });
}

/** WebGPU's Pow fails at run time if an operand is broadcast along the last axis, unless it is a single number: such an operand is expanded first. */
function widened<V>(g: OnnxBuilder<V>, operand: V, to: TensorType): V {
  const { shape } = g.type(operand);
  const stretched = shape.at(-1)?.constant === 1 && to.shape.at(-1)?.constant !== 1;
  if (!stretched || elements(shape).constant === 1) return operand;
  return expandNode(g, operand, to.shape);
}
