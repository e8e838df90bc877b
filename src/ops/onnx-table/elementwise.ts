import { type DType, isFloat } from '../types.js';
import { type OnnxCall, type Outputs, type Translation, TypeOnly } from './call.js';
import { demandShape, demandStretch } from './demands.js';
import { binary, chain, commonShape, unary } from './simple.js';

/** Whether a number is the wanted one up to rounding, since numbers in files are rounded to float32. */
function isAbout(value: number, wanted: number): boolean {
  return Math.abs(value - wanted) < 1e-6;
}

const clip: Translation = (c) => {
  const { g } = c;
  for (const i of [1, 2]) demandShape(c, i, []);
  const x = c.in(0);
  const given = [c.x(1), c.x(2)] as const;
  if (given.every((limit) => limit === undefined)) return [x];
  const [[min], [max]] = [c.isKnown(1) ? (c.numbers(1) ?? []) : [], c.isKnown(2) ? (c.numbers(2) ?? []) : []];
  const isSimple = c.isKnown(1) && c.isKnown(2) && (min === undefined || max === undefined || min <= max);
  if (isSimple) return [g.op('clip', [x], { min, max })];
  // Where limits cross, the upper one wins.
  const raised = given[0] === undefined ? x : g.maximum(x, given[0]);
  return [given[1] === undefined ? raised : g.minimum(raised, given[1])];
};

/** The elements in another type. */
function converted<V>(c: OnnxCall<V>, to: DType): Outputs<V> {
  const { dtype, shape } = c.type(0);
  if (dtype === 'string' || to === 'string')
    return [new TypeOnly({ dtype: to, shape }, '`cast` converts numbers and booleans, not strings')];
  return [c.g.op('cast', [c.in(0)], { dtype: to })];
}

/** Integers are divided towards zero. */
const div: Translation = (c) => {
  const { g } = c;
  const [a, b] = [c.in(0), c.in(1)];
  const { dtype } = g.type(a);
  if (isFloat(dtype)) return [g.div(a, b)];
  if (dtype.startsWith('u')) return [g.op('floor_div', [a, b])];
  return [g.mul(g.mul(g.sign(a), g.sign(b)), g.op('floor_div', [g.abs(a), g.abs(b)]))];
};

/** The remainder has the sign of the divisor, or with `fmod` that of the dividend. */
const mod: Translation = (c) => {
  const { g } = c;
  const [a, b] = [c.in(0), c.in(1)];
  if (!c.flag('fmod') || g.type(a).dtype.startsWith('u')) return [g.op('mod', [a, b])];
  return [g.mul(g.sign(a), g.op('mod', [g.abs(a), g.abs(b)]))];
};

/** The base decides the element type of the power. */
const pow: Translation = (c) => {
  const { g } = c;
  const { dtype } = c.type(0);
  const exponent = c.type(1).dtype;
  if (isFloat(dtype) || !isFloat(exponent)) return [g.pow(c.in(0), g.cast(c.in(1), dtype))];
  return [g.cast(g.pow(g.cast(c.in(0), exponent), c.in(1)), dtype)];
};

const isInf: Translation = (c) => {
  const { g } = c;
  const x = c.in(0);
  const [negative, positive] = [c.flag('detect_negative', true), c.flag('detect_positive', true)];
  if (!negative && !positive) return [g.op('zeros_like', [x], { dtype: 'bool' })];
  const infinite = g.op('isinf', [x]);
  if (negative && positive) return [infinite];
  const zero = g.scalar(0, x);
  return [g.and(infinite, positive ? g.greater(x, zero) : g.less(x, zero))];
};

const hardSigmoid: Translation = (c) => {
  const { g } = c;
  const [alpha, beta] = [c.float('alpha', 0.2), c.float('beta', 0.5)];
  if (isAbout(alpha, 1 / 6) && isAbout(beta, 0.5)) return [g.op('hardsigmoid', [c.in(0)])];
  return [g.op('clip', [g.shift(g.scale(c.in(0), alpha), beta)], { min: 0, max: 1 })];
};

const selu: Translation = (c) => {
  const [alpha, gamma] = [c.float('alpha', 1.6732632), c.float('gamma', 1.050701)];
  if (isAbout(alpha, 1.6732632) && isAbout(gamma, 1.050701)) return [c.g.op('selu', [c.in(0)])];
  return [c.g.scale(c.g.op('elu', [c.in(0)], { alpha }), gamma)];
};

const shrink: Translation = (c) => {
  const { g } = c;
  const x = c.in(0);
  const [bias, limit] = [c.float('bias', 0), c.float('lambd', 0.5)];
  const above = g.where(g.greater(x, g.scalar(limit, x)), g.shift(x, -bias), g.scalar(0, x));
  return [g.where(g.less(x, g.scalar(-limit, x)), g.shift(x, bias), above)];
};

const swish: Translation = (c) => {
  const alpha = c.float('alpha', 1);
  return [alpha === 1 ? c.g.op('silu', [c.in(0)]) : c.g.mul(c.in(0), c.g.sigmoid(c.g.scale(c.in(0), alpha)))];
};

/** All bits of an integer inverted. */
const bitwiseNot: Translation = (c) => {
  const { g } = c;
  const x = c.in(0);
  const { dtype } = g.type(x);
  if (dtype === 'u64') return [new TypeOnly(g.type(x), 'the largest u64 is not exact among the constants of archc')];
  const ones = dtype.startsWith('u') ? 2 ** Number(dtype.slice(1)) - 1 : -1;
  return [g.sub(g.scalar(ones, x), x)];
};

