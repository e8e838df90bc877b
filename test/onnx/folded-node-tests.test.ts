import { expect, test } from 'vitest';
import { Graph, type Origin, operatorName } from '../../src/3-graph/graph.js';
import { GraphBuilder } from '../../src/3-graph/graph-builder.js';
import { constantResults, foldConstants } from '../../src/5-optimize/passes/fold-constants.js';
import { noOps } from '../../src/5-optimize/passes/no-ops.js';
import { concreteRule } from '../../src/ops/evaluate.js';
import { nth } from '../../src/ops/only.js';
import { TypeOnly, translate } from '../../src/ops/onnx-table/index.js';
import { isFloat, type NdArray } from '../../src/ops/types.js';
import { type NodeTest, readNodeTests } from './node-tests.js';

const origin: Origin = { path: [], kinds: ['test'], span: undefined };

/** The result of folding a test whose inputs are constants. */
interface Folded {
  /** Operators that were not computed. */
  readonly left: readonly string[];
  /** Whether the pass leaves an operator as it is, because its results are larger. */
  readonly isLarge: boolean;
  /** An output is undefined if archc knows only its type. */
  readonly outputs: readonly (NdArray | undefined)[];
}

const tests = readNodeTests().map((one) => ({ name: one.name, one, folded: fold(one) }));

test.each(tests)('$name', ({ one, folded }) => {
  for (const [i, wanted] of one.outputs.entries()) {
    const got = folded.outputs[i];
    if (wanted !== undefined && got !== undefined) expect(difference(got, wanted)).toBeUndefined();
  }
});

test('everything that archc computes is folded, with these exceptions', () => {
  const named = (isNamed: (of: Folded) => boolean) => tests.flatMap(({ name, folded }) => (isNamed(folded) ? [name] : []));
  expect(tests.length).toBe(424);
  const isUnknown = ({ one, folded }: (typeof tests)[number]) =>
    one.outputs.some((wanted, i) => wanted !== undefined && folded.outputs[i] === undefined);
  expect(tests.filter(isUnknown).map(({ name, folded }) => [name, ...folded.left].join())).toMatchInlineSnapshot(`
    [
      "gru_seq_length",
      "lstm_with_peepholes",
      "maxpool_with_argmax_2d_precomputed_strides",
      "resize_downsample_scales_cubic_A_n0p5_exclude_outside",
      "resize_downsample_scales_cubic_antialias",
      "resize_downsample_scales_linear_antialias",
      "resize_downsample_scales_nearest",
      "resize_downsample_sizes_cubic_antialias",
      "resize_tf_crop_and_resize_axes_2_3",
      "resize_tf_crop_and_resize_axes_3_2",
      "resize_upsample_scales_cubic_A_n0p5_exclude_outside",
      "resize_upsample_scales_cubic_asymmetric",
      "resize_upsample_sizes_nearest_axes_2_3",
      "resize_upsample_sizes_nearest_ceil_half_pixel",
      "resize_upsample_sizes_nearest_floor_align_corners",
      "resize_upsample_sizes_nearest_round_prefer_ceil_asymmetric",
    ]
  `);
  // The results are so large that the operator is shorter. They are still computed and compared above.
  expect(named(({ isLarge }) => isLarge)).toMatchInlineSnapshot(`
    [
      "attention_3d_transpose_verification",
      "averagepool_2d_pads_count_include_pad",
      "averagepool_3d_dilations_large_count_include_pad_is_0_ceil_mode_is_False",
      "averagepool_3d_dilations_large_count_include_pad_is_1_ceil_mode_is_False",
      "averagepool_3d_dilations_large_count_include_pad_is_1_ceil_mode_is_True",
      "div_int8",
      "dropout_default_mask_ratio",
      "gru_defaults",
      "gru_with_initial_bias",
      "lppool_2d_pads",
      "lppool_2d_same_lower",
      "lstm_defaults",
      "lstm_with_initial_bias",
      "lstm_with_peepholes",
      "maxpool_2d_pads",
      "training_dropout_zero_ratio_mask",
    ]
  `);
});

function fold({ node, inputs }: NodeTest): Folded {
  const graph = new Graph(node.opType);
  const g = new GraphBuilder(graph, origin);
  const given = inputs.map((array) => array && { value: g.constant(array), elements: array.data });
  const result = translate(g, concreteRule(`onnx.${node.opType}`), node, given);
  if ('unknown' in result) throw new Error(result.unknown);
  for (const [i, value] of result.outputs.entries()) if (!(value instanceof TypeOnly)) graph.output(String(i), value);
  // Dropout does nothing at inference, and is not computed.
  noOps.run(graph);
  foldConstants.run(graph);
  let isLarge = false;
  const left: string[] = [];
  for (const other of graph.nodes) {
    const results = other.kind === 'op' ? constantResults(other) : undefined;
    if (results === undefined) left.push(operatorName(other));
    else isLarge = true;
    for (const [i, array] of (results ?? []).entries()) graph.replaceUses(nth(other.outputs, i), graph.constant(array));
  }
  const outputs: (NdArray | undefined)[] = [];
  for (const { name, value } of graph.outputs) if (value.source.kind === 'constant') outputs[Number(name)] = value.source.array;
  return { left, isLarge, outputs };
}

/** Floats within 1e-3 of the wanted element plus 1e-7; everything else exactly. */
function difference(got: NdArray, wanted: NdArray): string | undefined {
  if (got.dtype !== wanted.dtype || got.shape.join() !== wanted.shape.join()) return `${got.dtype}[${got.shape}]`;
  for (const [i, value] of wanted.data.entries()) {
    const other = got.data[i] as number;
    if (Object.is(other, value) || other === value) continue;
    const allowed = isFloat(wanted.dtype) ? 1e-7 + 1e-3 * Math.abs(value) : 0;
    if (!(Math.abs(other - value) <= allowed)) return `element ${i} is ${other}, wanted ${value}`;
  }
  return undefined;
}
