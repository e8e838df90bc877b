import type { CheckedTraining } from '../2-check/train/checked-training.js';
import { type Graph, type Origin, reportedAt, type Value } from '../3-graph/graph.js';
import { GraphBuilder } from '../3-graph/graph-builder.js';
import type { AdapterLayout } from '../api/training.js';
import { InternalError } from '../diagnostics/internal-error.js';
import type { Report } from '../diagnostics/report.js';
import type { Span } from '../diagnostics/span.js';
import { matcherOf } from '../name-patterns.js';
import type { TensorType } from '../ops/types.js';
import { normalizeByBatch } from './forms/batch-norm.js';
import { drawMasks, hasDropout } from './forms/dropout.js';
import { addAdapters } from './lora.js';
import { matcherOfAll, type TrainedWeight, trainedWeights } from './trained-weights.js';
import { TrainingState } from './training-state.js';

const count: TensorType = { dtype: 'i32', shape: [] };

/** A graph in which the model behaves as it does while it trains. */
export interface TrainingForm {
  readonly trained: readonly TrainedWeight[];
  /** The names of the running statistics that follow the batches. */
  readonly statistics: readonly string[];
  readonly adapters: readonly AdapterLayout[];
  readonly state: TrainingState;
  /** How many steps were taken before: an i32 scalar. */
  readonly step: Value;
  /** How many batches of the current step came before this one: an i32 scalar. Absent if a step is taken from one batch. */
  readonly batch: Value | undefined;
  readonly origin: Origin;
}

/** Adds adapters, draws the masks of dropout, and makes batch norm use the statistics of the batch. Composites must not have been opened. `takesSeveral`: a step is taken from several batches. */
export function toTrainingForm(graph: Graph, training: CheckedTraining, report: Report, takesSeveral: boolean): TrainingForm {
  const origin: Origin = { path: [], kinds: [training.model.name], span: training.span };
  const state = new TrainingState(graph, training.span);
  const adapters = addAdapters(graph, training.lora, (matrix, { span }) => report.add('lora-dropout', span, { matrix }));
  const trained = trainedWeights(graph, training, adapters);
  if (trained.length === 0) report.add('nothing-to-train', training.span, { name: training.name, model: training.model.name });
  for (const { name, value } of trained)
    if (value.type.dtype !== 'f32') report.add('half-training', spanOf(value) ?? training.span, { dtype: value.type.dtype, weight: name });
  const step = state.input('step', count, { kind: 'zeros' });
  const batch = takesSeveral ? state.input('batch', count, { kind: 'zeros' }) : undefined;
  const isEvaluated = evaluates(training);
  const names = new Set(trained.map(({ name }) => name));
  const statistics = normalizeByBatch(graph, {
    isEvaluated: ({ path, weights }) => isEvaluated(path) || keepsStatistics(training, path, weights, names),
    onInner: ({ origin }) => report.add('inner-batch-norm', reportedAt(origin) ?? training.span, { layer: origin.path.join('.') }),
  });
  const parameters = new Map(graph.parameters.map((value) => [value.hint, value]));
  for (const [name, value] of statistics) {
    const running = parameters.get(name);
    if (running === undefined) throw new InternalError(`the running statistics ${name} are not stored`);
    state.stored(running);
    state.next(name, value);
  }
  if (hasDropout(graph, { isEvaluated })) drawAllMasks(graph, { state, step, batch, origin, isEvaluated });
  return { trained, statistics: [...statistics.keys()], adapters, state, step, batch, origin };
}

function spanOf({ source }: Value): Span | undefined {
  return source.kind === 'parameter' ? source.parameter.span : undefined;
}

/** Whether a layer behaves as at inference: where a clause says so, and in models that are never trained. */
function evaluates({ evaluated, frozen }: CheckedTraining): (path: string) => boolean {
  const isMatched = matcherOfAll(evaluated);
  return (path) => isMatched(path) || frozen.some((name) => path === name || path.startsWith(`${name}.`));
}

/** Whether a batch norm is frozen: all of its weights are, or it has none and is in a frozen layer. */
function keepsStatistics({ freeze }: CheckedTraining, path: string, weights: readonly string[], trained: ReadonlySet<string>): boolean {
  const names = weights.length === 0 ? [path] : weights;
  const last = freeze.findLast(({ pattern }) => names.every(matcherOf(pattern)));
  const isFrozen = weights.length === 0 ? last !== undefined : weights.every((name) => !trained.has(name));
  return isFrozen && last?.updatesStatistics !== true;
}

/** The distances between the seeds of two steps, and of two batches of one step: odd numbers without pattern. */
const perStep = 0x3c6ef373;
const perBatch = 0x1b873593;

function drawAllMasks(
  graph: Graph,
  {
    state,
    step,
    batch,
    origin,
    isEvaluated,
  }: Pick<TrainingForm, 'state' | 'step' | 'batch' | 'origin'> & {
    readonly isEvaluated: (path: string) => boolean;
  },
): void {
  const seed = state.input('seed', count, { kind: 'zeros' });
  const [first] = graph.nodes;
  const g = new GraphBuilder(graph, origin, first);
  const ofStep = g.add(seed, g.scale(step, perStep));
  const own = batch === undefined ? ofStep : g.add(ofStep, g.scale(batch, perBatch));
  let streams = 0;
  drawMasks(graph, own, { isEvaluated, nextStream: () => streams++ });
}
