import { batchNormAt } from '../linear/affine.js';
import { type Ahead, foldAhead } from '../linear/fold-ahead.js';
import { type Behind, foldBehind } from '../linear/fold-behind.js';
import { rule } from '../rule.js';

/**
 * Folds a batch norm into the convolution or linear layer before it.
 *
 * Before: `y = batch_norm(conv2d(x, w, b), mean, var, gamma, beta)`. After: `y = conv2d(x, w * f, b * f + (beta - mean * f))` with `f = gamma / sqrt(var + eps)`, one number for each output
 * channel. The same for transposed convolutions, groups, and products with a weight whose channels are on axis 1. Both sides are linear in `x`, with equal factors. ONNX Runtime does the same for
 * most of these when it loads a file; doing it here makes the file smaller and faster to load.
 */
export const foldBatchNorm = rule<Behind>({
  name: 'fold-batch-norm',
  summary: 'folds batch norm into the convolution or linear layer before it',
  level: 2,
  ...foldBehind(batchNormAt),
});

/**
 * Folds a batch norm into the convolutions and linear layers after it, if nothing else reads its result.
 *
 * Before: `y = conv2d(batch_norm(x, mean, var, gamma, beta), w, b)`. After: `y = conv2d(x, w * f, b + Σ w * (beta - mean * f))`, with the factor `f` of each input channel and the sum over inputs and taps.
 * A padded convolution is refused: at the edge, it reads zeros, to which nothing is added. This saves a pass over all activations; ONNX Runtime does not do it.
 */
export const foldBatchNormAhead = rule<Ahead>({
  name: 'fold-batch-norm-ahead',
  summary: 'folds batch norm into the convolutions and linear layers after it',
  level: 2,
  ...foldAhead(batchNormAt),
});
