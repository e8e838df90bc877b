import type { Value } from '../3-graph/graph.js';
import type { GraphBuilder } from '../3-graph/graph-builder.js';
import type { TensorType } from '../ops/types.js';
import type { TrainingState } from './training-state.js';

/** The numbers are those of `torch.amp.GradScaler`, the bounds those of NVIDIA Apex and below. All are powers of two, so that scaling loses nothing. */
export const lossScale = { start: 2 ** 16, growth: 2, backoff: 1 / 2, interval: 2000, most: 2 ** 24, least: 2 ** -8 } as const;

/** The states of loss scaling. */
export const scalingStates = { scale: 'loss_scale', good: 'good_steps', skipped: 'skipped_steps' } as const;

const float: TensorType = { dtype: 'f32', shape: [] };
const count: TensorType = { dtype: 'i32', shape: [] };

/** What the loss is multiplied with before its gradient is taken, so that small gradients are not 0 in f16: an f32 scalar. */
export function readLossScale(state: TrainingState): Value {
  return state.input(scalingStates.scale, float, { kind: 'constant', value: lossScale.start });
}

/** The gradients of the loss from those of the scaled loss. */
export function unscaled(g: GraphBuilder, gradients: readonly Value[], scale: Value): readonly Value[] {
  const factor = g.div(g.scalar(1, scale), scale);
  return gradients.map((gradient) => g.mul(gradient, factor));
}

/**
 * Writes the next scale. A step whose gradients are not finite halves it and changes nothing else; it is doubled after enough steps in a row that
 * were taken.
 */
export function writeLossScale(g: GraphBuilder, state: TrainingState, scale: Value, isTaken: Value): void {
  const good = state.input(scalingStates.good, count, { kind: 'zeros' });
  const skipped = state.input(scalingStates.skipped, count, { kind: 'zeros' });
  const [more, none] = [g.shift(good, 1), g.zerosLike(good)];
  const isDue = g.greaterEqual(more, g.scalar(lossScale.interval, more));
  const larger = g.minimum(g.scale(scale, lossScale.growth), g.scalar(lossScale.most, scale));
  const smaller = g.maximum(g.scale(scale, lossScale.backoff), g.scalar(lossScale.least, scale));
  state.always(scalingStates.scale, g.where(isTaken, g.where(isDue, larger, scale), smaller));
  state.always(scalingStates.good, g.where(isTaken, g.where(isDue, none, more), none));
  state.always(scalingStates.skipped, g.where(isTaken, skipped, g.shift(skipped, 1)));
}
