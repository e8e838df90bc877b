import { attention } from './attention/attention.js';
import { conv1d, conv2d, conv3d } from './conv/conv.js';
import { convTranspose1d, convTranspose2d, convTranspose3d } from './conv/conv-transpose.js';
import { dimValue } from './create/dim-value.js';
import { eye } from './create/eye.js';
import { full } from './create/full.js';
import { fullLike } from './create/full-like.js';
import { ones } from './create/ones.js';
import { onesLike } from './create/ones-like.js';
import { randomUniform } from './create/random-uniform.js';
import { range } from './create/range.js';
import { zeros } from './create/zeros.js';
import { zerosLike } from './create/zeros-like.js';
import type { Op } from './define.js';
import { dropout } from './dropout/dropout.js';
import { abs } from './elementwise/abs.js';
import { acos } from './elementwise/acos.js';
import { add } from './elementwise/add.js';
import { asin } from './elementwise/asin.js';
import { atan } from './elementwise/atan.js';
import { cast } from './elementwise/cast.js';
import { ceil } from './elementwise/ceil.js';
import { celu } from './elementwise/celu.js';
import { clip } from './elementwise/clip.js';
import { cos } from './elementwise/cos.js';
import { cosh } from './elementwise/cosh.js';
import { div } from './elementwise/div.js';
import { elu } from './elementwise/elu.js';
import { erf } from './elementwise/erf.js';
import { exp } from './elementwise/exp.js';
import { expm1 } from './elementwise/expm1.js';
import { floor } from './elementwise/floor.js';
import { floorDiv } from './elementwise/floor-div.js';
import { gelu } from './elementwise/gelu.js';
import { hardsigmoid } from './elementwise/hardsigmoid.js';
import { hardswish } from './elementwise/hardswish.js';
import { leakyRelu } from './elementwise/leaky-relu.js';
import { log } from './elementwise/log.js';
import { log1p } from './elementwise/log1p.js';
import { logsigmoid } from './elementwise/logsigmoid.js';
import { maximum } from './elementwise/maximum.js';
import { minimum } from './elementwise/minimum.js';
import { mish } from './elementwise/mish.js';
import { mod } from './elementwise/mod.js';
import { mul } from './elementwise/mul.js';
import { neg } from './elementwise/neg.js';
import { pow } from './elementwise/pow.js';
import { prelu } from './elementwise/prelu.js';
import { quickGelu } from './elementwise/quick-gelu.js';
import { reciprocal } from './elementwise/reciprocal.js';
import { relu } from './elementwise/relu.js';
import { relu6 } from './elementwise/relu6.js';
import { round } from './elementwise/round.js';
import { rsqrt } from './elementwise/rsqrt.js';
import { selu } from './elementwise/selu.js';
import { sigmoid } from './elementwise/sigmoid.js';
import { sign } from './elementwise/sign.js';
import { silu } from './elementwise/silu.js';
import { sin } from './elementwise/sin.js';
import { sinh } from './elementwise/sinh.js';
import { softplus } from './elementwise/softplus.js';
import { softsign } from './elementwise/softsign.js';
import { sqrt } from './elementwise/sqrt.js';
import { square } from './elementwise/square.js';
import { stopGradient } from './elementwise/stop-gradient.js';
import { sub } from './elementwise/sub.js';
import { tan } from './elementwise/tan.js';
import { tanh } from './elementwise/tanh.js';
import { embedding } from './index/embedding.js';
import { gather } from './index/gather.js';
import { gatherElements } from './index/gather-elements.js';
import { gatherNd } from './index/gather-nd.js';
import { indexAt } from './index/index-at.js';
import { nms } from './index/nms.js';
import { nonzero } from './index/nonzero.js';
import { oneHot } from './index/one-hot.js';
import { scatterElements } from './index/scatter-elements.js';
import { scatterNd } from './index/scatter-nd.js';
import { unique } from './index/unique.js';
import { einsum } from './linalg/einsum.js';
import { matmul } from './linalg/matmul.js';
import { equal } from './logic/equal.js';
import { greater } from './logic/greater.js';
import { greaterEqual } from './logic/greater-equal.js';
import { isinf } from './logic/isinf.js';
import { isnan } from './logic/isnan.js';
import { less } from './logic/less.js';
import { lessEqual } from './logic/less-equal.js';
import { logicalAnd } from './logic/logical-and.js';
import { logicalNot } from './logic/logical-not.js';
import { logicalOr } from './logic/logical-or.js';
import { logicalXor } from './logic/logical-xor.js';
import { notEqual } from './logic/not-equal.js';
import { where } from './logic/where.js';
import { accuracy } from './loss/accuracy.js';
import { bceLoss } from './loss/bce-loss.js';
import { bceWithLogits } from './loss/bce-with-logits.js';
import { cosineSimilarity } from './loss/cosine-similarity.js';
import { crossEntropy } from './loss/cross-entropy.js';
import { huberLoss } from './loss/huber-loss.js';
import { klDiv } from './loss/kl-div.js';
import { l1Loss } from './loss/l1-loss.js';
import { mseLoss } from './loss/mse-loss.js';
import { nllLoss } from './loss/nll-loss.js';
import { smoothL1Loss } from './loss/smooth-l1-loss.js';
import { batchNorm } from './norm/batch-norm.js';
import { groupNorm } from './norm/group-norm.js';
import { instanceNorm } from './norm/instance-norm.js';
import { layerNorm } from './norm/layer-norm.js';
import { rmsNorm } from './norm/rms-norm.js';
import { adaptiveAvgPool1d, adaptiveAvgPool2d, adaptiveAvgPool3d } from './pool/adaptive-avg-pool.js';
import { adaptiveMaxPool1d, adaptiveMaxPool2d, adaptiveMaxPool3d } from './pool/adaptive-max-pool.js';
import { avgPool1d, avgPool2d, avgPool3d } from './pool/avg-pool.js';
import { globalAvgPool } from './pool/global-avg-pool.js';
import { globalMaxPool } from './pool/global-max-pool.js';
import { maxPool1d, maxPool2d, maxPool3d } from './pool/max-pool.js';
import { gru } from './recurrent/gru.js';
import { lstm } from './recurrent/lstm.js';
import { rnn } from './recurrent/rnn.js';
import { all } from './reduce/all.js';
import { any } from './reduce/any.js';
import { argmax } from './reduce/argmax.js';
import { argmin } from './reduce/argmin.js';
import { cumsum } from './reduce/cumsum.js';
import { logSoftmax } from './reduce/log-softmax.js';
import { logsumexp } from './reduce/logsumexp.js';
import { max } from './reduce/max.js';
import { mean } from './reduce/mean.js';
import { min } from './reduce/min.js';
import { norm } from './reduce/norm.js';
import { prod } from './reduce/prod.js';
import { softmax } from './reduce/softmax.js';
import { std } from './reduce/std.js';
import { sum } from './reduce/sum.js';
import { topk } from './reduce/topk.js';
import { variance } from './reduce/var.js';
import { interpolate } from './resize/interpolate.js';
import { pixelShuffle } from './resize/pixel-shuffle.js';
import { pixelUnshuffle } from './resize/pixel-unshuffle.js';
import { concat } from './shape/concat.js';
import { expand } from './shape/expand.js';
import { flatten } from './shape/flatten.js';
import { flip } from './shape/flip.js';
import { pad } from './shape/pad.js';
import { repeatInterleave } from './shape/repeat-interleave.js';
import { reshape } from './shape/reshape.js';
import { roll } from './shape/roll.js';
import { slice } from './shape/slice.js';
import { split } from './shape/split.js';
import { squeeze } from './shape/squeeze.js';
import { stack } from './shape/stack.js';
import { tile } from './shape/tile.js';
import { transpose } from './shape/transpose.js';
import { tril } from './shape/tril.js';
import { triu } from './shape/triu.js';
import { unsqueeze } from './shape/unsqueeze.js';