/** `acosh(x)` = log1p(t + sqrt(t*(x + 1))) with t = x - 1, which is exact near 1. */
const acosh: Translation = (c) => {
  const { g } = c;
  const t = g.shift(c.in(0), -1);
  return [g.op('log1p', [g.add(t, g.sqrt(g.mul(t, g.shift(c.in(0), 1))))])];
};

/** `asinh(x)` = log1p(a + a²/(1 + sqrt(a² + 1))) with a = |x| and the sign of x, which is exact near 0 and for large negative x. */
const asinh: Translation = (c) => {
  const { g } = c;
  const squared = g.op('square', [c.in(0)]);
  const rest = g.div(squared, g.shift(g.sqrt(g.shift(squared, 1)), 1));
  return [g.mul(g.sign(c.in(0)), g.op('log1p', [g.add(g.abs(c.in(0)), rest)]))];
};

/** `atanh(x)` = log1p(2x/(1 - x)) / 2. */
const atanh: Translation = (c) => {
  const { g } = c;
  const ratio = g.div(g.scale(c.in(0), 2), g.shift(g.neg(c.in(0)), 1));
  return [g.scale(g.op('log1p', [ratio]), 0.5)];
};

/** The slope broadcasts to the shape of `x`, aligned at the last axis; archc's `prelu` takes one for all or one for each channel. */
const prelu: Translation = (c) => {
  const { g } = c;
  const [x, slope] = [c.in(0), c.in(1)];
  demandStretch(c, 1, g.shape(x));
  const sizes = g.shape(slope);
  if (sizes.every((size) => size.constant === 1)) return [g.op('prelu', [x, g.reshape(slope, [])])];
  const isOfChannels = sizes.length === g.rank(x) - 1 && sizes.slice(1).every((size) => size.constant === 1);
  if (isOfChannels) return [g.op('prelu', [x, sizes.length === 1 ? slope : g.reshape(slope, sizes.slice(0, 1))])];
  return [g.where(g.less(x, g.scalar(0, x)), g.mul(slope, x), x)];
};

const noBits = 'archc has no operators on bits';

export const elementwise: Readonly<Record<string, Translation>> = {
  Abs: unary('abs'),
  Acos: unary('acos'),
  Acosh: acosh,
  Add: binary('add'),
  And: binary('logical_and'),
  Asin: unary('asin'),
  Asinh: asinh,
  Atan: unary('atan'),
  Atanh: atanh,
  BitShift: commonShape(noBits),
  BitwiseAnd: commonShape(noBits),
  BitwiseNot: bitwiseNot,
  BitwiseOr: commonShape(noBits),
  BitwiseXor: commonShape(noBits),
  Cast: (c) => converted(c, c.dtype('to', 'f32')),
  CastLike: (c) => converted(c, c.type(1).dtype),
  Ceil: unary('ceil'),
  Celu: (c) => [c.g.op('celu', [c.in(0)], { alpha: c.float('alpha', 1) })],
  Clip: clip,
  Cos: unary('cos'),
  Cosh: unary('cosh'),
  Div: div,
  Elu: (c) => [c.g.op('elu', [c.in(0)], { alpha: c.float('alpha', 1) })],
  Equal: binary('equal'),
  Erf: unary('erf'),
  Exp: unary('exp'),
  Floor: unary('floor'),
  Gelu: (c) => [c.g.op('gelu', [c.in(0)], { approximate: c.string('approximate', 'none') })],
  Greater: binary('greater'),
  GreaterOrEqual: binary('greater_equal'),
  HardSigmoid: hardSigmoid,
  HardSwish: unary('hardswish'),
  Identity: (c) => [c.in(0)],
  IsInf: isInf,
  IsNaN: unary('isnan'),
  LeakyRelu: (c) => [c.g.op('leaky_relu', [c.in(0)], { slope: c.float('alpha', 0.01) })],
  Less: binary('less'),
  LessOrEqual: binary('less_equal'),
  Log: unary('log'),
  Max: (c) => [chain(c, 'maximum')],
  Mean: (c) => [c.g.scale(chain(c, 'add'), 1 / c.count)],
  Min: (c) => [chain(c, 'minimum')],
  Mish: unary('mish'),
  Mod: mod,
  Mul: binary('mul'),
  Neg: unary('neg'),
  Not: unary('logical_not'),
  Or: binary('logical_or'),
  PRelu: prelu,
  Pow: pow,
  Reciprocal: unary('reciprocal'),
  Relu: unary('relu'),
  Round: unary('round'),
  Selu: selu,
  Shrink: shrink,
  Sigmoid: unary('sigmoid'),
  Sign: unary('sign'),
  Sin: unary('sin'),
  Sinh: unary('sinh'),
  Softplus: unary('softplus'),
  Softsign: unary('softsign'),
  Sqrt: unary('sqrt'),
  Sub: binary('sub'),
  Sum: (c) => [chain(c, 'add')],
  Swish: swish,
  Tan: unary('tan'),
  Tanh: unary('tanh'),
  ThresholdedRelu: (c) => {
    const x = c.in(0);
    return [c.g.where(c.g.greater(x, c.g.scalar(c.float('alpha', 1), x)), x, c.g.scalar(0, x))];
  },
  Where: (c) => [c.g.where(c.in(0), c.in(1), c.in(2))],
  Xor: binary('logical_xor'),
};
