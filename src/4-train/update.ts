import type { CheckedTraining } from '../2-check/train/checked-training.js';
import type { Value } from '../3-graph/graph.js';
import type { GraphBuilder } from '../3-graph/graph-builder.js';
import type { MomentLayout } from '../api/training.js';
import { Dim } from '../dims/dim.js';
import type { Initializer } from '../ops/initializer.js';
import { nth } from '../ops/only.js';
import { concrete, product } from '../ops/sizes.js';
import { bytesOf, type Shape } from '../ops/types.js';
import { optimizerFor } from './optimizers/index.js';
import { type ElementwiseOptimizer, type Moment, numberIn, type Options, square, type TensorOptimizer } from './optimizers/optimizer.js';
import type { TrainedWeight } from './trained-weights.js';
import type { TrainingState } from './training-state.js';

/** A weight with its gradient. */
export interface Derived extends TrainedWeight {
  readonly gradient: Value;
}

/** Weights that are updated together, and their gradients as one tensor: a vector if there are several. */
interface Piece {
  readonly weights: readonly Derived[];
  readonly optimizer: ElementwiseOptimizer | TensorOptimizer;
  readonly options: Options;
  readonly lrScale: number;
  readonly gradient: Value;
}

export interface UpdateOptions {
  readonly lr: Value;
  /** How many steps were taken before: an i32 scalar. */
  readonly step: Value;
  /** The most bytes that one vector of gradients or moments may have: a limit of the device. */
  readonly pieceBytes: number;
}

/** Writes what an optimizer does with the gradients of one batch: the new weights, and its own state. Returns what that state consists of. */
export function writeUpdate(
  g: GraphBuilder,
  weights: readonly Derived[],
  training: Pick<CheckedTraining, 'optimizer' | 'clipNorm' | 'clipValue' | 'ema'>,
  state: TrainingState,
  { lr, step, pieceBytes }: UpdateOptions,
): readonly MomentLayout[] {
  const pieces = clipped(g, piecesOf(g, weights, training.optimizer.name, pieceBytes), training);
  const time = g.cast(g.shift(step, 1), 'f32');
  for (const [i, piece] of pieces.entries()) {
    const rate = piece.lrScale === 1 ? lr : g.scale(lr, piece.lrScale);
    for (const [name, value] of updatedPiece(g, piece, { rate, time, state, index: i })) state.next(name, value);
  }
  return pieces.flatMap((piece, i) => momentsOf(piece).map((moment) => layoutOf(piece, moment, i)));
}

/** What the optimizer remembers for a piece, with shapes. */
function momentsOf({ optimizer, options, gradient }: Piece): readonly (Moment & { readonly shape: Shape })[] {
  const { shape } = gradient.type;
  return optimizer.kind === 'tensor'
    ? optimizer.moments(options, shape)
    : optimizer.moments(options).map((moment) => ({ ...moment, shape }));
}

/** The name of the state that holds a moment of the piece with this number. */
function stateOf({ name }: Moment, piece: number): string {
  return `optimizer.${name}.${piece}`;
}

function layoutOf({ optimizer, weights }: Piece, moment: Moment & { readonly shape: Shape }, piece: number): MomentLayout {
  let offset = 0;
  const parts = weights.map(({ name, value }) => {
    const shape = (optimizer.kind === 'tensor' ? moment.shape : value.type.shape).map(concrete);
    const part = { name, shape, offset };
    offset += shape.reduce((a, b) => a * b, 1);
    return part;
  });
  return { state: stateOf(moment, piece), moment: moment.name, parts };
}

/** Joins weights with the same options to vectors, for an optimizer that treats each element on its own. */
function piecesOf(g: GraphBuilder, weights: readonly Derived[], name: string, pieceBytes: number): readonly Piece[] {
  const pieces: Piece[] = [];
  const open = new Map<string, { weights: Derived[]; bytes: number }>();
  const close = ({ weights: joined }: { readonly weights: readonly Derived[] }) => {
    const [{ options, lrScale, value }] = joined as readonly [Derived];
    const optimizer = optimizerFor(name, value.type.shape);
    pieces.push({
      weights: joined,
      optimizer,
      options,
      lrScale,
      gradient: joinedVector(
        g,
        joined.map(({ gradient }) => gradient),
      ),
    });
  };
  for (const weight of weights) {
    const { shape, dtype } = weight.value.type;
    const optimizer = optimizerFor(name, shape);
    const { options, lrScale, gradient } = weight;
    if (optimizer.kind === 'tensor') {
      pieces.push({ weights: [weight], optimizer, options, lrScale, gradient });
      continue;
    }
    const key = JSON.stringify([options, lrScale]);
    const bytes = (product(shape).constant ?? 0) * bytesOf[dtype];
    const before = open.get(key);
    if (before !== undefined && before.bytes + bytes <= pieceBytes) {
      before.weights.push(weight);
      before.bytes += bytes;
      continue;
    }
    if (before !== undefined) close(before);
    open.set(key, { weights: [weight], bytes });
  }
  for (const rest of open.values()) close(rest);
  return pieces;
}

