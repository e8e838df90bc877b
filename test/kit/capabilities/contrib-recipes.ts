import type { OnnxAttr } from '../../../src/ops/onnx-builder.js';
import { fixed, int, list, of, type Recipe, type RecipeInput, type Special, times } from './recipe.js';

const [batch, length, heads, width] = [2, 3, 2, 8];
const model = heads * width;

/** A bias that is shared by the items of a batch, by the heads, by both, or by neither. */
function attentionBias({ has }: Special, queries: number, keys: number): RecipeInput {
  return of(has('batch-shares-bias') ? 1 : batch, has('heads-share-bias') ? 1 : heads, queries, keys);
}

/** Bytes with varied bits. */
const bytes = (...shape: readonly number[]): RecipeInput => {
  const size = shape.reduce((a, b) => a * b, 1);
  return { shape, values: Array.from({ length: size }, (_, i) => (i * 37 + 11) % 256), isConstant: true };
};
const stored = (...shape: readonly number[]): RecipeInput => ({ shape, isConstant: true });
const scales = (...shape: readonly number[]): RecipeInput => ({ shape, from: 0.01, to: 0.06, isConstant: true });

const numberIn = (special: Special, name: string, usual: number): number =>
  [2, 8, 16, 32, 64, 128, 256].find((value) => special.has(`${name}=${value}`)) ?? usual;

const parameters: Readonly<Record<string, readonly number[]>> = { Clip: [-0.3, 0.4], HardSigmoid: [0.2, 0.5], LeakyRelu: [0.1] };

const skipped = ({ has }: Special): Recipe => ({
  inputs: { input: of(2, 3, 8), skip: of(has('repeated-skip') ? 1 : 2, 3, 8), gamma: stored(8), beta: stored(8), bias: stored(8) },
});

const grouped: Recipe = {
  inputs: { X: of(1, 4, 4, 8), gamma: stored(8), beta: stored(8), skip: of(1, 4, 4, 8), bias: stored(8) },
  attrs: { groups: int(2) },
};

