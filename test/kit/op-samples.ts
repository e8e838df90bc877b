import { completeAttrs } from '../../src/ops/attributes.js';
import type { Attr } from '../../src/ops/attrs.js';
import { bindInputs, mapBound } from '../../src/ops/bind.js';
import type { OpInput } from '../../src/ops/builder.js';
import type { Op } from '../../src/ops/define.js';
import { holds } from '../../src/ops/dtype-range.js';
import { concreteRule, typeOf } from '../../src/ops/evaluate.js';
import { ndArray, sizeOf } from '../../src/ops/nd/array.js';
import { roundTo } from '../../src/ops/nd/round.js';
import { RuleFailure } from '../../src/ops/rule.js';
import type { SampleTensor } from '../../src/ops/sample.js';
import { type DType, isFloat, type NdArray, type TensorType } from '../../src/ops/types.js';
import { randomNumbers } from './random.js';

/** A sample of an operator with its data drawn. */
export interface DrawnSample {
  readonly op: Op;
  readonly index: number;
  /** In the order of the operator's table. */
  readonly inputs: readonly OpInput<NdArray>[];
  readonly attrs: Readonly<Record<string, unknown>>;
  /** What the shape rule says of the outputs. */
  readonly types: readonly TensorType[];
  /** Allowed error relative to the largest element. */
  readonly tolerance: number;
}

/** Every sample of the operator, with the same data each time. */
export function drawSamples(op: Op): readonly DrawnSample[] {
  return op.samples.map((sample, index) => {
    const random = randomNumbers(index + 1);
    const tensors: Readonly<Record<string, SampleTensor | readonly SampleTensor[] | undefined>> = sample.inputs;
    const inputs = Object.keys(op.inputs).map((name) => {
      const input = tensors[name];
      if (input === undefined) return undefined;
      return 'dtype' in input ? drawTensor(input, random) : input.map((one) => drawTensor(one, random));
    });
    const attrs = completeAttrs(op, sample.attrs ?? {});
    const types = op.infer(concreteRule(op.name), mapBound(bindInputs(op, inputs), typeOf), attrs);
    return { op, index, inputs, attrs, types, tolerance: sample.tolerance?.relative ?? 1e-5 };
  });
}

/** The sample with its f32 tensors in another type, as a list of one; none where it has no such tensors, or the operator does not take them. */
export function withDType(sample: DrawnSample, dtype: DType): readonly DrawnSample[] {
  const { op } = sample;
  if (dtype !== 'f32' && !namedInputs(op, sample.inputs).some(({ array }) => array.dtype === 'f32')) return [];
  const changed = (array: NdArray): NdArray => (array.dtype === 'f32' ? { ...array, dtype } : array);
  const inputs = sample.inputs.map((input) =>
    input === undefined || input === null ? input : isList(input) ? input.map(changed) : changed(input),
  );
  try {
    const types = op.infer(concreteRule(op.name), mapBound(bindInputs(op, inputs), typeOf), sample.attrs);
    return haveFittingOptions(op, sample.attrs, types) ? [{ ...sample, inputs, types }] : [];
  } catch (failure) {
    if (failure instanceof RuleFailure) return [];
    throw failure;
  }
}

/** All tensors among the inputs, with names that are unique in the call. */
export function namedInputs(op: Op, inputs: readonly OpInput<NdArray>[]): readonly { readonly name: string; readonly array: NdArray }[] {
  return Object.keys(op.inputs).flatMap((name, i) => {
    const input = inputs[i];
    if (input === undefined || input === null) return [];
    return isList(input) ? input.map((array, k) => ({ name: `${name}_${k}`, array })) : [{ name, array: input }];
  });
}

/** The element types of all tensors in a call. */
export function dtypesOf({ op, inputs, types }: DrawnSample): readonly DType[] {
  return [...namedInputs(op, inputs).map(({ array }) => array.dtype), ...types.map(({ dtype }) => dtype)];
}

/** `Array.isArray` that knows readonly arrays. */
export function isList<T>(input: T | readonly T[]): input is readonly T[] {
  return Array.isArray(input);
}

function drawTensor(tensor: SampleTensor, random: () => number): NdArray {
  const { dtype, shape, values, min = 0, max = 1 } = tensor;
  if (values !== undefined) return ndArray(dtype, shape, Float64Array.from(values));
  const data = Float64Array.from({ length: sizeOf(shape) }, () => min + (max - min) * random());
  return isFloat(dtype) ? roundTo(dtype, ndArray(dtype, shape, data)) : ndArray(dtype, shape, data.map(Math.floor));
}

/** Whether the element type of the result has the numbers among the options; the checker refuses others. */
export function haveFittingOptions(op: Op, attrs: Readonly<Record<string, unknown>>, [result]: readonly TensorType[]): boolean {
  const numbers = Object.entries<Attr<unknown>>(op.attrs).flatMap(([name, { kind, isApart }]) =>
    kind === 'float' && !isApart ? [attrs[name]] : [],
  );
  return numbers.every((value) => typeof value !== 'number' || result === undefined || holds(result.dtype, value));
}
