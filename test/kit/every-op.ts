import type { Op } from '../../src/ops/define.js';
import { ops } from '../../src/ops/index.js';
import { internalOps } from '../../src/ops/internal.js';

/** The operators of the language, and those that only rewrites write. */
export const everyOp: readonly Op[] = [...ops, ...internalOps];