function joinedVector(g: GraphBuilder, values: readonly Value[]): Value {
  const vectors = values.map((value) => g.reshape(value, [product(value.type.shape)]));
  return vectors.length === 1 ? nth(vectors, 0) : g.concat(vectors, 0);
}

/** First each element, then all of them together: as `clip_grad_value_` and `clip_grad_norm_` of PyTorch. */
function clipped(
  g: GraphBuilder,
  pieces: readonly Piece[],
  { clipNorm, clipValue }: Pick<CheckedTraining, 'clipNorm' | 'clipValue'>,
): readonly Piece[] {
  const bounded =
    clipValue === undefined
      ? pieces
      : pieces.map((piece) => ({ ...piece, gradient: g.op('clip', [piece.gradient], { min: -clipValue, max: clipValue }) }));
  if (clipNorm === undefined) return bounded;
  const squares = bounded.map(({ gradient }) => g.sum(square(g, gradient)));
  const norm = g.sqrt(squares.reduce((a, b) => g.add(a, b)));
  const factor = g.minimum(g.div(g.scalar(clipNorm, norm), g.shift(norm, 1e-6)), g.scalar(1, norm));
  return bounded.map((piece) => ({ ...piece, gradient: g.mul(piece.gradient, factor) }));
}

interface PieceUpdate {
  readonly rate: Value;
  readonly time: Value;
  readonly state: TrainingState;
  readonly index: number;
}

/** The new values of the weights of a piece and of the state that its optimizer keeps for it, by their names. */
function updatedPiece(g: GraphBuilder, piece: Piece, { rate, time, state, index }: PieceUpdate): readonly (readonly [string, Value])[] {
  const { optimizer, options, weights, gradient } = piece;
  const decay = numberIn(options, 'weight_decay');
  const isDecoupled = optimizer.kind === 'tensor' || optimizer.decays === 'weight';
  const moments = momentsOf(piece).map((moment) => {
    const name = stateOf(moment, index);
    return { name, value: state.input(name, { dtype: 'f32', shape: moment.shape }, startOf(moment.start)) };
  });
  const total =
    isDecoupled || decay === 0
      ? gradient
      : g.add(
          gradient,
          g.scale(
            joinedVector(
              g,
              weights.map(({ value }) => value),
            ),
            decay,
          ),
        );
  const call = { gradient: total, moments: moments.map(({ value }) => value), lr: rate, time, options };
  const result = optimizer.kind === 'tensor' ? optimizer.step(g, { ...call, weight: nth(weights, 0).value }) : optimizer.step(g, call);
  const changes =
    optimizer.kind === 'tensor'
      ? [result.change]
      : partsOf(
          g,
          result.change,
          weights.map(({ value }) => value),
        );
  const kept = isDecoupled && decay !== 0 ? g.sub(g.scalar(1, rate), g.scale(rate, decay)) : undefined;
  return [
    ...weights.map(({ name, value }, i) => [name, g.sub(kept === undefined ? value : g.mul(value, kept), nth(changes, i))] as const),
    ...moments.map(({ name }, i) => [name, nth(result.moments, i)] as const),
  ];
}

function startOf(value: number): Initializer {
  return value === 0 ? { kind: 'zeros' } : { kind: 'constant', value };
}

/** A joined vector as tensors of the shapes of these. */
function partsOf(g: GraphBuilder, joined: Value, like: readonly Value[]): readonly Value[] {
  const sizes = like.map(({ type }) => product(type.shape));
  const parts =
    sizes.length === 1 ? [joined] : g.call('split', [joined], { sizes: sizes.map((size) => Dim.of(size.constant ?? 0)), axis: 0 });
  return parts.map((part, i) => g.reshape(part, nth(like, i).type.shape));
}
