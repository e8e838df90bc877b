import { contribRecipes } from './contrib-recipes.js';
import { fixed, int, list, of, type Recipe, type RecipeInput, type Special, times } from './recipe.js';

const positive = (...shape: readonly number[]): RecipeInput => ({ shape, from: 0.2, to: 1.7 });
const turns: RecipeInput = { shape: [2, 3], from: -40_000, to: 100_000 };

const soft = ({ has }: Special): Recipe => ({ inputs: { X: has('small-results') ? { shape: [2, 3], from: -30, to: -19 } : of(2, 3) } });

const reduction = { inputs: { data: of(2, 3, 4), axes: list(1) } };
const window = ({ rank }: Special): Recipe => ({
  inputs: { X: of(2, 3, ...times(rank - 2, 5)) },
  attrs: { kernel_shape: { ints: times(rank - 2, 2) } },
});
const whole = ({ rank }: Special): Recipe => ({ inputs: { X: of(2, 3, ...times(rank - 2, 4)) } });

function recurrent(gates: number): (special: Special) => Recipe {
  return ({ has }) => {
    const directions = has('direction=bidirectional') ? 2 : 1;
    const [time, batch, size, hidden] = [3, 2, 4, 3];
    return {
      inputs: {
        X: of(time, batch, size),
        W: of(directions, gates * hidden, size),
        R: of(directions, gates * hidden, hidden),
        B: of(directions, 2 * gates * hidden),
        sequence_lens: fixed([batch], 3, 2),
        initial_h: of(directions, batch, hidden),
        initial_c: of(directions, batch, hidden),
      },
      attrs: { hidden_size: int(hidden) },
    };
  };
}

