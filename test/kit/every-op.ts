import type { Op } from '../../src/ops/define.js';
import { ops } from '../../src/ops/index.js';
import { internalOps } from '../../src/ops/internal.js';

/** The operators of the language, and those that only rewrites write. Without those between a weight and its stored form, which not every target has: test/ops/quantized.test.ts tests them. */
export const everyOp: readonly Op[] = [...ops, ...internalOps.filter(({ storage }) => storage === undefined)];
