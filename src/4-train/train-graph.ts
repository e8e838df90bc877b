import type { CheckedTraining, Rate } from '../2-check/train/checked-training.js';
import { type Graph, operatorName, reportedAt, type Value } from '../3-graph/graph.js';
import { GraphBuilder } from '../3-graph/graph-builder.js';
import { removeUnused } from '../3-graph/remove-unused.js';
import type { AdapterLayout, MomentLayout } from '../api/training.js';
import { InternalError } from '../diagnostics/internal-error.js';
import type { Report } from '../diagnostics/report.js';
import type { Dim } from '../dims/dim.js';
import { matcherOf } from '../name-patterns.js';
import { lowestFinite } from '../ops/float-limits.js';
import { nth } from '../ops/only.js';
import { product } from '../ops/sizes.js';
import type { TensorType } from '../ops/types.js';
import { differentiate } from './differentiate.js';
import { keptBytes, lastNode } from './kept-bytes.js';
import { readLossScale, unscaled, writeLossScale } from './loss-scale.js';
import { weightOfMean } from './mean-weight.js';
import { joined, layoutOf, type Piece, piecesOf, typeOfPiece } from './pieces.js';
import type { GroupOf } from './recompute.js';
import { scheduled } from './schedules.js';
import { gradientNorm, writeStepNorms } from './step-norms.js';
import type { TrainingForm } from './training-form.js';
import { nextOf, type TrainingState } from './training-state.js';
import { averageOf, writeUpdate } from './update.js';

const scalar: TensorType = { dtype: 'f32', shape: [] };

/** What a device demands of a training graph. */
export interface TrainingLimits {
  /** The most bytes that one vector of gradients or moments may have. */
  readonly pieceBytes: number;
}

/** What one step changes. */
export interface TrainingStep {
  /** The names of the weights that have a gradient. */
  readonly weights: readonly string[];
  /** The names of the running statistics. */
  readonly statistics: readonly string[];
  readonly moments: readonly MomentLayout[];
  readonly adapters: readonly AdapterLayout[];
  /** The stored tensors that the model does not have: the matrices of adapters. */
  readonly added: readonly Value[];
  readonly pieces: readonly Piece[];
  /** The bytes that the forward pass keeps for the gradient. */
  readonly keptBytes: Dim;
}

/**
 * Completes a training graph whose composites are open: loss and metrics get their weight in a mean over several batches, `NAME.weight`, and the gradients and the step
 * of the optimizer are added. The trained weights become inputs, and their new values outputs. Undefined if there is nothing to train, which is reported.
 */
export function writeTrainingStep(
  graph: Graph,
  form: TrainingForm,
  training: CheckedTraining,
  report: Report,
  limits: TrainingLimits,
): TrainingStep | undefined {
  const { trained, statistics, adapters, state, step, origin } = form;
  const last = lastNode(graph);
  const found = writeGradients(graph, form, training, report, limits);
  if (found === undefined) return undefined;
  const g = new GraphBuilder(graph, origin);
  const lr = rateOf(graph, g, training.optimizer.lr, step);
  const { scale } = found;
  const gradients = scale === undefined ? found.gradients : unscaled(g, found.gradients, scale);
  const changes = writeUpdate(g, found.pieces, gradients, training, state, { lr, step });
  const gradient = gradientNorm(g, gradients);
  writeStepNorms(graph, g, { gradient, changes: [...changes, ...newStatistics(graph, g, statistics)] });
  const weights = found.pieces.flatMap((piece) => piece.weights);
  for (const { value } of weights) state.stored(value);
  state.next('step', g.shift(step, 1));
  if (scale !== undefined) settleStep(g, state, scale, gradient);
  state.finish();
  const added = trained.flatMap(({ name, value }) => (adapters.some(({ a, b }) => name === a || name === b) ? [value] : []));
  const moments = found.pieces.flatMap(layoutOf);
  const changed = new Set(weights.map(({ name }) => name));
  const inOrder = trained.map(({ name }) => name).filter((name) => changed.has(name));
  // Gradients of values that are not trained are not needed, and would count.
  removeUnused(graph);
  return { weights: inOrder, statistics, moments, adapters, added, pieces: found.pieces, keptBytes: keptBytes(graph, last) };
}