/** Recipes for operators that do not take tensors of shape [2, 3] with any values, as all others do. */
export const recipes: Readonly<Record<string, (special: Special) => Recipe>> = {
  ...contribRecipes,
  Attention: () => ({ inputs: { Q: of(1, 2, 3, 4), K: of(1, 2, 3, 4), V: of(1, 2, 3, 4), attn_mask: of(3, 3) } }),
  AveragePool: window,
  BatchNormalization: () => ({ inputs: { X: of(2, 3, 4), scale: of(3), B: of(3), input_mean: of(3), input_var: positive(3) } }),
  Clip: ({ has }) => ({
    inputs: { input: has('nan') ? { shape: [3], values: [1, Number.NaN, 5] } : of(2, 3), min: fixed([], 0), max: fixed([], 3) },
  }),
  Concat: () => ({ inputs: { inputs: [of(2, 3), of(2, 1)] }, attrs: { axis: int(1) } }),
  ConstantOfShape: () => ({ inputs: { input: { shape: [2], values: [2, 3] } } }),
  Conv: ({ has, rank }) => {
    const groups = has('groups') ? 2 : 1;
    const sides = times(rank - 2, 5);
    if (has('thirds')) return { inputs: { X: of(2, 6, ...sides), W: of(4, 6, ...times(rank - 2, 3)), B: of(4) } };
    return {
      inputs: { X: of(2, 4, ...sides), W: of(6, 4 / groups, ...times(rank - 2, 3)), B: of(6) },
      attrs: { group: int(groups) },
    };
  },
  ConvTranspose: ({ has, rank }) => {
    const [groups, outputs] = has('groups-to-one-channel') ? [2, 1] : has('groups') ? [2, 3] : [1, 3];
    return {
      inputs: { X: of(2, 4, ...times(rank - 2, 3)), W: of(4, outputs, ...times(rank - 2, 3)), B: of(groups * outputs) },
      attrs: { group: int(groups) },
    };
  },
  // Far beyond half a turn, where WGSL allows any error.
  Cos: () => ({ inputs: { input: turns } }),
  CumSum: () => ({ inputs: { x: of(2, 3), axis: fixed([], 1) } }),
  DepthToSpace: () => ({ inputs: { input: of(1, 8, 2, 3) }, attrs: { blocksize: int(2) } }),
  Einsum: () => ({ inputs: { Inputs: [of(2, 3), of(3, 4)] }, attrs: { equation: { string: 'ij,jk->ik' } } }),
  Expand: () => ({ inputs: { input: of(1, 3), shape: list(2, 3) } }),
  GRU: recurrent(3),
  Gather: () => ({ inputs: { data: of(5, 3), indices: { shape: [2, 2], values: [4, 0, 2, 1] } } }),
  GatherElements: () => ({ inputs: { data: of(4, 3), indices: { shape: [2, 3], values: [3, 0, 2, 1, 1, 0] } } }),
  GatherND: ({ has }) => ({ inputs: { data: has('batch_dims=1') ? of(2, 3, 4) : of(3, 4), indices: { shape: [2, 1], values: [2, 0] } } }),
  Gemm: ({ has }) => ({
    inputs: { A: has('transA=1') ? of(3, 2) : of(2, 3), B: has('transB=1') ? of(4, 3) : of(3, 4), C: of(4) },
  }),
  GlobalAveragePool: whole,
  GlobalMaxPool: whole,
  InstanceNormalization: () => ({ inputs: { input: of(2, 3, 4), scale: of(3), B: of(3) } }),
  LSTM: recurrent(4),
  LayerNormalization: () => ({ inputs: { X: of(2, 3, 4), Scale: of(4), B: of(4) } }),
  Log: ({ has }) => ({ inputs: { input: has('near-one') ? { shape: [2, 3], from: 1, to: 1 + 1e-5 } : positive(2, 3) } }),
  MatMul: () => ({ inputs: { A: of(2, 3), B: of(3, 4) } }),
  Max: () => ({ inputs: { data_0: [of(2, 3), of(2, 3)] } }),
  MaxPool: window,
  Mish: soft,
  Min: () => ({ inputs: { data_0: [of(2, 3), of(2, 3)] } }),
  NonMaxSuppression: () => ({
    inputs: {
      boxes: { shape: [1, 3, 4], values: [0, 0, 1, 1, 0, 0.1, 1, 1.1, 0, 2, 1, 3] },
      scores: { shape: [1, 1, 3], values: [0.9, 0.8, 0.7] },
      max_output_boxes_per_class: list(3),
      iou_threshold: list(0.5),
      score_threshold: list(0),
    },
  }),
  OneHot: () => ({ inputs: { indices: { shape: [3], values: [1, 0, 2] }, depth: fixed([], 4), values: list(0, 1) } }),
  PRelu: () => ({ inputs: { X: of(2, 3), slope: of(3) } }),
  Pad: ({ has }) => ({
    inputs: { data: of(3, 4), pads: has('+axes') ? list(1, 2) : list(0, 1, 2, 1), constant_value: fixed([], 0), axes: list(1) },
  }),
  // With a last axis that kernels take four elements of at a time.
  Pow: ({ has }) => ({ inputs: { X: positive(2, 8), Y: has('stretched') ? of(2, 1) : of(2, 8) } }),
  RMSNormalization: () => ({ inputs: { X: of(2, 3, 4), scale: of(4) } }),
  RNN: recurrent(1),
  Range: () => ({
    inputs: { start: { shape: [], values: [1] }, limit: { shape: [], values: [9] }, delta: { shape: [], values: [2] } },
  }),
  ReduceL1: () => reduction,
  ReduceL2: () => reduction,
  // Greater than the logarithm of the largest f32.
  ReduceLogSumExp: () => ({ inputs: { data: { shape: [2, 3, 4], from: 299, to: 301 }, axes: list(1) } }),
  ReduceMax: () => reduction,
  ReduceMean: () => reduction,
  ReduceMin: () => reduction,
  ReduceProd: () => reduction,
  ReduceSum: () => reduction,
  ReduceSumSquare: () => reduction,
  Reshape: () => ({ inputs: { data: of(2, 3), shape: list(3, 2) } }),
  Resize: ({ has, rank }) => {
    if (has('uneven')) return { inputs: { X: of(1, 2, 7, 7), scales: list(1, 1, 3, 3) } };
    const sides = times(rank - 2, 4);
    const factors = has('coordinate_transformation_mode=align_corners') ? times(rank - 2, 7) : times(rank - 2, 8);
    return { inputs: { X: of(1, 2, ...sides), scales: list(1, 1, ...times(rank - 2, 2)), sizes: list(1, 2, ...factors) } };
  },
  ScatterElements: ({ has }) => ({
    inputs: {
      data: of(4, 3),
      indices: { shape: [2, 3], values: isReduced(has) ? [3, 0, 2, 3, 1, 2] : [3, 0, 2, 1, 1, 0] },
      updates: of(2, 3),
    },
  }),
  ScatterND: ({ has }) => ({
    inputs: { data: of(5, 3), indices: { shape: [2, 1], values: isReduced(has) ? [3, 3] : [3, 0] }, updates: of(2, 3) },
  }),
  Sin: () => ({ inputs: { input: turns } }),
  Slice: ({ has }) =>
    has('backward')
      ? { inputs: { data: of(4, 5), starts: list(3), ends: list(0), axes: list(1), steps: list(-2) } }
      : { inputs: { data: of(4, 5), starts: list(1), ends: list(5), axes: list(1), steps: list(2) } },
  Softplus: soft,
  Split: ({ has }) =>
    has('many-outputs')
      ? { inputs: { input: of(2, 16), split: list(...times(16, 1)) }, attrs: { axis: int(1) }, outputs: 16 }
      : { inputs: { input: of(2, 6), split: list(2, 4) }, attrs: { axis: int(1) }, outputs: 2 },
  Sqrt: () => ({ inputs: { X: positive(2, 3) } }),
  Squeeze: () => ({ inputs: { data: of(2, 1, 3), axes: list(1) } }),
  Sum: () => ({ inputs: { data_0: [of(2, 3), of(2, 3)] } }),
  Tanh: ({ has }) => ({ inputs: { input: has('near-zero') ? { shape: [2, 3], from: 1e-6, to: 1e-5 } : of(2, 3) } }),
  Tile: () => ({ inputs: { input: of(2, 3), repeats: list(1, 2) } }),
  TopK: () => ({ inputs: { X: of(2, 5), K: list(2) } }),
  Trilu: () => ({ inputs: { input: of(3, 4), k: fixed([], 1) } }),
  Unsqueeze: () => ({ inputs: { data: of(2, 3), axes: list(1) } }),
};

function isReduced(has: Special['has']): boolean {
  return ['add', 'mul', 'max', 'min'].some((name) => has(`reduction=${name}`));
}
