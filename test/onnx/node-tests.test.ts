import { expect, test } from 'vitest';
import type { Builder } from '../../src/ops/builder.js';
import { concreteRule, EvalBuilder, typeOf } from '../../src/ops/evaluate.js';
import { roundTo } from '../../src/ops/nd/round.js';
import { onnxSchema } from '../../src/ops/onnx-schema.js';
import { TypeOnly, translate, translated } from '../../src/ops/onnx-table/index.js';
import { opsets } from '../../src/ops/opsets.js';
import { TypeBuilder } from '../../src/ops/type-builder.js';
import { isFloat, type NdArray, type TensorType } from '../../src/ops/types.js';
import { type NodeTest, readNodeTests } from './node-tests.js';

const tests = readNodeTests();

test.each(tests)('$name', (one) => {
  const types = typesOf(one);
  const values = outputsOf(new EvalBuilder(), one, one.inputs);
  let compared = 0;
  for (const [i, wanted] of one.outputs.entries()) {
    const type = types[i];
    const got = values[i];
    if (wanted === undefined || type === undefined || got === undefined) continue;
    expect({ dtype: type.dtype, shape: type.shape.map((size) => size.constant) }).toEqual({ dtype: wanted.dtype, shape: wanted.shape });
    if (!(got instanceof TypeOnly)) expect(difference(got, wanted)).toBeUndefined();
    compared++;
  }
  expect(compared).toBe(one.outputs.filter((output) => output !== undefined).length);
});

test('these are the tests with outputs whose type is all that archc knows', () => {
  expect(tests.length).toBe(424);
  expect(tests.flatMap((one) => typesAlone(one).map((why) => `${one.name}: ${why}`))).toMatchInlineSnapshot(`
    [
      "gru_seq_length: archc's \`gru\` resets after its product, as PyTorch's",
      "lstm_with_peepholes: archc's \`lstm\` has no peepholes, as PyTorch's",
      "maxpool_with_argmax_2d_precomputed_strides: archc's poolings do not return places",
      "resize_downsample_scales_cubic_A_n0p5_exclude_outside: \`interpolate\` has the coefficient -0.75",
      "resize_downsample_scales_cubic_antialias: \`interpolate\` does not smooth before it shrinks",
      "resize_downsample_scales_linear_antialias: \`interpolate\` does not smooth before it shrinks",
      "resize_downsample_scales_nearest: \`interpolate\` takes the nearest pixel as PyTorch does",
      "resize_downsample_sizes_cubic_antialias: \`interpolate\` does not smooth before it shrinks",
      "resize_tf_crop_and_resize_axes_2_3: \`interpolate\` has no coordinates of the mode tf_crop_and_resize",
      "resize_tf_crop_and_resize_axes_3_2: \`interpolate\` has no coordinates of the mode tf_crop_and_resize",
      "resize_upsample_scales_cubic_A_n0p5_exclude_outside: \`interpolate\` has the coefficient -0.75",
      "resize_upsample_scales_cubic_asymmetric: \`interpolate\` has no coordinates of the mode asymmetric",
      "resize_upsample_sizes_nearest_axes_2_3: \`interpolate\` takes the nearest pixel as PyTorch does",
      "resize_upsample_sizes_nearest_ceil_half_pixel: \`interpolate\` takes the nearest pixel as PyTorch does",
      "resize_upsample_sizes_nearest_floor_align_corners: \`interpolate\` takes the nearest pixel as PyTorch does",
      "resize_upsample_sizes_nearest_round_prefer_ceil_asymmetric: \`interpolate\` takes the nearest pixel as PyTorch does",
    ]
  `);
});

test('the table has standard operators only', () => {
  expect(translated.filter((name) => onnxSchema(name, opsets.max) === undefined)).toEqual([]);
});

/** The outputs of a test, made by a builder. */
function outputsOf<V>(g: Builder<V>, { node, inputs }: NodeTest, values: readonly (V | undefined)[]) {
  const given = values.map((value, i) => (value === undefined ? undefined : { value, elements: inputs[i]?.data }));
  const result = translate(g, concreteRule(`onnx.${node.opType}`), node, given);
  if ('unknown' in result) throw new Error(result.unknown);
  return result.outputs;
}

/** Why there are no elements for some outputs of a test. */
function typesAlone(one: NodeTest): readonly string[] {
  const outputs = outputsOf(new EvalBuilder(), one, one.inputs);
  return [...new Set(outputs.flatMap((output) => (output instanceof TypeOnly ? output.why : [])))];
}

/** What the shape rules alone say of the outputs. */
function typesOf(one: NodeTest): readonly (TensorType | undefined)[] {
  const g = new TypeBuilder(concreteRule(`onnx.${one.node.opType}`));
  return outputsOf(
    g,
    one,
    one.inputs.map((x) => x && typeOf(x)),
  ).map((output) => (output instanceof TypeOnly ? output.type : output));
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
