import type { Rule } from '../rule.js';
import { biasGelu } from './bias-gelu.js';
import { foldAffine, foldAffineAhead } from './fold-affine.js';
import { foldBatchNorm, foldBatchNormAhead } from './fold-batch-norm.js';
import { fuseAttention } from './fuse-attention.js';
import { joinHeads } from './join-heads.js';
import { keepTransposed } from './keep-transposed.js';
import { mergeBiases } from './merge-biases.js';
import { mergeConvolutions } from './merge-convolutions.js';
import { mergeLinear } from './merge-linear.js';
import { mergeLora } from './merge-lora.js';
import { neutralNumbers } from './neutral-numbers.js';
import { packAttention } from './pack-attention.js';
import { scaleEmbedding } from './scale-embedding.js';
import { skipLayerNorm } from './skip-layer-norm.js';

/** The rules for operators as they are written, in the order in which they are tried at each operator. Comments give the reason for a position if it has one. */
export const rules: readonly Rule[] = [
  // Before all others, because an operator that changes nothing would hide their patterns.
  neutralNumbers,
  foldBatchNorm,
  // After the rule above, so that a batch norm between two maps goes into the first, even if that is a padded convolution.
  foldBatchNormAhead,
  foldAffine,
  foldAffineAhead,
  scaleEmbedding,
  // After the rules above, which bring adapters and branches into one form.
  mergeLora,
  mergeConvolutions,
  mergeLinear,
  // After those above, which make one map of two.
  mergeBiases,
  // After the rules on linear layers, which take factors of the scores into them.
  fuseAttention,
  // After the rules on linear layers, because these take linear layers apart.
  packAttention,
  // After the one above, which takes more operators at once.
  joinHeads,
  skipLayerNorm,
  biasGelu,
];

/** The rules for operators on weights that cannot be stored in another form. */
export const storedWeightRules: readonly Rule[] = [keepTransposed];
