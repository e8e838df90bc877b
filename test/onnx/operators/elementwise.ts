import { dtypeOfDataType } from '../../../src/6-emit/onnx/data-type.js';
import type { Builder } from '../../../src/ops/builder.js';
import { isFloat } from '../../../src/ops/types.js';
import type { NodeCall, Translation } from '../node-call.js';

const unary =
  (name: string): Translation =>
  (c) => [c.g.op(name, [c.in(0)])];
const binary =
  (name: string): Translation =>
  (c) => [c.g.op(name, [c.in(0), c.in(1)])];

/** A variadic node as a chain of a binary operator. */
function chain<V>(c: NodeCall<V>, name: string): V {
  return c.x.slice(1).reduce<V>((sum, _, i) => c.g.op(name, [sum, c.in(i + 1)]), c.in(0));
}
const variadic =
  (name: string): Translation =>
  (c) => [chain(c, name)];

/** The quotient rounded towards zero, which ONNX Div gives for integers. */
function truncatedQuotient<V>(g: Builder<V>, a: V, b: V): V {
  if (g.type(a).dtype.startsWith('u')) return g.op('floor_div', [a, b]);
  return g.mul(g.mul(g.sign(a), g.sign(b)), g.op('floor_div', [g.abs(a), g.abs(b)]));
}

export const elementwise: Readonly<Record<string, Translation>> = {
  Abs: unary('abs'),
  Add: binary('add'),
  And: binary('logical_and'),
  Cast: (c) => [c.g.op('cast', [c.in(0)], { dtype: dtypeOfDataType(c.int('to', 0)) })],
  Ceil: unary('ceil'),
  Clip: (c) => {
    const [min] = c.numbers(1) ?? [];
    const [max] = c.numbers(2) ?? [];
    if (min !== undefined && max !== undefined && min > max) {
      // archc refuses limits that cross; for ONNX the upper one wins.
      return [c.g.minimum(c.g.maximum(c.in(0), c.g.scalar(min, c.in(0))), c.g.scalar(max, c.in(0)))];
    }
    // ONNX allows a Clip without limits, which changes nothing.
    return [min === undefined && max === undefined ? c.in(0) : c.g.op('clip', [c.in(0)], { min, max })];
  },
  Cos: unary('cos'),
  Div: (c) => {
    const [a, b] = [c.in(0), c.in(1)];
    return [isFloat(c.g.type(a).dtype) ? c.g.div(a, b) : truncatedQuotient(c.g, a, b)];
  },
  Equal: binary('equal'),
  Erf: unary('erf'),
  Exp: unary('exp'),
  Floor: unary('floor'),
  Gelu: (c) => [c.g.op('gelu', [c.in(0)], { approximate: c.string('approximate', 'none') })],
  Greater: binary('greater'),
  HardSigmoid: (c) => [c.g.op('clip', [c.g.shift(c.g.scale(c.in(0), c.float('alpha', 0.2)), c.float('beta', 0.5))], { min: 0, max: 1 })],
  HardSwish: unary('hardswish'),
  IsInf: (c) => {
    const infinite = c.g.op('isinf', [c.in(0)]);
    const zero = c.g.scalar(0, c.in(0));
    if (c.int('detect_positive', 1) === 0) return [c.g.and(infinite, c.g.less(c.in(0), zero))];
    return [c.int('detect_negative', 1) === 0 ? c.g.and(infinite, c.g.greater(c.in(0), zero)) : infinite];
  },
  LeakyRelu: (c) => [c.g.op('leaky_relu', [c.in(0)], { slope: c.float('alpha', 0.01) })],
  Less: binary('less'),
  Log: unary('log'),
  Max: variadic('maximum'),
  Mean: (c) => [c.g.scale(chain(c, 'add'), 1 / c.x.length)],
  Min: variadic('minimum'),
  Mod: (c) => {
    if (c.int('fmod', 0) === 0) return [c.g.op('mod', [c.in(0), c.in(1)])];
    // C's fmod has the sign of the dividend.
    return [c.g.mul(c.g.sign(c.in(0)), c.g.op('mod', [c.g.abs(c.in(0)), c.g.abs(c.in(1))]))];
  },
  Mul: binary('mul'),
  Neg: unary('neg'),
  Not: unary('logical_not'),
  Or: binary('logical_or'),
  Pow: (c) => {
    // The base decides the type; archc wants both operands of one.
    const { dtype } = c.g.type(c.in(0));
    const exponent = c.g.type(c.in(1)).dtype;
    if (isFloat(dtype) || !isFloat(exponent)) return [c.g.pow(c.in(0), c.g.cast(c.in(1), dtype))];
    return [c.g.cast(c.g.pow(c.g.cast(c.in(0), exponent), c.in(1)), dtype)];
  },
  PRelu: (c) => {
    const [x, slope] = [c.in(0), c.in(1)];
    if (c.g.rank(slope) <= 1) return [c.g.op('prelu', [x, slope])];
    return [c.g.where(c.g.less(x, c.g.scalar(0, x)), c.g.mul(slope, x), x)];
  },
  Reciprocal: unary('reciprocal'),
  Relu: unary('relu'),
  Round: unary('round'),
  Selu: unary('selu'),
  Sigmoid: unary('sigmoid'),
  Sign: unary('sign'),
  Sin: unary('sin'),
  Softplus: unary('softplus'),
  Sqrt: unary('sqrt'),
  Sub: binary('sub'),
  Sum: variadic('add'),
  Swish: (c) => {
    const alpha = c.float('alpha', 1);
    return [alpha === 1 ? c.g.op('silu', [c.in(0)]) : c.g.mul(c.in(0), c.g.sigmoid(c.g.scale(c.in(0), alpha)))];
  },
  Tanh: unary('tanh'),
  Where: (c) => [c.g.where(c.in(0), c.in(1), c.in(2))],
  Xor: binary('logical_xor'),
};
