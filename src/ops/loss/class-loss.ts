import type { Builder } from '../builder.js';
import { classMask } from '../index/class-mask.js';
import { nth } from '../only.js';
import { fromStart } from '../sizes.js';
import type { Reduction } from './reduction.js';

/** A loss of log-probabilities against labels, before it is reduced. */
export interface ClassLoss<V> {
  readonly logProbabilities: V;
  readonly labels: V;
  /** One weight per class. */
  readonly weight: V | undefined;
  readonly axis: number;
  /** Positions with this label do not count. */
  readonly ignore: number;
  readonly smoothing: number;
  readonly reduction: Reduction;
}

/**
 * Negative log-likelihood with class weights, ignored labels and label smoothing, as defined by torch: (1 - s) w_t (-log p_t) + s/C Σ_c w_c
 * (-log p_c), and the mean divides by Σ w_t over the positions that count. A label that is not a class selects nothing. Selects by
 * comparison, not by index: every target has kernels for that.
 */
export function classLoss<V>(g: Builder<V>, loss: ClassLoss<V>): V {
  const { logProbabilities: x, weight, ignore, smoothing, reduction } = loss;
  // int64 comparisons run only on the CPU.
  const labels = g.cast(loss.labels, 'i32');
  const axis = fromStart(loss.axis, g.rank(x));
  const classes = nth(g.shape(x), axis);
  const zero = g.scalar(0, x);
  const counts = g.not(g.equal(labels, g.scalar(ignore, labels)));
  const all = classMask(g, labels, classes, axis);
  // A label that is a class but ignored must select nothing.
  const isNoClass = ignore < 0 || (classes.constant !== undefined && ignore >= classes.constant);
  const target = isNoClass ? all : g.and(all, g.unsqueeze(counts, [axis]));
  const trailing = Array.from({ length: g.rank(x) - 1 - axis }, (_, i) => i + 1);
  const aligned = weight === undefined ? undefined : trailing.length === 0 ? weight : g.unsqueeze(weight, trailing);
  const weighted = aligned === undefined ? x : g.mul(x, aligned);
  const chosen = g.neg(g.sum(g.where(target, weighted, zero), [axis]));
  const losses = smoothing === 0 ? chosen : g.add(g.scale(chosen, 1 - smoothing), smoothed(g, weighted, counts, axis, smoothing));
  if (reduction === 'none') return losses;
  if (reduction === 'sum') return g.sum(losses);
  const total = g.sum(g.where(target, aligned ?? g.scalar(1, x), zero));
  return g.div(g.sum(losses), total);
}

/** s/C Σ_c w_c (-log p_c) at the positions that count. */
function smoothed<V>(g: Builder<V>, weighted: V, counts: V, axis: number, smoothing: number): V {
  const classes = nth(g.shape(weighted), axis);
  const sum = g.neg(g.sum(weighted, [axis]));
  const share = g.div(g.scale(sum, smoothing), g.size(classes, g.type(weighted).dtype));
  return g.where(counts, share, g.scalar(0, weighted));
}
