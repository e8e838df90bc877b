import type { AnyRule } from '../rule.js';
import { foldBatchNorm } from './fold-batch-norm.js';

/** The rewrite rules in the order in which they are tried at each operator, each with the reason for its position where it has one. */
export const rules: readonly AnyRule[] = [foldBatchNorm];
