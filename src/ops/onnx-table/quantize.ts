import { rangeOf } from '../dtype-range.js';
import type { DType, TensorType } from '../types.js';
import { type OnnxCall, type Outputs, type Translation, TypeOnly } from './call.js';
import { convolved } from './conv.js';
import { withoutZero } from './linalg.js';

const inBlocks = 'archc does not quantize in blocks';
const ofFloats = 'archc has no integers of 4 and no floats of 8 bits';

/** A scale or zero point, one for all or one for each position of an axis, so that it broadcasts against a tensor of this rank. */
function along<V>(c: OnnxCall<V>, x: V, axis: number, rank: number): V {
  const after = rank - 1 - axis;
  const isVector = c.g.rank(x) === 1 && after > 0;
  if (!isVector) return x;
  if (c.g.shape(x)[0]?.constant === 1) return c.g.reshape(x, []);
  return c.g.unsqueeze(
    x,
    Array.from({ length: after }, (_, i) => i + 1),
  );
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

/** The axis of the scales, which is not looked at if there is one for all. */
function scaleAxis<V>(c: OnnxCall<V>): number {
  return c.rank(1) === 0 ? 0 : c.rule.axis(c.int('axis', 1), c.rank(0), 'axis');
}

function quantizeLinear<V>(c: OnnxCall<V>): Outputs<V> {
  const zero = c.x(2);
  const dtype = zero === undefined ? c.dtype('output_dtype', 'u8') : c.g.type(zero).dtype;
  const { shape } = c.type(0);
  if (c.int('block_size', 0) > 0) return [new TypeOnly({ dtype, shape }, inBlocks)];
  if (rangeOf(dtype) === undefined) return [new TypeOnly({ dtype, shape }, ofFloats)];
  const [axis, rank] = [scaleAxis(c), c.rank(0)];
  return [quantized(c, c.in(0), along(c, c.in(1), axis, rank), zero && along(c, zero, axis, rank), dtype)];
}

function dequantizeLinear<V>(c: OnnxCall<V>): Outputs<V> {
  const type: TensorType = { dtype: c.type(1).dtype, shape: c.shape(0) };
  if (c.int('block_size', 0) > 0) return [new TypeOnly(type, inBlocks)];
  const [axis, rank, zero] = [scaleAxis(c), c.rank(0), c.x(2)];
  return [dequantized(c, c.in(0), along(c, c.in(1), axis, rank), zero && along(c, zero, axis, rank))];
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
  const rank = c.rank(i);
  return dequantized(c, c.in(i), along(c, c.in(i + 1), axis, rank), along(c, c.in(i + 2), axis, rank));
}

/** `y` quantized by the inputs `scale, zero point` from `i` on. */
function asQuantized<V>(c: OnnxCall<V>, y: V, i: number): V {
  return quantized(c, y, c.in(i), c.in(i + 1), c.type(i + 1).dtype);
}

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
  QLinearConv: qLinearConv,
  QLinearMatMul: qLinearMatMul,
  QuantizeLinear: quantizeLinear,
};
