import type { RateSchedule } from '../api/training.js';
import type { Builder } from '../ops/builder.js';
import { EvalBuilder } from '../ops/evaluate.js';
import { ndArray } from '../ops/nd/array.js';

/**
 * The learning rate of a step, as a float scalar; `step` is the number of steps taken before it. With a warmup it grows linearly from 0, as in `get_linear_schedule_with_warmup` and
 * `get_cosine_schedule_with_warmup` of Hugging Face Transformers; then it falls to `end` times its peak, linearly or along half a period of a cosine, and stays there.
 */
export function scheduled<V>(g: Builder<V>, { name, peak, warmup, steps, end }: RateSchedule, step: V): V {
  const isLinear = name === 'linear' || name === 'warmup_linear';
  const isConstant = name === 'constant';
  const from = name === 'warmup_linear' || name === 'warmup_cosine' ? warmup : 0;
  const past = g.scale(g.shift(step, -from), 1 / Math.max(1, steps - from));
  const progress = g.minimum(g.maximum(past, g.scalar(0, step)), g.scalar(1, step));
  const falling = isLinear ? g.sub(g.scalar(1, step), progress) : g.shift(g.scale(g.op('cos', [g.scale(progress, Math.PI)]), 0.5), 0.5);
  const after = isConstant ? g.scalar(1, step) : g.shift(g.scale(falling, 1 - end), end);
  if (from === 0) return g.scale(after, peak);
  const growing = g.scale(step, 1 / from);
  return g.scale(g.where(g.less(step, g.scalar(from, step)), growing, after), peak);
}

/** The learning rate after `step` steps, as the graph computes it, in f64. */
export function rateAt(rate: number | RateSchedule, step: number): number {
  if (typeof rate === 'number') return rate;
  const [value = Number.NaN] = scheduled(new EvalBuilder(), rate, ndArray('f64', [], Float64Array.of(step))).data;
  return value;
}
