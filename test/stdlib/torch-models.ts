/** The models of fixtures/make.py in archc, under the same names; the layer of interest is called `m`. */
export const torchModels: Readonly<Record<string, string>> = {
  linear: model('x: Tensor[N, T, 5]', 'y: Tensor[N, T, 3]', 'x -> m: Linear(3)'),
  linear_no_bias: model('x: Tensor[5]', 'y: Tensor[3]', 'x -> m: Linear(3, bias = false)'),
  embedding: model('ids: Tensor<i64>[N, T]', 'y: Tensor[N, T, 3]', 'ids -> m: Embedding(7, 3)'),
  swiglu: model('x: Tensor[N, T, 6]', 'y: Tensor[N, T, 6]', 'x -> m: SwiGLU(10)'),
  glu: model('x: Tensor[N, T, 6]', 'y: Tensor[N, T, 3]', 'x -> glu'),
  prelu: image('m: PReLU'),
  prelu_channels: image('m: PReLU(per_channel = true)'),
  conv1d: sequence('m: Conv1d(6, 3, stride = 2, padding = 1)'),
  conv1d_same: sequence('m: Conv1d(6, kernel = 4, padding = "same", dilation = 2)'),
  conv2d: image('m: Conv2d(6, kernel = 3, stride = 2, padding = 1)'),
  conv2d_sides: image('m: Conv2d(6, kernel = [3, 2], stride = [2, 1], padding = [1, 0], dilation = [1, 2], bias = false)'),
  conv2d_groups: image('m: Conv2d(8, 3, groups = 2)'),
  conv3d: model('x: Tensor[N, 2, D, H, W]', 'y: Tensor[N, 3, E, I, J]', 'x -> m: Conv3d(3, kernel = [1, 3, 2], padding = 1)'),
  conv_transpose1d: sequence('m: ConvTranspose1d(6, 3, stride = 2, padding = 1, output_padding = 1, groups = 2)'),
  conv_transpose2d: image('m: ConvTranspose2d(6, kernel = [2, 3], stride = 2, dilation = [1, 2])'),
  conv_transpose2d_no_bias: image('m: ConvTranspose2d(6, kernel = 2, stride = 2, bias = false)'),
  batch_norm1d: model('x: Tensor[N, 4]', 'y: Tensor[N, 4]', 'x -> m: BatchNorm1d'),
  batch_norm1d_sequence: sequence('m: BatchNorm1d(affine = false)'),
  batch_norm2d: image('m: BatchNorm2d(eps = 1e-3)'),
  batch_norm3d: model('x: Tensor[N, 2, D, H, W]', 'y: Tensor[N, 2, D, H, W]', 'x -> m: BatchNorm3d'),
  layer_norm: model('x: Tensor[N, T, 5]', 'y: Tensor[N, T, 5]', 'x -> m: LayerNorm'),
  layer_norm_no_bias: model('x: Tensor[N, T, 5]', 'y: Tensor[N, T, 5]', 'x -> m: LayerNorm(bias = false)'),
  rms_norm: model('x: Tensor[N, T, 5]', 'y: Tensor[N, T, 5]', 'x -> m: RMSNorm(eps = 1e-6)'),
  group_norm: image('m: GroupNorm(2)'),
  group_norm_plain: model('x: Tensor[N, 4]', 'y: Tensor[N, 4]', 'x -> m: GroupNorm(2, affine = false)'),
  instance_norm2d: image('m: InstanceNorm2d'),
  instance_norm2d_affine: image('m: InstanceNorm2d(affine = true)'),
  lstm: model('x: Tensor[N, T, 5]', 'y: Tensor[N, T, 3], h: Tensor[2, N, 3], c: Tensor[2, N, 3]', 'x -> m: LSTM(3, layers = 2)'),
  lstm_bidirectional: model(
    'x: Tensor[N, T, 5], lengths: Tensor<i64>[N]',
    'y: Tensor[N, T, 6], h: Tensor[4, N, 3], c: Tensor[4, N, 3]',
    'm: LSTM(3, layers = 2, bidirectional = true)(x, lengths = lengths)',
  ),
  lstm_states: `model M(x: Tensor[N, T, 5], h0: Tensor[4, N, 3], c0: Tensor[4, N, 3]) -> (y: Tensor[N, T, 6]) {
  (y, _) = m: LSTM(3, layers = 2, bidirectional = true, bias = false)(x, h0, c0)
  return y
}`,
  gru: model(
    'x: Tensor[N, T, 5], lengths: Tensor<i64>[N]',
    'y: Tensor[N, T, 6], h: Tensor[4, N, 3]',
    'm: GRU(3, layers = 2, bidirectional = true)(x, lengths = lengths)',
  ),
  gru_states: `model M(x: Tensor[N, T, 5], h0: Tensor[2, N, 3]) -> (y: Tensor[N, T, 3]) {
  (y, _) = m: GRU(3, layers = 2, bias = false)(x, h0)
  return y
}`,
  rnn: model('x: Tensor[N, T, 5]', 'y: Tensor[N, T, 6], h: Tensor[4, N, 3]', 'x -> m: RNN(3, layers = 2, bidirectional = true)'),
  rnn_relu: model('x: Tensor[N, T, 5]', 'y: Tensor[N, T, 3], h: Tensor[1, N, 3]', 'x -> m: RNN(3, bias = false, activation = "relu")'),
  multihead_attention: model(
    'q: Tensor[N, T, 8], k: Tensor[N, S, 8], v: Tensor[N, S, 8], keep: Tensor<bool>[N, S]',
    'y: Tensor[N, T, 8]',
    'm: MultiheadAttention(2)(q, k, v, unsqueeze(keep, [1, 2]))',
  ),
  multihead_attention_no_bias: model('x: Tensor[N, T, 8]', 'y: Tensor[N, T, 8]', 'm: MultiheadAttention(4, bias = false)(x, x, x)'),
  encoder_layer: model('x: Tensor[N, T, 8]', 'y: Tensor[N, T, 8]', 'x -> m: TransformerEncoderLayer(2, ff = 12)'),
  encoder_layer_norm_first: model(
    'x: Tensor[N, T, 8], keep: Tensor<bool>[N, T]',
    'y: Tensor[N, T, 8]',
    'x -> m: TransformerEncoderLayer(2, ff = 12, act = gelu, norm_first = true)(unsqueeze(keep, [1, 2]))',
  ),
  decoder_layer: `import { causal_mask } from "std/attention"
${model(
  'x: Tensor[N, T, 8], memory: Tensor[N, S, 8], keep: Tensor<bool>[N, S]',
  'y: Tensor[N, T, 8]',
  'x -> m: TransformerDecoderLayer(2, ff = 12)(memory, causal_mask(T), unsqueeze(keep, [1, 2]))',
)}`,
  decoder_layer_norm_first: model(
    'x: Tensor[N, T, 8], memory: Tensor[N, S, 8]',
    'y: Tensor[N, T, 8]',
    'x -> m: TransformerDecoderLayer(2, ff = 12, norm_first = true)(memory)',
  ),
  encoder: model('x: Tensor[N, T, 8]', 'y: Tensor[N, T, 8]', 'x -> m: TransformerEncoder(2, heads = 2, ff = 12, final_norm = true)'),
  decoder: model(
    'x: Tensor[N, T, 8], memory: Tensor[N, S, 8]',
    'y: Tensor[N, T, 8]',
    'x -> m: TransformerDecoder(2, heads = 2, ff = 12)(memory)',
  ),
  patch_embed: model('x: Tensor[N, 3, 4, 6]', 'y: Tensor[N, 6, 5]', 'x -> m: PatchEmbed(dim = 5, patch = 2)'),
  squeeze_excitation: image('m: SqueezeExcitation(2)'),
  sinusoidal: model('x: Tensor[N, 4, 6]', 'y: Tensor[N, 4, 6]', 'x + sinusoidal(9, 6)[0..4]'),
  sinusoidal_odd: model('x: Tensor[N, T, 5]', 'y: Tensor[N, T, 5]', 'x + sinusoidal(T, 5)'),
  learned_positions: model('x: Tensor[N, 4, 5]', 'y: Tensor[N, 4, 5]', 'x -> m: LearnedPositions(6)'),
  rope: `import { rope } from "std/attention"
${model('q: Tensor[N, h, T, 6], pos: Tensor<i64>[N, T]', 'y: Tensor[N, h, T, 6]', 'q -> rope(pos)')}`,
  causal: `import { causal_mask } from "std/attention"
${model(
  'q: Tensor[N, h, T, 5], k: Tensor[N, h, T, 5], v: Tensor[N, h, T, 5]',
  'y: Tensor[N, h, T, 5]',
  'attention(q, k, v, causal_mask(T))',
)}`,
  causal_past: `import { causal_mask } from "std/attention"
${model(
  'q: Tensor[N, h, T, 5], k: Tensor[N, h, 2 + T, 5], v: Tensor[N, h, 2 + T, 5]',
  'y: Tensor[N, h, T, 5]',
  'attention(q, k, v, causal_mask(T, past = 2))',
)}`,
};

function model(inputs: string, outputs: string, value: string): string {
  return `model M(${inputs}) -> (${outputs}) {\n  return ${value}\n}`;
}

function image(stage: string): string {
  return model('x: Tensor[N, 4, H, W]', 'y: Tensor[N, O, I, J]', `x -> ${stage}`);
}

function sequence(stage: string): string {
  return model('x: Tensor[N, 4, L]', 'y: Tensor[N, O, M]', `x -> ${stage}`);
}