/** Takes the step only if the length of its gradient is finite, and changes the scale of the loss. */
function settleStep(g: GraphBuilder, state: TrainingState, scale: Value, gradient: Value): void {
  const isTaken = g.lessEqual(gradient, g.scalar(-lowestFinite('f32'), gradient));
  writeLossScale(g, state, scale, isTaken);
  state.settle(g, isTaken);
}

/**
 * Completes a training graph as `writeTrainingStep` does, but adds the gradients of the batch, times the weight of its loss, to sums. In f16, they are those of the scaled loss; whether the
 * step is taken is known only once all batches are summed, so that running statistics follow each batch.
 */
export function writeGradientSums(
  graph: Graph,
  form: TrainingForm,
  training: CheckedTraining,
  report: Report,
  limits: TrainingLimits,
): void {
  const { statistics, state, batch, origin } = form;
  const found = writeGradients(graph, form, training, report, limits);
  if (found === undefined) return;
  const g = new GraphBuilder(graph, origin);
  const sums = gradientSums(found.pieces, state);
  for (const [i, { name, value }] of sums.vectors.entries()) state.next(name, g.add(value, g.mul(nth(found.gradients, i), found.weight)));
  state.next(sums.weight.name, g.add(sums.weight.value, found.weight));
  for (const { value } of found.pieces.flatMap((piece) => piece.weights)) state.stored(value);
  writeStepNorms(graph, g, { changes: newStatistics(graph, g, statistics) });
  if (batch !== undefined) state.next('batch', g.shift(batch, 1));
  state.finish();
}

/** Writes the graph that makes a step of the optimizer from such sums, and sets them to 0. The weights are parameters of the graph. */
export function writeApplication(graph: Graph, pieces: readonly Piece[], training: CheckedTraining, state: TrainingState): void {
  const origin = { path: [], kinds: [training.model.name], span: training.span };
  const g = new GraphBuilder(graph, origin);
  const step = state.input('step', { dtype: 'i32', shape: [] }, { kind: 'zeros' });
  state.input('batch', step.type, { kind: 'zeros' });
  const scale = training.precision === 'f16' ? readLossScale(state) : undefined;
  const sums = gradientSums(pieces, state);
  const total = g.where(g.equal(sums.weight.value, g.scalar(0, 'f32')), g.scalar(1, 'f32'), sums.weight.value);
  const lr = rateOf(graph, g, training.optimizer.lr, step);
  const means = sums.vectors.map(({ value }) => g.div(value, total));
  const gradients = scale === undefined ? means : unscaled(g, means, scale);
  const changes = writeUpdate(g, pieces, gradients, training, state, { lr, step });
  const gradient = gradientNorm(g, gradients);
  writeStepNorms(graph, g, { gradient, changes });
  for (const { value } of pieces.flatMap((piece) => piece.weights)) state.stored(value);
  for (const { name, value } of [...sums.vectors, sums.weight]) state.always(name, g.zerosLike(value));
  state.next('step', g.shift(step, 1));
  state.always('batch', g.zerosLike(step));
  if (scale !== undefined) settleStep(g, state, scale, gradient);
  state.finish();
}

interface NamedValue {
  readonly name: string;
  readonly value: Value;
}

/** The sums of gradients as states, and the sum of the weights of the losses. */
function gradientSums(
  pieces: readonly Piece[],
  state: TrainingState,
): { readonly vectors: readonly NamedValue[]; readonly weight: NamedValue } {
  const input = (name: string, type: TensorType): NamedValue => ({ name, value: state.input(name, type, { kind: 'zeros' }) });
  return { vectors: pieces.map((piece, i) => input(`gradient.${i}`, typeOfPiece(piece))), weight: input('gradient.weight', scalar) };
}

