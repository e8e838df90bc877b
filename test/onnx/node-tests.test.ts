import { afterAll, expect, test } from 'vitest';
import type { Builder } from '../../src/ops/builder.js';
import { EvalBuilder, typeOf } from '../../src/ops/evaluate.js';
import { roundTo } from '../../src/ops/nd/round.js';
import { RuleFailure } from '../../src/ops/rule.js';
import { isFloat, type NdArray, type TensorType } from '../../src/ops/types.js';
import { NodeCall } from './node-call.js';
import { type NodeTest, readNodeTests } from './node-tests.js';
import { translations } from './operators.js';
import { TypeBuilder } from './type-builder.js';

const tests = readNodeTests();
const applicable = tests.filter((one) => Object.hasOwn(translations, one.opType));

/** Official tests of an operator that archc has, of a variant that it does not have. */
const exceptions: Readonly<Record<string, string>> = {
  einsum_batch_diagonal: 'diagonals: a label twice in one operand of einsum',
  reduce_log_sum_exp_empty_set: 'logsumexp wants at least one element',
  reduce_min_empty_set: 'min wants at least one element',
};

let elementsCompared = 0;
let shapesCompared = 0;

test.each(applicable)('$name', (one) => {
  if (exceptions[one.name] !== undefined) {
    // The shape rule refuses the call, with a sentence.
    expect(() => typesOf(one)).toThrow(RuleFailure);
    return;
  }
  const types = typesOf(one);
  const values = translate(new EvalBuilder(), one, one.inputs);
  let compared = 0;
  for (const [i, wanted] of one.outputs.entries()) {
    const type = types[i];
    const got = values.outputs[i];
    if (wanted === undefined || type === undefined || got === undefined) continue;
    expect({ dtype: type.dtype, shape: type.shape.map((size) => size.constant) }).toEqual({ dtype: wanted.dtype, shape: wanted.shape });
    if (values.otherValues === undefined) expect(difference(got, wanted)).toBeUndefined();
    compared++;
  }
  expect(compared).toBeGreaterThan(0);
  if (values.otherValues === undefined) elementsCompared++;
  else shapesCompared++;
});

test('at most one in a hundred of the tests of operators that archc has is an exception', () => {
  expect(tests.length).toBe(424);
  expect(Object.keys(exceptions).filter((name) => !applicable.some((one) => one.name === name))).toEqual([]);
  expect(Object.keys(exceptions).length).toBeLessThanOrEqual(applicable.length / 100);
});

test('the variants whose elements are not compared are these', () => {
  expect(applicable.flatMap((one) => (exceptions[one.name] === undefined ? shapeOnly(one) : []))).toMatchInlineSnapshot(`
    [
      "gru_seq_length: the GRU resets after its product, as in PyTorch",
      "lstm_with_peepholes: the LSTM has no peepholes, as in PyTorch",
      "resize_downsample_scales_cubic_A_n0p5_exclude_outside: interpolate repeats the edge",
      "resize_downsample_scales_cubic_antialias: interpolate does not smooth before it shrinks",
      "resize_downsample_scales_linear_antialias: interpolate does not smooth before it shrinks",
      "resize_downsample_scales_nearest: nearest is PyTorch's: asymmetric and rounded down",
      "resize_downsample_sizes_cubic_antialias: interpolate does not smooth before it shrinks",
      "resize_tf_crop_and_resize_axes_2_3: the coordinate mode is half_pixel or align_corners, not tf_crop_and_resize",
      "resize_tf_crop_and_resize_axes_3_2: the coordinate mode is half_pixel or align_corners, not tf_crop_and_resize",
      "resize_upsample_scales_cubic_A_n0p5_exclude_outside: interpolate repeats the edge",
      "resize_upsample_scales_cubic_asymmetric: the coordinate mode is half_pixel or align_corners, not asymmetric",
      "resize_upsample_scales_nearest: nearest is PyTorch's: asymmetric and rounded down",
      "resize_upsample_sizes_nearest_axes_2_3: nearest is PyTorch's: asymmetric and rounded down",
      "resize_upsample_sizes_nearest_ceil_half_pixel: nearest is PyTorch's: asymmetric and rounded down",
      "resize_upsample_sizes_nearest_floor_align_corners: nearest is PyTorch's: asymmetric and rounded down",
      "resize_upsample_sizes_nearest_round_prefer_ceil_asymmetric: nearest is PyTorch's: asymmetric and rounded down",
    ]
  `);
});

afterAll(() => {
  const without = tests.filter((one) => !applicable.includes(one));
  console.log(
    `ONNX node tests: ${elementsCompared} of ${tests.length} agree in shape and elements, ${shapesCompared} in shape, ` +
      `${Object.keys(exceptions).length} exceptions; ${new Set(applicable.map((one) => one.opType)).size} operators. ` +
      `archc has no ${[...new Set(without.map((one) => one.opType))].join(', ')} (${without.length} tests).`,
  );
});

/** What the shape rules alone say of the outputs. */
function typesOf(one: NodeTest): readonly (TensorType | undefined)[] {
  return translateTypes(one).outputs;
}

/** The test and why its elements differ from archc's, if they do. */
function shapeOnly(one: NodeTest): string | [] {
  const { otherValues } = translateTypes(one);
  return otherValues === undefined ? [] : `${one.name}: ${otherValues}`;
}

function translateTypes(one: NodeTest) {
  const types = one.inputs.map((x) => x && typeOf(x));
  return translate(new TypeBuilder(), one, types);
}

function translate<V>(g: Builder<V>, one: NodeTest, x: readonly (V | undefined)[]) {
  const call = new NodeCall<V>(g, one.node, x, one.inputs);
  return { outputs: translations[one.opType]!(call), otherValues: call.otherValues };
}

/** Floats within 1e-3 of the wanted element plus 1e-7, after rounding to the element type; everything else exactly. */
function difference(exact: NdArray, wanted: NdArray): string | undefined {
  const got = roundTo(wanted.dtype, exact);
  for (const [i, value] of wanted.data.entries()) {
    const other = got.data[i]!;
    if (Object.is(other, value) || other === value) continue;
    const allowed = isFloat(wanted.dtype) ? 1e-7 + 1e-3 * Math.abs(value) : 0;
    if (!(Math.abs(other - value) <= allowed)) return `element ${i} is ${other}, wanted ${value}`;
  }
  return undefined;
}
