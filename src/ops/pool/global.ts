import { Dim } from '../../dims/dim.js';
import type { Rule } from '../rule.js';
import type { TensorType } from '../types.js';
import { demandImage } from './pooling.js';

/** All axes after batch and channels. */
export function spatialAxes(rank: number): readonly number[] {
  return Array.from({ length: rank - 2 }, (_, i) => i + 2);
}

/** `[N, C, ..]` with every position axis of size 1. */
export function inferGlobalPool(rule: Rule, x: TensorType): readonly TensorType[] {
  rule.dtype('x', x, 'float');
  rule.rank('x', x, { min: 3 }, '[N, C, H, W]');
  demandImage(rule, x);
  return [{ dtype: x.dtype, shape: x.shape.map((size, i) => (i < 2 ? size : Dim.one)) }];
}
