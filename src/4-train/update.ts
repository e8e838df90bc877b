import type { CheckedTraining } from '../2-check/train/checked-training.js';
import type { Value } from '../3-graph/graph.js';
import type { GraphBuilder } from '../3-graph/graph-builder.js';
import type { Initializer } from '../ops/initializer.js';
import { nth } from '../ops/only.js';
import { numberIn, square } from './optimizers/optimizer.js';
import { joined, momentsOf, type Piece, separated } from './pieces.js';
import type { TrainingState } from './training-state.js';

export interface UpdateOptions {
  readonly lr: Value;
  /** How many steps were taken before: an i32 scalar. */
  readonly step: Value;
}

/** A piece with the gradient of its weights. */
interface Derived {
  readonly piece: Piece;
  readonly gradient: Value;
}

/** Writes what an optimizer does with gradients: the new weights, and its own state. `gradients` are in the order of the pieces. Returns what is subtracted from the weights of each piece. */
export function writeUpdate(
  g: GraphBuilder,
  pieces: readonly Piece[],
  gradients: readonly Value[],
  training: Pick<CheckedTraining, 'clipNorm' | 'clipValue' | 'ema'>,
  state: TrainingState,
  { lr, step }: UpdateOptions,
): readonly Value[] {
  const derived = pieces.map((piece, i): Derived => ({ piece, gradient: nth(gradients, i) }));
  const time = g.cast(g.shift(step, 1), 'f32');
  return clipped(g, derived, training).map((one, index) => {
    const { lrScale } = one.piece;
    const { after, change } = updated(g, one, { rate: lrScale === 1 ? lr : g.scale(lr, lrScale), time, state, index });
    for (const [i, { name, value }] of one.piece.weights.entries()) {
      const weight = nth(after, i);
      state.next(name, weight);
      if (training.ema !== undefined) writeAverage(g, name, { before: value, after: weight, decay: training.ema, state });
    }
    return change;
  });
}

/** First each element, then all of them together: as `clip_grad_value_` and `clip_grad_norm_` of PyTorch. */
function clipped(
  g: GraphBuilder,
  derived: readonly Derived[],
  { clipNorm, clipValue }: Pick<CheckedTraining, 'clipNorm' | 'clipValue'>,
): readonly Derived[] {
  const bounded =
    clipValue === undefined
      ? derived
      : derived.map((one) => ({ ...one, gradient: g.op('clip', [one.gradient], { min: -clipValue, max: clipValue }) }));
  if (clipNorm === undefined) return bounded;
  const squares = bounded.map(({ gradient }) => g.sum(square(g, gradient)));
  const norm = g.sqrt(squares.reduce((a, b) => g.add(a, b)));
  const factor = g.minimum(g.div(g.scalar(clipNorm, norm), g.shift(norm, 1e-6)), g.scalar(1, norm));
  return bounded.map((one) => ({ ...one, gradient: g.mul(one.gradient, factor) }));
}

interface PieceUpdate {
  readonly rate: Value;
  readonly time: Value;
  readonly state: TrainingState;
  readonly index: number;
}

/** The new values of the weights of a piece, and what is subtracted from them. */
function updated(
  g: GraphBuilder,
  { piece, gradient }: Derived,
  { rate, time, state, index }: PieceUpdate,
): { readonly after: readonly Value[]; readonly change: Value } {
  const { optimizer, options, weights } = piece;
  const decay = numberIn(options, 'weight_decay');
  const isDecoupled = optimizer.kind === 'tensor' || optimizer.decays === 'weight';
  const values = weights.map(({ value }) => value);
  const moments = momentsOf(piece, index).map(({ state: name, moment, shape }) => {
    return { name, value: state.input(name, { dtype: 'f32', shape }, startOf(moment.start)) };
  });
  const total = isDecoupled || decay === 0 ? gradient : g.add(gradient, g.scale(joined(g, piece, values), decay));
  const call = { gradient: total, moments: moments.map(({ value }) => value), lr: rate, time, options };
  const result = optimizer.kind === 'tensor' ? optimizer.step(g, { ...call, weight: nth(values, 0) }) : optimizer.step(g, call);
  for (const [i, { name }] of moments.entries()) state.next(name, nth(result.moments, i));
  const changes = separated(g, piece, result.change);
  const kept = isDecoupled && decay !== 0 ? g.sub(g.scalar(1, rate), g.scale(rate, decay)) : undefined;
  const after = values.map((value, i) => g.sub(kept === undefined ? value : g.mul(value, kept), nth(changes, i)));
  return { after, change: result.change };
}

function startOf(value: number): Initializer {
  return value === 0 ? { kind: 'zeros' } : { kind: 'constant', value };
}

interface Average {
  readonly before: Value;
  readonly after: Value;
  readonly decay: number;
  readonly state: TrainingState;
}

/** The moving average of a weight, which begins with the weight. */
function writeAverage(g: GraphBuilder, name: string, { before, after, decay, state }: Average): void {
  const average = state.input(averageOf(name), before.type, { kind: 'stored' });
  state.next(averageOf(name), g.add(g.scale(average, decay), g.scale(after, 1 - decay)));
}

/** The name of the state that holds the moving average of a weight. */
export function averageOf(weight: string): string {
  return `ema.${weight}`;
}
