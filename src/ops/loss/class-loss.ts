import type { Builder } from '../builder.js';
import { classMask } from '../index/class-mask.js';
import { nth } from '../only.js';
import { fromStart } from '../sizes.js';
import { meanOver, type Reduction } from './reduction.js';

/** A loss of log-probabilities against labels, before it is reduced. */
export interface ClassLoss<V> {
  readonly logProbabilities: V;
  readonly labels: V;
  /** One weight per class. */
  readonly weight: V | undefined;
  /** One weight per position. */
  readonly positionWeight: V | undefined;
  readonly axis: number;
  /** Positions with this label do not count. */
  readonly ignoreIndex: number;
  readonly smoothing: number;
  readonly reduction: Reduction;
}

/**
 * Negative log-likelihood with weights, ignored labels and label smoothing, as defined by torch: v ((1 - s) w_t (-log p_t) + s/C Σ_c w_c (-log p_c)), with the weight
 * v of the position, which torch does not have; the mean divides by Σ v w_t over the positions that count, and is 0 if that is 0. A label that is not a class selects
 * nothing. Selects by comparison, not by index: every target has kernels for that. Selects before it multiplies, so that an infinite logarithm of a class that is
 * not selected meets no weight.
 */
export function classLoss<V>(g: Builder<V>, loss: ClassLoss<V>): V {
  const { logProbabilities: x, weight, positionWeight, ignoreIndex, smoothing, reduction } = loss;
  // int64 comparisons run only on the CPU.
  const labels = g.cast(loss.labels, 'i32');
  const axis = fromStart(loss.axis, g.rank(x));
  const classes = nth(g.shape(x), axis);
  const zero = g.scalar(0, x);
  const counts = g.not(g.equal(labels, g.scalar(ignoreIndex, labels)));
  const all = classMask(g, labels, classes, axis);
  // A label that is a class but ignored must select nothing.
  const isNoClass = ignoreIndex < 0 || (classes.constant !== undefined && ignoreIndex >= classes.constant);
  const target = isNoClass ? all : g.and(all, g.unsqueeze(counts, [axis]));
  const trailing = Array.from({ length: g.rank(x) - 1 - axis }, (_, i) => i + 1);
  const aligned = weight === undefined ? undefined : trailing.length === 0 ? weight : g.unsqueeze(weight, trailing);
  const ofTarget = (values: V): V => g.sum(g.where(target, values, zero), [axis]);
  const weighted = (values: V): V => (positionWeight === undefined ? values : g.mul(values, positionWeight));
  const targetWeight = ofTarget(aligned ?? g.scalar(1, x));
  const chosen = g.neg(aligned === undefined ? ofTarget(x) : g.mul(ofTarget(x), targetWeight));
  const sharp = smoothing === 0 ? chosen : g.add(g.scale(chosen, 1 - smoothing), smoothed(g, x, aligned, counts, axis, smoothing));
  const losses = weighted(sharp);
  if (reduction === 'none') return losses;
  const sum = g.sum(losses);
  return reduction === 'sum' ? sum : meanOver(g, sum, g.sum(weighted(targetWeight)));
}

/** s/C Σ_c w_c (-log p_c) at the positions that count. */
function smoothed<V>(g: Builder<V>, x: V, weight: V | undefined, counts: V, axis: number, smoothing: number): V {
  const classes = nth(g.shape(x), axis);
  const sum = g.neg(g.sum(weight === undefined ? x : g.mul(x, weight), [axis]));
  const share = g.div(g.scale(sum, smoothing), g.size(classes, g.type(x).dtype));
  return g.where(counts, share, g.scalar(0, x));
}
