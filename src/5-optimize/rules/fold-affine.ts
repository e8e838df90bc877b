import { affineAt } from '../linear/affine.js';
import { type Ahead, foldAhead } from '../linear/fold-ahead.js';
import { type Behind, foldBehind } from '../linear/fold-behind.js';
import { rule } from '../rule.js';

/**
 * Folds a scale or shift into the convolution or linear layer before it: a scalar, or one number for each channel.
 *
 * Before: `y = (x @ w + b) * s`. After: `y = x @ (w * s) + b * s`. The same for `/`, `+` and `-`, also after a reshape or transpose, as in `rearrange(x @ w, ..) * (1 / sqrt(d))`, the scale of attention.
 * The map is linear in `x`, so the factor may be applied to its weights. ONNX Runtime merges a scalar on the CPU and on CUDA, but not on WebGPU, where this saves one kernel for each attention.
 */
export const foldAffine = rule<Behind>({
  name: 'fold-affine',
  summary: 'folds scales and shifts into the convolution or linear layer before them',
  level: 2,
  ...foldBehind(affineAt),
});

/**
 * Folds a scale or shift into the convolutions and linear layers after it, if nothing else reads its result.
 *
 * Before: `y = conv2d((image - mean) / std, w, b)`. After: `y = conv2d(image, w / std, b - Σ w / std * mean)`, where `mean` and `std` are scalars or have one number for each channel, and the sum is over
 * inputs and taps. Also through reshapes and transposes, as from `[N, H, W, C]`. Nothing is folded into a padded convolution if it shifts: at the edge, the convolution reads zeros, to which nothing is added.
 * This saves a pass over all activations; ONNX Runtime does not do it.
 */
export const foldAffineAhead = rule<Ahead>({
  name: 'fold-affine-ahead',
  summary: 'folds scales and shifts into the convolutions and linear layers after them',
  level: 2,
  ...foldAhead(affineAt),
});
