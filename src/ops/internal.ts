import { joinedAttention } from './attention/joined-attention.js';
import { packedAttention } from './attention/packed-attention.js';
import type { Op } from './define.js';
import { biasGelu } from './elementwise/bias-gelu.js';
import { transposedMatmul } from './linalg/transposed-matmul.js';
import { skipLayerNorm } from './norm/skip-layer-norm.js';
import { dequantizeSteps } from './quantized/dequantize-steps.js';
import { gatherNBits } from './quantized/gather-n-bits.js';
import { matmulDynamic } from './quantized/matmul-dynamic.js';
import { matmulNBits } from './quantized/matmul-n-bits.js';
import { narrow } from './quantized/narrow.js';
import { quantizeBlocks } from './quantized/quantize-blocks.js';
import { quantizeColumns } from './quantized/quantize-columns.js';
import { quantizeSteps } from './quantized/quantize-steps.js';
import { widen } from './quantized/widen.js';

/**
 * Operators that only passes write and that are not in the language: fusions of several operators for which a target has a single kernel, and operators that pack weights or read
 * packed ones.
 */
export const internalOps: readonly Op[] = [
  biasGelu,
  joinedAttention,
  packedAttention,
  skipLayerNorm,
  transposedMatmul,
  dequantizeSteps,
  gatherNBits,
  matmulDynamic,
  matmulNBits,
  narrow,
  quantizeBlocks,
  quantizeColumns,
  quantizeSteps,
  widen,
];