/** Recipes for ONNX Runtime's own operators. */
export const contribRecipes: Readonly<Record<string, (special: Special) => Recipe>> = {
  'com.microsoft.Attention': (special) => ({
    inputs: {
      input: of(batch, length, model),
      weights: stored(model, 3 * model),
      bias: stored(3 * model),
      mask_index: { shape: [batch, length], values: [1, 1, 1, 1, 1, 0] },
      attention_bias: attentionBias(special, length, length),
    },
    attrs: { num_heads: int(heads) },
  }),
  'com.microsoft.BiasGelu': () => ({ inputs: { A: of(2, 3, 8), B: stored(8) } }),
  'com.microsoft.DynamicQuantizeMatMul': () => ({
    // Neither end of this range is halfway between two integers.
    inputs: {
      A: { shape: [2, 8], from: -0.7, to: 0.9 },
      B: bytes(8, 4),
      b_scale: fixed([], 0.05),
      b_zero_point: fixed([], 3),
      bias: stored(4),
    },
  }),
  'com.microsoft.FastGelu': () => ({ inputs: { X: of(2, 3, 8), bias: stored(8) } }),
  // A standard operator, which only models with stored weights have.
  DequantizeLinear: (special) => {
    const blocks = 256 / numberIn(special, 'block_size', 32);
    return { inputs: { x: stored(2, 256), x_scale: scales(2, blocks), x_zero_point: stored(2, blocks) }, attrs: { axis: int(1) } };
  },
  'com.microsoft.FusedConv': ({ has, rank }) => {
    const groups = has('groups') ? 2 : 1;
    const activation = Object.keys(parameters).find((name) => has(`activation=${name}`));
    const params: Readonly<Record<string, OnnxAttr>> =
      activation === undefined ? {} : { activation_params: { floats: parameters[activation] ?? [] } };
    return {
      inputs: {
        X: of(2, 4, ...times(rank - 2, 5)),
        W: stored(6, 4 / groups, ...times(rank - 2, 3)),
        B: stored(6),
        Z: of(2, 6, ...times(rank - 2, 3)),
      },
      attrs: { group: int(groups), ...params },
    };
  },
  'com.microsoft.FusedMatMul': ({ has }) => ({
    inputs: { A: has('transA=1') ? of(2, 4, 3) : of(2, 3, 4), B: has('transB=1') ? of(5, 4) : of(4, 5) },
    attrs: { alpha: { float: 0.5 } },
  }),
  'com.microsoft.GatherBlockQuantized': (special) => {
    const bits = numberIn(special, 'bits', 4);
    const size = numberIn(special, 'block_size', 128);
    // On WebGPU, an odd number of blocks of 4 bits fails, which archc avoids.
    const columns = Math.max(256, 2 * size);
    const blocks = columns / size;
    return {
      inputs: {
        data: bytes(6, (columns * bits) / 8),
        indices: { shape: [2, 2], values: [4, 0, 5, 1] },
        scales: scales(6, blocks),
        zero_points: bytes(6, Math.ceil((blocks * bits) / 8)),
      },
    };
  },
  'com.microsoft.GroupNorm': () => grouped,
  'com.microsoft.GroupQueryAttention': (special) => {
    const size = special.has('uneven-heads') ? 8 : 16;
    return {
      inputs: {
        query: of(batch, 1, heads * size),
        key: of(batch, 1, size),
        value: of(batch, 1, size),
        past_key: of(batch, 1, 2, size),
        past_value: of(batch, 1, 2, size),
        seqlens_k: fixed([batch], 2, 2),
        total_sequence_length: list(3),
        cos_cache: stored(8, size / 2),
        sin_cache: stored(8, size / 2),
        attention_bias: attentionBias(special, 1, 3),
      },
      attrs: { num_heads: int(heads), kv_num_heads: int(1) },
    };
  },
  'com.microsoft.MatMulIntegerToFloat': () => ({
    inputs: {
      A: { shape: [2, 8], values: Array.from({ length: 16 }, (_, i) => (i * 29) % 128) },
      B: { shape: [8, 4], values: Array.from({ length: 32 }, (_, i) => (i * 37) % 128), isConstant: true },
      a_scale: fixed([], 0.02),
      b_scale: fixed([], 0.05),
      a_zero_point: fixed([], 5),
      b_zero_point: fixed([], 3),
      bias: stored(4),
    },
  }),
  'com.microsoft.MatMulNBits': (special) => {
    const bits = numberIn(special, 'bits', 4);
    const [rows, columns, size] = [8, 256, numberIn(special, 'block_size', 128)];
    const blocks = columns / size;
    return {
      inputs: {
        A: of(2, columns),
        B: bytes(rows, blocks, (size * bits) / 8),
        scales: scales(rows, blocks),
        zero_points: bytes(rows, Math.ceil((blocks * bits) / 8)),
        bias: stored(rows),
      },
      attrs: { N: int(rows), K: int(columns) },
      // The kernel rounds the input to 8 bits in each block, too.
      ...(special.has('accuracy_level=4') ? { tolerance: 2e-2 } : {}),
    };
  },
  'com.microsoft.MultiHeadAttention': (special) => {
    const past = special.has('+past_key') ? 2 : 0;
    return {
      inputs: {
        query: of(batch, length, model),
        key: of(batch, length, model),
        value: of(batch, length, model),
        bias: stored(3 * model),
        key_padding_mask: { shape: [batch, length + past], values: [...times(batch * (length + past) - 1, 1), 0] },
        attention_bias: attentionBias(special, length, length + past),
        past_key: of(batch, heads, past, width),
        past_value: of(batch, heads, past, width),
      },
      attrs: { num_heads: int(heads) },
    };
  },
  'com.microsoft.RotaryEmbedding': ({ rank }) => ({
    inputs: {
      input: rank === 3 ? of(batch, length, model) : of(batch, heads, length, width),
      position_ids: { shape: [batch, length], values: [0, 1, 2, 1, 2, 3] },
      cos_cache: stored(6, width / 2),
      sin_cache: stored(6, width / 2),
    },
    attrs: rank === 3 ? { num_heads: int(heads) } : {},
  }),
  'com.microsoft.SkipGroupNorm': () => grouped,
  'com.microsoft.SkipLayerNormalization': skipped,
  'com.microsoft.SkipSimplifiedLayerNormalization': skipped,
  SimplifiedLayerNormalization: () => ({ inputs: { X: of(2, 3, 8), scale: stored(8) } }),
};
