import type { Rule } from '../rule.js';
import { biasGelu } from './bias-gelu.js';
import { foldAffine, foldAffineAhead } from './fold-affine.js';
import { foldBatchNorm, foldBatchNormAhead } from './fold-batch-norm.js';
import { mergeConvolutions } from './merge-convolutions.js';
import { mergeLinear } from './merge-linear.js';
import { mergeLora } from './merge-lora.js';
import { neutralNumbers } from './neutral-numbers.js';
import { packAttention } from './pack-attention.js';
import { scaleEmbedding } from './scale-embedding.js';
import { skipLayerNorm } from './skip-layer-norm.js';

/** The rewrite rules in the order in which they are tried at each operator, each with the reason for its position where it has one. */
export const rules: readonly Rule[] = [
  // Before all others, from whose patterns they would hide an operator.
  neutralNumbers,
  foldBatchNorm,
  // After the one above: what lies between two maps goes into the first, which may be a padded convolution.
  foldBatchNormAhead,
  foldAffine,
  foldAffineAhead,
  scaleEmbedding,
  // After those above, which give adapters and branches one form.
  mergeLora,
  mergeConvolutions,
  mergeLinear,
  // After the rules on linear layers, which they take apart.
  packAttention,
  skipLayerNorm,
  biasGelu,
];