interface Gradients {
  readonly pieces: readonly Piece[];
  readonly gradients: readonly Value[];
  /** The weight of the loss. */
  readonly weight: Value;
  /** What the gradients are multiplied with; undefined if they are not. */
  readonly scale: Value | undefined;
}

function writeGradients(
  graph: Graph,
  { trained, state, origin }: TrainingForm,
  training: CheckedTraining,
  report: Report,
  { pieceBytes }: TrainingLimits,
): Gradients | undefined {
  const g = new GraphBuilder(graph, origin);
  const { loss, weight } = writeWeights(graph, g, training);
  const scale = training.precision === 'f16' ? readLossScale(state) : undefined;
  const gradients = differentiate(graph, {
    from: new Map([[loss, scale === undefined ? g.scalar(1, loss) : g.cast(scale, loss.type.dtype)]]),
    of: trained.map(({ value }) => value),
    recomputed: checkpointsOf(training),
    onMissing: (node) => report.add('no-gradient', reportedAt(node.origin) ?? training.span, { operator: operatorName(node) }),
  });
  const derived = trained.filter(({ value }) => gradients.has(value));
  if (derived.length === 0) {
    if (trained.length > 0) report.add('nothing-to-train', training.span, { name: training.name, model: training.model.name });
    return undefined;
  }
  const pieces = piecesOf(derived, training.optimizer.name, pieceBytes);
  const vectors = pieces.map((piece) =>
    joined(
      g,
      piece,
      piece.weights.map(({ value }) => gradients.get(value) as Value), // they were filtered by that
    ),
  );
  return { pieces, gradients: vectors, weight, scale };
}

/** The layer that a node is in, if it is computed again. The pattern of a checkpoint describes the whole path of the layer. */
function checkpointsOf({ checkpoints }: CheckedTraining): GroupOf | undefined {
  if (checkpoints.length === 0) return undefined;
  const matchers = checkpoints.map(({ pattern }) => matcherOf(pattern, { below: false }));
  return ({ origin: { path } }) => {
    const names = path.map((_, i) => path.slice(0, i + 1).join('.'));
    return names.find((name) => matchers.some((matches) => matches(name)));
  };
}

/** Adds the weights of loss and metrics as outputs. Returns the loss with its weight. */
export function writeWeights(
  graph: Graph,
  g: GraphBuilder,
  { metrics }: Pick<CheckedTraining, 'metrics'>,
): { readonly loss: Value; readonly weight: Value } {
  const weights = ['loss', ...metrics].map((name) => {
    const weight = weightOfMean(g, outputOf(graph, name));
    graph.output(`${name}.weight`, weight, scalar);
    return weight;
  });
  return { loss: outputOf(graph, 'loss'), weight: nth(weights, 0) };
}

function outputOf(graph: Graph, name: string): Value {
  const output = graph.outputs.find((known) => known.name === name);
  if (output === undefined) throw new InternalError(`the training graph has no output ${name}`);
  return output.value;
}

/** The running statistics after the step as one vector; nothing if there are none. */
function newStatistics(graph: Graph, g: GraphBuilder, names: readonly string[]): readonly Value[] {
  const vectors = names.map((name) => outputOf(graph, nextOf(name))).map((value) => g.reshape(value, [product(value.type.shape)]));
  return vectors.length < 2 ? vectors : [g.concat(vectors, 0)];
}

/** The states of moving averages, which begin with the weights. */
export function averagesOf(weights: readonly string[], { ema }: Pick<CheckedTraining, 'ema'>): ReadonlyMap<string, string> {
  return new Map(ema === undefined ? [] : weights.map((name) => [averageOf(name), name]));
}

function rateOf(graph: Graph, g: GraphBuilder, lr: Rate, step: Value): Value {
  switch (lr.kind) {
    case 'constant':
      return g.scalar(lr.value, 'f32');
    case 'input':
      return graph.input('lr', scalar);
    case 'schedule':
      return scheduled(g, lr, g.cast(step, 'f32'));
  }
}