/** Every operator that archc knows. An operator that is not in this list does not exist; the architecture test checks that each file is here. */
export const ops: readonly Op[] = [
  all,
  any,
  argmax,
  argmin,
  cumsum,
  logSoftmax,
  logsumexp,
  max,
  mean,
  min,
  norm,
  prod,
  softmax,
  std,
  sum,
  topk,
  variance,
  abs,
  acos,
  add,
  asin,
  atan,
  cast,
  ceil,
  celu,
  clip,
  cos,
  cosh,
  div,
  elu,
  erf,
  exp,
  expm1,
  floorDiv,
  floor,
  gelu,
  hardsigmoid,
  hardswish,
  leakyRelu,
  log,
  log1p,
  logsigmoid,
  maximum,
  minimum,
  mish,
  mod,
  mul,
  neg,
  pow,
  prelu,
  quickGelu,
  reciprocal,
  relu,
  relu6,
  round,
  rsqrt,
  selu,
  sigmoid,
  sign,
  silu,
  sin,
  sinh,
  softplus,
  softsign,
  sqrt,
  square,
  stopGradient,
  sub,
  tan,
  tanh,
  equal,
  greaterEqual,
  greater,
  isinf,
  isnan,
  lessEqual,
  less,
  logicalAnd,
  logicalNot,
  logicalOr,
  logicalXor,
  notEqual,
  where,
  concat,
  expand,
  flatten,
  flip,
  pad,
  repeatInterleave,
  reshape,
  roll,
  slice,
  split,
  squeeze,
  stack,
  tile,
  transpose,
  tril,
  triu,
  unsqueeze,
  einsum,
  matmul,
  embedding,
  gatherElements,
  gatherNd,
  nonzero,
  nms,
  unique,
  gather,
  indexAt,
  oneHot,
  scatterElements,
  scatterNd,
  dimValue,
  eye,
  fullLike,
  full,
  onesLike,
  ones,
  randomUniform,
  range,
  zerosLike,
  zeros,
  accuracy,
  bceLoss,
  bceWithLogits,
  cosineSimilarity,
  crossEntropy,
  huberLoss,
  klDiv,
  l1Loss,
  mseLoss,
  nllLoss,
  smoothL1Loss,
  conv1d,
  conv2d,
  conv3d,
  convTranspose1d,
  convTranspose2d,
  convTranspose3d,
  maxPool1d,
  maxPool2d,
  maxPool3d,
  avgPool1d,
  avgPool2d,
  avgPool3d,
  globalAvgPool,
  globalMaxPool,
  adaptiveAvgPool1d,
  adaptiveAvgPool2d,
  adaptiveAvgPool3d,
  adaptiveMaxPool1d,
  adaptiveMaxPool2d,
  adaptiveMaxPool3d,
  batchNorm,
  layerNorm,
  rmsNorm,
  instanceNorm,
  groupNorm,
  lstm,
  gru,
  rnn,
  attention,
  interpolate,
  pixelShuffle,
  pixelUnshuffle,
  dropout,
];
