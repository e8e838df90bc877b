import { Dim } from '../../dims/dim.js';
import type { Builder } from '../builder.js';
import { ndArray } from '../nd/array.js';
import type { OnnxBuilder } from '../onnx-builder.js';
import type { Rule } from '../rule.js';
import { concrete, product } from '../sizes.js';
import type { DType, Shape, TensorType } from '../types.js';

/** `(x - mean) / sqrt(variance + eps)` with the biased variance, over these axes. */
export function standardize<V>(g: Builder<V>, x: V, axes: readonly number[], eps: number): V {
  const centred = g.sub(x, g.mean(x, axes, true));
  const variance = g.mean(g.mul(centred, centred), axes, true);
  return g.div(centred, g.sqrt(g.shift(variance, eps)));
}

/** `y * weight + bias`, where either may be omitted. */
export function scaleAndShift<V>(g: Builder<V>, y: V, weight: V | undefined, bias: V | undefined): V {
  const scaled = weight === undefined ? y : g.mul(y, weight);
  return bias === undefined ? scaled : g.add(scaled, bias);
}

/** A vector with one number per channel, shaped so that it broadcasts against `[N, C, ..]`. */
export function perChannel<V>(g: Builder<V>, vector: V | undefined, rank: number): V | undefined {
  return vector === undefined || rank === 2 ? vector : g.reshape(vector, columnShape(g.shape(vector), rank));
}

/** `[C, 1, ..]`, for a tensor of this rank. */
export function columnShape(vector: Shape, rank: number): Shape {
  return [...vector, ...new Array<Dim>(rank - 2).fill(Dim.one)];
}

/** Demands that a vector, if given, has one number for each of `channels`. */
export function demandPerChannel(rule: Rule, name: string, vector: TensorType | undefined, x: TensorType, channels: Dim): void {
  if (vector === undefined) return;
  rule.rank(name, vector, 1, '[C]');
  rule.sameDtype('x', x, name, vector);
  const [got = channels] = vector.shape;
  rule.equal(got, channels, () => ({
    message: `\`x\` has ${channels} channels, but \`${name}\` has ${got} ${got.constant === 1 ? 'number' : 'numbers'}`,
    input: name,
    wanted: [String(channels)],
    got: [String(got)],
  }));
}

/** Demands that a tensor, if given, has the shape of the normalized axes of `x`. */
export function demandNormalShape(rule: Rule, name: string, tensor: TensorType | undefined, x: TensorType, axis: number): void {
  if (tensor === undefined) return;
  const shape = x.shape.slice(axis);
  rule.rank(name, tensor, shape.length, `[${shape.join(', ')}]`);
  rule.sameDtype('x', x, name, tensor);
  for (const [i, size] of shape.entries()) {
    const got = tensor.shape[i] ?? size;
    rule.equal(got, size, () => ({
      message: `\`${name}\` must have the shape of what is normalised, [${shape.join(', ')}], but is [${tensor.shape.join(', ')}]`,
      input: name,
      wanted: shape,
      got: tensor.shape,
    }));
  }
}

/** A constant of known shape with one value, for inputs that an ONNX operator requires. */
export function constantFill<V>(g: OnnxBuilder<V>, dtype: DType, shape: Shape, value: number): V {
  const array = ndArray(dtype, shape.map(concrete));
  array.data.fill(value);
  return g.constant(array);
}

/** The operations of a normalization of `x`: mean, deviation, square, sum and quotient, plus scale and shift. */
export function normFlops(x: TensorType, extra: readonly (TensorType | undefined)[]): Dim {
  return product(x.shape).mul(5 + extra.filter((tensor) => tensor !== undefined).length);
}
