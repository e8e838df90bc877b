import type { Foreign } from './foreign.js';

/** A layer of another library. */
export interface Constructor extends Foreign {
  readonly from: 'torch.nn' | 'torchvision.ops' | 'timm.layers';
  /** What to write instead of a layer as an argument. */
  readonly layers?: string;
}

const batchFirst = 'sequences are `[N, T, D]`, as with `batch_first = True`';
const conv = ['in_channels ~', 'out_channels = out', 'kernel_size = kernel', 'stride', 'padding', 'dilation', 'groups', 'bias'];
const convTransposed = [...conv.slice(0, 5), 'output_padding', 'groups', 'bias', 'dilation'];
const batchNorm = ['num_features ~', 'eps', 'momentum', 'affine'];
const recurrent = ['bias', 'batch_first -', 'dropout', 'bidirectional'];
const sizes = ['input_size ~', 'hidden_size = hidden', 'num_layers = layers'];
const inTransformer = [
  'd_model ~',
  'nhead = heads',
  'dim_feedforward = ff',
  'dropout',
  'activation = act',
  'layer_norm_eps = eps',
  'batch_first -',
  'norm_first',
];

/** Layers of the standard library whose names PyTorch, torchvision or timm have. */
export const constructors: Readonly<Record<string, Constructor>> = {
  Linear: { from: 'torch.nn', params: ['in_features ~', 'out_features = out', 'bias'] },
  Embedding: { from: 'torch.nn', params: ['num_embeddings = num', 'embedding_dim = dim'] },
  Dropout: { from: 'torch.nn', params: ['p', 'inplace -'] },
  PReLU: { from: 'torch.nn', params: ['num_parameters = per_channel', 'init'] },
  Conv1d: { from: 'torch.nn', params: conv },
  Conv2d: { from: 'torch.nn', params: conv },
  Conv3d: { from: 'torch.nn', params: conv },
  ConvTranspose1d: { from: 'torch.nn', params: convTransposed },
  ConvTranspose2d: { from: 'torch.nn', params: convTransposed },
  BatchNorm1d: { from: 'torch.nn', params: batchNorm },
  BatchNorm2d: { from: 'torch.nn', params: batchNorm },
  BatchNorm3d: { from: 'torch.nn', params: batchNorm },
  LayerNorm: { from: 'torch.nn', params: ['normalized_shape ~', 'eps', 'elementwise_affine !', 'bias'] },
  RMSNorm: { from: 'torch.nn', params: ['normalized_shape ~', 'eps'] },
  GroupNorm: { from: 'torch.nn', params: ['num_groups = groups', 'num_channels ~', 'eps', 'affine'] },
  InstanceNorm2d: { from: 'torch.nn', params: ['num_features ~', 'eps', 'momentum -', 'affine'] },
  LSTM: { from: 'torch.nn', params: [...sizes, ...recurrent], note: batchFirst },
  GRU: { from: 'torch.nn', params: [...sizes, ...recurrent], note: batchFirst },
  RNN: { from: 'torch.nn', params: [...sizes, 'nonlinearity = activation', ...recurrent], note: batchFirst },
  MultiheadAttention: { from: 'torch.nn', params: ['embed_dim ~', 'num_heads = heads', 'dropout', 'bias'], note: batchFirst },
  TransformerEncoderLayer: { from: 'torch.nn', params: inTransformer, note: batchFirst },
  TransformerDecoderLayer: { from: 'torch.nn', params: inTransformer, note: batchFirst },
  TransformerEncoder: {
    from: 'torch.nn',
    params: ['encoder_layer !', 'num_layers = layers'],
    layers: 'the stack makes its layers itself: `TransformerEncoder(6, heads = 8, ff = 2048)`',
  },
  TransformerDecoder: {
    from: 'torch.nn',
    params: ['decoder_layer !', 'num_layers = layers'],
    layers: 'the stack makes its layers itself: `TransformerDecoder(6, heads = 8, ff = 2048)`',
  },
  MLP: {
    from: 'torchvision.ops',
    params: ['in_channels ~', 'hidden_channels = widths', 'norm_layer !', 'activation_layer = act', 'inplace -', 'bias', 'dropout'],
  },
  SqueezeExcitation: {
    from: 'torchvision.ops',
    params: ['input_channels ~', 'squeeze_channels = squeeze', 'activation = act', 'scale_activation = gate'],
  },
  PatchEmbed: { from: 'timm.layers', params: ['img_size ~', 'patch_size = patch', 'in_chans ~', 'embed_dim = dim'] },
  SwiGLU: { from: 'timm.layers', params: ['in_features ~', 'hidden_features = hidden'], adds: { bias: 'true' } },
};
