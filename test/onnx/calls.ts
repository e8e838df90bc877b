/** A call of an ONNX operator that no official test here covers, or not in this form. */
export interface OnnxCase {
  /** The inputs of a model; the open sizes N, T, H and W are 2, 3, 4 and 5. */
  readonly inputs: string;
  readonly call: string;
  readonly outputs: readonly string[];
  /** The range of the numbers; from 0 to 1 unless specified. */
  readonly low?: number;
  readonly high?: number;
}

/** One call of `x: Tensor[N, T]` for each function on elements. */
function onElements(low: number, high: number, calls: readonly string[]): readonly OnnxCase[] {
  return calls.map((call) => ({ inputs: 'x: Tensor[N, T]', call, outputs: ['Tensor[N, T]'], low, high }));
}

function on(inputs: string, outputs: string, calls: readonly string[], low = 0, high = 1): readonly OnnxCase[] {
  return calls.map((call) => ({ inputs, call, outputs: outputs.split('; '), low, high }));
}

export const onnxCalls: readonly OnnxCase[] = [
  ...onElements(-0.9, 0.9, ['onnx.Acos(x)', 'onnx.Asin(x)', 'onnx.Atanh(x)', 'onnx.Tan(x)']),
  ...onElements(1, 4, ['onnx.Acosh(x)']),
  ...onElements(-9, 9, ['onnx.Asinh(x)', 'onnx.Atan(x)', 'onnx.Round(x)', 'onnx.Shrink(x, bias = 0.5, lambd = 4.0)']),
  ...onElements(-2, 2, [
    'onnx.Celu(x, alpha = 0.5)',
    'onnx.Clip(x, none, 0.5)',
    'onnx.Clip(x, 1.0, -1.0)',
    'onnx.Cosh(x)',
    'onnx.Elu(x, alpha = 0.5)',
    'onnx.Gelu(x)',
    'onnx.HardSigmoid(x, alpha = 0.3, beta = 0.4)',
    'onnx.HardSwish(x)',
    'onnx.Mish(x)',
    'onnx.Mod(x, 0.3, fmod = 1)',
    'onnx.PRelu(x, [0.2])',
    'onnx.Selu(x, alpha = 2.0, gamma = 3.0)',
    'onnx.Sinh(x)',
    'onnx.Softplus(x)',
    'onnx.Softsign(x)',
    'onnx.ThresholdedRelu(x, alpha = 0.4)',
    'onnx.Hardmax(x, axis = 0)',
    'onnx.LpNormalization(x, axis = 0, p = 1)',
    'onnx.LpNormalization(0 * x)',
    'onnx.Trilu(x, 1)',
    'onnx.Dropout(x, 0.3, false)',
    'onnx.Mean(x, x[0], x)',
    'x + onnx.ConstantOfShape([N, T])',
    'onnx.ReduceSum(x, [], noop_with_empty_axes = 1)',
  ]),
  ...on('x: Tensor[N, T]', 'Tensor<bool>[N, T]', ['onnx.GreaterOrEqual(x, 0.5)', 'onnx.LessOrEqual(x, 0.5)']),
  ...on(
    'x: Tensor[N, T]',
    'Tensor<bool>[N, T]',
    [
      'onnx.IsNaN(sqrt(x))',
      'onnx.IsInf(x / (0 * x), detect_negative = 0)',
      'onnx.IsInf(where(x > 0, 1 / (0 * x), x), detect_positive = 0)',
      'onnx.IsInf(x / 0.0, detect_negative = 0, detect_positive = 0)',
    ],
    -1,
  ),
  ...on('x: Tensor<u8>[N, T]', 'Tensor<u8>[N, T]', ['onnx.BitwiseNot(x)'], 0, 255),
  ...on(
    'x: Tensor<i32>[N, T]',
    'Tensor<i32>[N, T]',
    [
      'onnx.BitwiseNot(x)',
      'onnx.Clip(x, -2, 3)',
      'onnx.Div(x, -4)',
      'onnx.Mod(x, -4)',
      'onnx.Pow(x, 2.0)',
      'onnx.Shrink(x, bias = 1.0, lambd = 2.0)',
    ],
    -9,
    9,
  ),
  ...on('x: Tensor[N, T], y: Tensor[]', 'Tensor[N, T]', ['onnx.Clip(x, -0.5, y)'], -2, 2),
  ...on('x: Tensor[N, T], y: Tensor<i64>[T]', 'Tensor<i64>[N, T]', ['onnx.CastLike(x, y)'], -9, 9),
  ...on('x: Tensor[N, T, H], s: Tensor[H]', 'Tensor[N, T, H]', ['onnx.PRelu(x, s)', 'onnx.LayerNormalization(x, s, s)'], -2, 2),
  ...on('x: Tensor[N, T, H], s: Tensor[T, 1]', 'Tensor[N, T, H]', ['onnx.PRelu(x, s)'], -2, 2),
  ...on('x: Tensor[N, T, H], s: Tensor[T, H]', 'Tensor[N, T, H]', ['onnx.LayerNormalization(x, s, axis = 1)'], -2, 2),
  ...on('x: Tensor[N, T, H], s: Tensor[1]', 'Tensor[N, T, H]', ['onnx.LayerNormalization(x, s)'], -2, 2),

  ...on('x: Tensor[N, T, H]', 'Tensor<i64>[N, H]', ['onnx.ArgMin(x, axis = 1, select_last_index = 1, keepdims = 0)']),
  ...on('x: Tensor[N, T, H]', 'Tensor[N, T, H]', ['onnx.CumSum(x, -2, exclusive = 1, reverse = 1)', 'onnx.Hardmax(x, axis = 1)']),
  ...on('x: Tensor[N, T, H]', 'Tensor[1, T, 1]', ['onnx.ReduceL1(x, [0, -1])', 'onnx.ReduceLogSumExp(x, [0, 2])'], -2, 2),
  ...on('x: Tensor[N, T, H]', 'Tensor[N, H]', ['onnx.ReduceL2(x, [1], keepdims = 0)', 'onnx.ReduceProd(x, [-2], keepdims = 0)'], -2, 2),
  ...on('x: Tensor[N, T, H]', 'Tensor[1, 1, 1]', ['onnx.ReduceLogSum(x)']),
  ...on('x: Tensor<i32>[N, T, H]', 'Tensor<i32>[N, 1, H]', ['onnx.ReduceMax(x, [1])', 'onnx.ReduceSumSquare(x, [1])'], -9, 9),
  ...on('x: Tensor[N, T, 6]', 'Tensor[N, T, 2]; Tensor<i64>[N, T, 2]', ['onnx.TopK(x, [2], largest = 0)']),

  ...on('x: Tensor[N, T, H]', 'Tensor[N * T, H]', ['onnx.Flatten(x, axis = 2)', 'onnx.Reshape(x, [N * T, H])', 'onnx.Reshape(x, [-1, H])']),
  ...on('x: Tensor[N, T, H]', 'Tensor[N * T * H, 1]', ['onnx.Flatten(x, axis = 3)']),
  ...on('x: Tensor[N, T, H]', 'Tensor[N, T * H]', ['onnx.Reshape(x, [0, T * H])', 'onnx.Flatten(x)']),
  ...on('x: Tensor[N, 1, H], t: Tensor[T]', 'Tensor[N, T, H]', ['onnx.Expand(x, [T, 1]) + onnx.Unsqueeze(t, [1])']),
  ...on('x: Tensor[N, T, H]', 'Tensor<i64>[]', ['onnx.Size(x)']),
  ...on('x: Tensor[N, T, H]', 'Tensor<i64>[2]', ['onnx.Shape(x, start = 1)']),
  ...on('x: Tensor[N, 6, H]', 'Tensor[N, 3, H]', ['onnx.Slice(x, [1, -1], [100, -2147483647], [1, 2], [2, -1])']),
  ...on('x: Tensor[N, 7]', 'Tensor[N, 3]; Tensor[N, 3]; Tensor[N, 1]', ['onnx.Split(x, axis = 1, num_outputs = 3)']),
  ...on('x: Tensor[N, 1, H]', 'Tensor[N, H]', ['onnx.Squeeze(x, [1])']),
  ...on('x: Tensor[N, T]', 'Tensor[2 * N, N * T]', ['onnx.Tile(x, [2, N])']),
  ...on('x: Tensor[N, 6]', 'Tensor[N + 1, 7]', ['onnx.Pad(x, [1, -1, 0, 2], 0.5)']),
  ...on('x: Tensor[N, H]', 'Tensor[N, H + 5]', ['onnx.Pad(x, [2, 3], none, [1], mode = "reflect")']),
  ...on('x: Tensor[H, W]', 'Tensor<i64>[H, W]', ['onnx.EyeLike(x, k = 1, dtype = "i64")']),
  ...on('x: Tensor[H]', 'Tensor[H]', ['x + onnx.Cast(onnx.Range(H, 0, -1), to = "f32")', 'x + onnx.HannWindow(H)']),
  ...on('x: Tensor[8]', 'Tensor[8]', [
    'x + onnx.Range(0.5, 4.5, 0.5)',
    'x + onnx.HammingWindow(8, periodic = 0)',
    'x + onnx.BlackmanWindow(8)',
  ]),

  ...on('x: Tensor[N, H], i: Tensor<i64>[N, 2]', 'Tensor[N, 2]', ['onnx.GatherElements(x, i, axis = 1)'], 0, 3),
  ...on('x: Tensor[N, H]', 'Tensor[N, 2]', ['onnx.Gather(x, [-1, 2], axis = 1)']),
  ...on('i: Tensor<i64>[N, T]', 'Tensor[N, 3, T]', ['onnx.OneHot(i, 3, [-1.0, 2.0], axis = 1)'], -3, 3),
  ...on(
    'x: Tensor[N, T], i: Tensor<i64>[N, 2], u: Tensor[N, 2]',
    'Tensor[N, T]',
    ['onnx.ScatterElements(x, i, u, axis = 1, reduction = "add")'],
    0,
    3,
  ),
  ...on('x: Tensor[N, T, T]', 'Tensor[N, T]', ['onnx.Einsum(x, equation = "bii->bi")']),
  ...on('x: Tensor[N, T, T]', 'Tensor[N]', ['onnx.Einsum(x, equation = "...ii->...")']),
  ...on('x: Tensor[T, N], y: Tensor[H, T], z: Tensor[H]', 'Tensor[N, H]', [
    'onnx.Gemm(x, y, z, alpha = 0.5, beta = 2.0, transA = 1, transB = 1)',
  ]),

  ...on('x: Tensor[N, 4, H], s: Tensor[4]', 'Tensor[N, 4, H]', [
    'onnx.BatchNormalization(x, s, s, s, s)',
    'onnx.GroupNormalization(x, s, s, num_groups = 2)',
  ]),
  ...on('x: Tensor[N, 4, H, W], s: Tensor[4]', 'Tensor[N, 4, H, W]', ['onnx.InstanceNormalization(x, s, s, epsilon = 0.1)']),
  ...on('x: Tensor[N, 4, H, W]', 'Tensor[N, 4, H, W]', ['onnx.MeanVarianceNormalization(x)'], -2, 2),
  ...on('x: Tensor[N, 7, H, W]', 'Tensor[N, 7, H, W]', ['onnx.LRN(x, size = 5, alpha = 0.5, beta = 0.6, bias = 0.9)'], -2, 2),

  ...on('x: Tensor[N, 4, 6]', 'Tensor[N, 4, 3]', ['onnx.AveragePool(x, kernel_shape = [3], auto_pad = "SAME_LOWER", strides = [2])']),
  ...on('x: Tensor[N, 4, 6]', 'Tensor[N, 4, 8]', [
    'onnx.AveragePool(x, kernel_shape = [3], pads = [2, 2], count_include_pad = 1)',
    'onnx.AveragePool(x, kernel_shape = [3], pads = [2, 2])',
  ]),
  ...on('x: Tensor[N, 4, H]', 'Tensor[N, 4, H + 2]', ['onnx.MaxPool(x, kernel_shape = [3], pads = [2, 2])'], -2, 2),
  ...on(
    'x: Tensor<u8>[N, 4, 6]',
    'Tensor<u8>[N, 4, 3]',
    ['onnx.MaxPool(x, kernel_shape = [3], auto_pad = "SAME_UPPER", strides = [2])'],
    0,
    255,
  ),
  ...on(
    'x: Tensor[N, 4, 6, 7]',
    'Tensor[N, 4, 3, 7]',
    ['onnx.LpPool(x, kernel_shape = [3, 2], p = 3, pads = [1, 0, 1, 1], strides = [2, 1])'],
    -2,
    2,
  ),
  ...on(
    'x: Tensor[N, 4, H, W]',
    'Tensor[N, 4, 1, 1]',
    ['onnx.GlobalAveragePool(x)', 'onnx.GlobalLpPool(x, p = 3)', 'onnx.GlobalMaxPool(x)'],
    -2,
    2,
  ),
  ...on('x: Tensor[N, 4, 7], w: Tensor[6, 2, 3], b: Tensor[6]', 'Tensor[N, 6, 4]', [
    'onnx.Conv(x, w, b, group = 2, auto_pad = "SAME_LOWER", strides = [2])',
  ]),
  ...on('x: Tensor[N, 4, 7], w: Tensor[4, 2, 3]', 'Tensor[N, 2, 14]', ['onnx.ConvTranspose(x, w, strides = [2], auto_pad = "SAME_UPPER")']),
  ...on('x: Tensor[N, 4, 7], w: Tensor[4, 2, 3]', 'Tensor[N, 2, 13]', ['onnx.ConvTranspose(x, w, strides = [2], output_shape = [13])']),
  ...on('x: Tensor[N, 8, H, W]', 'Tensor[N, 2, 2 * H, 2 * W]', [
    'onnx.DepthToSpace(x, blocksize = 2)',
    'onnx.DepthToSpace(x, blocksize = 2, mode = "CRD")',
  ]),
  ...on('x: Tensor[N, 3, 4, 6]', 'Tensor[N, 12, 2, 3]', ['onnx.SpaceToDepth(x, blocksize = 2)']),
  ...on('x: Tensor[N, 3, H, W]', 'Tensor[N, 3, 2 * H, 3 * W]', ['onnx.Resize(x, none, [1.0, 1.0, 2.0, 3.0])']),
  ...on('x: Tensor[N, 3, 4, 6]', 'Tensor[N, 3, 7, 5]', [
    'onnx.Resize(x, none, none, [N, 3, 7, 5], mode = "linear")',
    'onnx.Resize(x, none, none, [7, 5], axes = [2, 3], mode = "cubic", coordinate_transformation_mode = "align_corners")',
  ]),

  ...on('x: Tensor[N, T]', 'Tensor<u8>[N, T]; Tensor[]; Tensor<u8>[]', ['onnx.DynamicQuantizeLinear(x)'], -2, 3),
  ...on('x: Tensor[N, T]', 'Tensor<u8>[N, T]', ['onnx.QuantizeLinear(x, 0.01, 128)'], -2, 2),
  ...on('x: Tensor[N, 3, H], z: Tensor<i8>[3]', 'Tensor<i8>[N, 3, H]', ['onnx.QuantizeLinear(x, [0.1, 0.2, 0.3], z)'], -2, 2),
  ...on('x: Tensor<u8>[N, 3, H]', 'Tensor[N, 3, H]', ['onnx.DequantizeLinear(x, [0.1, 0.2, 0.3], [1, 2, 3])'], 0, 255),
  ...on('x: Tensor<u8>[N, T], w: Tensor<u8>[T, 4]', 'Tensor<i32>[N, 4]', ['onnx.MatMulInteger(x, w, 12, [1, 2, 3, 4])'], 0, 100),
  ...on('x: Tensor<u8>[N, 2, 6], w: Tensor<u8>[3, 2, 3]', 'Tensor<i32>[N, 3, 6]', ['onnx.ConvInteger(x, w, 12, 3, pads = [1, 1])'], 0, 255),
  ...on('x: Tensor<u8>[N, T], w: Tensor<u8>[T, 4]', 'Tensor<u8>[N, 4]', ['onnx.QLinearMatMul(x, 0.1, 3, w, 0.2, 5, 0.9, 7)'], 0, 99),
  ...on('x: Tensor<u8>[N, 2, 6], w: Tensor<u8>[3, 2, 3]', 'Tensor<u8>[N, 3, 4]', ['onnx.QLinearConv(x, 0.1, 3, w, 0.2, 5, 0.9, 7)'], 0, 60),

  ...on('x: Tensor[T, N, 3], w: Tensor[2, 12, 3], r: Tensor[2, 12, 4]', 'Tensor[T, 2, N, 4]; Tensor[2, N, 4]', [
    'onnx.GRU(x, w, r, hidden_size = 4, direction = "bidirectional", linear_before_reset = 1)',
  ]),
  ...on(
    'x: Tensor[T, N, 3], w: Tensor[1, 16, 3], r: Tensor[1, 16, 4], b: Tensor[1, 32]',
    'Tensor[T, 1, N, 4]; Tensor[1, N, 4]; Tensor[1, N, 4]',
    ['onnx.LSTM(x, w, r, b, hidden_size = 4, direction = "reverse")'],
  ),
  ...on('x: Tensor[T, N, 3], w: Tensor[1, 4, 3], r: Tensor[1, 4, 4]', 'Tensor[T, 1, N, 4]', [
    'onnx.RNN(x, w, r, hidden_size = 4, activations = ["Relu"])',
  ]),
];
