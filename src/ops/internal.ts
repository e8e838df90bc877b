import { packedAttention } from './attention/packed-attention.js';
import type { Op } from './define.js';
import { biasGelu } from './elementwise/bias-gelu.js';
import { skipLayerNorm } from './norm/skip-layer-norm.js';

/** The operators that only rewrites write: what several operators of the language are together where a target has one kernel for them. The language does not have them. */
export const internalOps: readonly Op[] = [biasGelu, packedAttention, skipLayerNorm];
