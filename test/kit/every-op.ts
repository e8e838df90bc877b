import type { Op } from '../../src/ops/define.js';
import { ops } from '../../src/ops/index.js';
import { internalOps } from '../../src/ops/internal.js';

/** The operators of the language, and those that only rewrites write, except for those that pack weights or compute with packed ones. Not every target has these; test/ops/quantized.test.ts tests them. */
export const everyOp: readonly Op[] = [...ops, ...internalOps.filter(({ storage }) => storage === undefined)];
