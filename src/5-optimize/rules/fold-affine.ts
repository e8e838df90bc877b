import { affineAt } from '../linear/affine.js';
import { type Ahead, foldAhead } from '../linear/fold-ahead.js';
import { type Behind, foldBehind } from '../linear/fold-behind.js';
import { rule } from '../rule.js';

/**
 * Lets a convolution or a linear layer multiply its result by a scalar or by one number for each channel, or add it.
 *
 * Before: `y = (x @ w + b) * s`. After: `y = x @ (w * s) + b * s`. The same for `/`, `+` and `-`, also behind a reshape or transpose, as in `rearrange(x @ w, ..) * (1 / sqrt(d))`, the scale of attention.
 * The map is linear in `x`, so that the factor may be applied to its weights. ONNX Runtime merges a scalar on the CPU and on CUDA, not on WebGPU, where each attention gets one kernel less.
 */
export const foldAffine = rule<Behind>({
  name: 'fold-affine',
  summary: 'lets a convolution or a linear layer scale and shift its result',
  level: 2,
  ...foldBehind(affineAt),
});

/**
 * Lets the convolutions and linear layers that alone read a value scale and shift it.
 *
 * Before: `y = conv2d((image - mean) / std, w, b)`. After: `y = conv2d(image, w / std, b - Σ w / std * mean)`, where `mean` and `std` are scalars or have one number for each channel, and the sum is over
 * inputs and taps. Also through reshapes and transposes, as from `[N, H, W, C]`. A padded convolution keeps what is added before it: at the edge it reads zeros, to which nothing is added.
 * ONNX Runtime does not do this; a pass over all activations is saved.
 */
export const foldAffineAhead = rule<Ahead>({
  name: 'fold-affine-ahead',
  summary: 'lets convolutions and linear layers scale and shift what they read',
  level: 2,
  ...foldAhead(affineAt),
});
