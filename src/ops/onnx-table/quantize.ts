import { Dim } from '../../dims/dim.js';
import { rangeOf } from '../dtype-range.js';
import type { DType, TensorType } from '../types.js';
import { type OnnxCall, type Outputs, type Translation, TypeOnly } from './call.js';
import { convolved } from './conv.js';
import { demandOneOrEach } from './demands.js';

const inBlocks = 'archc does not quantize in blocks';
const ofFloats = 'archc has no integers of 4 and no floats of 8 bits';

/**
 * The scale or zero point that is input `i`, for the tensor that is input `of`: one for all, or one for each position of an axis. A zero
 * point with more axes is broadcast as it is.
 */
function spread<V>(c: OnnxCall<V>, i: number, of: number, axis: number): V {
  const { g } = c;
  const x = c.in(i);
  if (g.rank(x) > 1) return x;
  demandOneOrEach(c, i, c.shape(of)[axis] ?? Dim.one);
  if (g.rank(x) === 0) return x;
  if (g.shape(x)[0]?.constant === 1) return g.reshape(x, []);
  const after = c.rank(of) - 1 - axis;
  const added = Array.from({ length: after }, (_, k) => k + 1);
  return after === 0 ? x : g.unsqueeze(x, added);
}

/** Integers of input `i` as i32, less their zero point. */
function withoutZero<V>(c: OnnxCall<V>, i: number, zero: number, axis: number): V {
  const x = c.g.cast(c.in(i), 'i32');
  return c.x(zero) === undefined ? x : c.g.sub(x, c.g.cast(spread(c, zero, i, axis), 'i32'));
}

/** Numbers rounded to steps of the scale around the zero point, within the range of the integers. */
function quantized<V>(c: OnnxCall<V>, x: V, scale: V, zero: V | undefined, dtype: DType): V {
  const { g } = c;
  const steps = g.op('round', [g.div(x, scale)]);
  const moved = zero === undefined ? steps : g.add(steps, g.cast(zero, g.type(x).dtype));
  const range = rangeOf(dtype);
  return g.cast(g.op('clip', [moved], { min: range?.lowest, max: range?.highest }), dtype);
}

/** Integers as numbers: their distance from the zero point in steps of the scale. */
function dequantized<V>(c: OnnxCall<V>, x: V, scale: V, zero: V | undefined): V {
  const { g } = c;
  const { dtype } = g.type(scale);
  const number = g.cast(x, dtype);
  return g.mul(zero === undefined ? number : g.sub(number, g.cast(zero, dtype)), scale);
}

/** The axis of the scales, which does not matter if there is one for all. */
function scaleAxis<V>(c: OnnxCall<V>): number {
  return c.rank(1) === 0 ? 0 : c.rule.axis(c.int('axis', 1), c.rank(0), 'axis');
}

function quantizeLinear<V>(c: OnnxCall<V>): Outputs<V> {
  const zero = c.x(2);
  const dtype = zero === undefined ? c.dtype('output_dtype', 'u8') : c.g.type(zero).dtype;
  const { shape } = c.type(0);
  if (c.int('block_size', 0) > 0) return [new TypeOnly({ dtype, shape }, inBlocks)];
  if (rangeOf(dtype) === undefined) return [new TypeOnly({ dtype, shape }, ofFloats)];
  const axis = scaleAxis(c);
  return [quantized(c, c.in(0), spread(c, 1, 0, axis), zero && spread(c, 2, 0, axis), dtype)];
}

function dequantizeLinear<V>(c: OnnxCall<V>): Outputs<V> {
  const type: TensorType = { dtype: c.type(1).dtype, shape: c.shape(0) };
  if (c.int('block_size', 0) > 0) return [new TypeOnly(type, inBlocks)];
  const axis = scaleAxis(c);
  return [dequantized(c, c.in(0), spread(c, 1, 0, axis), c.x(2) && spread(c, 2, 0, axis))];
}

/** Scale and zero point of u8 for the range of the elements, which is widened to hold 0. */
function dynamic<V>(c: OnnxCall<V>): Outputs<V> {
  const { g } = c;
  const x = c.in(0);
  const none = g.scalar(0, x);
  const low = g.minimum(g.op('min', [x]), none);
  const high = g.maximum(g.op('max', [x]), none);
  const scale = g.scale(g.sub(high, low), 1 / 255);
  const zero = g.cast(g.op('clip', [g.op('round', [g.div(g.neg(low), scale)])], { min: 0, max: 255 }), 'u8');
  return [quantized(c, x, scale, zero, 'u8'), scale, zero];
}

/** The inputs `x, scale, zero point` from `i` on, as numbers; scales along `axis`. */
function numbersAt<V>(c: OnnxCall<V>, i: number, axis: number): V {
  return dequantized(c, c.in(i), spread(c, i + 1, i, axis), spread(c, i + 2, i, axis));
}

/** `y` quantized by the inputs `scale, zero point` from `i` on. */
function asQuantized<V>(c: OnnxCall<V>, y: V, i: number): V {
  return quantized(c, y, c.in(i), c.in(i + 1), c.type(i + 1).dtype);
}

/** One zero point for each row of the left matrix, one for each column of the right one. */
const matmulInteger: Translation = (c) => [
  c.g.matmul(withoutZero(c, 0, 2, Math.max(0, c.rank(0) - 2)), withoutZero(c, 1, 3, c.rank(1) - 1)),
];

const qLinearMatMul: Translation = (c) => {
  const product = c.g.matmul(numbersAt(c, 0, Math.max(0, c.rank(0) - 2)), numbersAt(c, 3, c.rank(3) - 1));
  return [asQuantized(c, product, 6)];
};

function qLinearConv<V>(c: OnnxCall<V>): Outputs<V> {
  const { g } = c;
  const bias = c.x(8);
  const scales = g.mul(c.in(1), c.in(4));
  const outputs = convolved(c, numbersAt(c, 0, 1), numbersAt(c, 3, 0), bias && g.mul(g.cast(bias, 'f32'), scales));
  const { dtype } = c.type(7);
  return outputs.map((y) => (y instanceof TypeOnly ? new TypeOnly({ ...y.type, dtype }, y.why) : asQuantized(c, y, 6)));
}

/** Sums of products of 8-bit integers are exact among float64s. */
const convInteger: Translation = (c) => {
  const { g } = c;
  const [x, filter] = [g.cast(withoutZero(c, 0, 2, 0), 'f64'), g.cast(withoutZero(c, 1, 3, 0), 'f64')];
  return convolved(c, x, filter, undefined).map((y) => (y instanceof TypeOnly ? y : g.cast(y, 'i32')));
};

export const quantizations: Readonly<Record<string, Translation>> = {
  ConvInteger: convInteger,
  DequantizeLinear: dequantizeLinear,
  DynamicQuantizeLinear: dynamic,
  MatMulInteger: matmulInteger,
  QLinearConv: qLinearConv,
  QLinearMatMul: qLinearMatMul,
  QuantizeLinear: quantizeLinear,
};
