import type { CheckedTraining, Rate } from '../2-check/train/checked-training.js';
import { type Graph, type Origin, operatorName, type Value } from '../3-graph/graph.js';
import { GraphBuilder } from '../3-graph/graph-builder.js';
import type { AdapterLayout, MomentLayout } from '../api/training.js';
import { InternalError } from '../diagnostics/internal-error.js';
import type { Report } from '../diagnostics/report.js';
import { matcherOf } from '../name-patterns.js';
import type { TensorType } from '../ops/types.js';
import { differentiate } from './differentiate.js';
import { normalizeByBatch } from './forms/batch-norm.js';
import { drawMasks, hasDropout } from './forms/dropout.js';
import { addAdapters } from './lora.js';
import { weightOfMean } from './mean-weight.js';
import { scheduled } from './schedules.js';
import { matcherOfAll, type TrainedWeight, trainedWeights } from './trained-weights.js';
import { TrainingState } from './training-state.js';
import { type Derived, writeUpdate } from './update.js';

const count: TensorType = { dtype: 'i32', shape: [] };
const rate: TensorType = { dtype: 'f32', shape: [] };

/** A graph in which the model behaves as it does while it trains. */
export interface TrainingForm {
  readonly trained: readonly TrainedWeight[];
  /** The names of the running statistics that follow the batches. */
  readonly statistics: readonly string[];
  readonly adapters: readonly AdapterLayout[];
  readonly state: TrainingState;
  /** How many steps were taken before. */
  readonly step: Value;
  readonly origin: Origin;
}

/** Adds adapters, draws the masks of dropout, and lets batch norm use the statistics of the batch. Composites must not have been opened. */
export function toTrainingForm(graph: Graph, training: CheckedTraining, report: Report): TrainingForm {
  const origin: Origin = { path: [], kinds: [training.model.name], span: training.span };
  const state = new TrainingState(graph, training.span);
  const adapters = addAdapters(graph, training.lora);
  const trained = trainedWeights(graph, training, adapters);
  if (trained.length === 0) report.add('nothing-to-train', training.span, { name: training.name, model: training.model.name });
  const step = state.input('step', count, { kind: 'zeros' });
  const isEvaluated = matcherOfAll(training.evaluated);
  const names = new Set(trained.map(({ name }) => name));
  const statistics = normalizeByBatch(graph, {
    isEvaluated: ({ path, weights }) => isEvaluated(path) || keepsStatistics(training, path, weights, names),
    onInner: ({ origin: { span } }) => report.add('inner-batch-norm', span ?? training.span, {}),
  });
  const parameters = new Map(graph.parameters.map((value) => [value.hint, value]));
  for (const [name, value] of statistics) {
    const running = parameters.get(name);
    if (running === undefined) throw new InternalError(`the running statistics ${name} are not stored`);
    state.stored(running);
    state.next(name, value);
  }
  if (hasDropout(graph)) drawAllMasks(graph, { state, step, origin, isEvaluated });
  return { trained, statistics: [...statistics.keys()], adapters, state, step, origin };
}

/** Whether a batch norm is frozen: all of its weights are, or it has none and is in a frozen layer. */
function keepsStatistics({ freeze }: CheckedTraining, path: string, weights: readonly string[], trained: ReadonlySet<string>): boolean {
  const names = weights.length === 0 ? [path] : weights;
  const last = freeze.findLast(({ pattern }) => names.every(matcherOf(pattern)));
  const isFrozen = weights.length === 0 ? last !== undefined : weights.every((name) => !trained.has(name));
  return isFrozen && last?.updatesStatistics !== true;
}

/** An odd number without pattern: the distance between the seeds of two steps. */
const perStep = 0x3c6ef372 + 1;

function drawAllMasks(
  graph: Graph,
  {
    state,
    step,
    origin,
    isEvaluated,
  }: Pick<TrainingForm, 'state' | 'step' | 'origin'> & { readonly isEvaluated: (path: string) => boolean },
): void {
  const seed = state.input('seed', count, { kind: 'zeros' });
  const [first] = graph.nodes;
  const g = new GraphBuilder(graph, origin, first);
  let streams = 0;
  drawMasks(graph, g.add(seed, g.scale(step, perStep)), { isEvaluated, nextStream: () => streams++ });
}

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
}

/**
 * Completes a training graph whose composites are open: loss and metrics get their weight in a mean over several batches, `NAME.weight`, and the gradients and the step
 * of the optimizer are added. The trained weights become inputs, and their new values outputs. Undefined if there is nothing to train, which is reported.
 */
export function writeTrainingStep(
  graph: Graph,
  { trained, statistics, adapters, state, step, origin }: TrainingForm,
  training: CheckedTraining,
  report: Report,
  { pieceBytes }: TrainingLimits,
): TrainingStep | undefined {
  const g = new GraphBuilder(graph, origin);
  const loss = writeWeights(graph, g, training);
  const gradients = differentiate(graph, {
    from: new Map([[loss, g.scalar(1, loss)]]),
    of: trained.map(({ value }) => value),
    onMissing: (node) => report.add('no-gradient', node.origin.span ?? training.span, { operator: operatorName(node) }),
  });
  const derived = trained.flatMap((weight): readonly Derived[] => {
    const gradient = gradients.get(weight.value);
    return gradient === undefined ? [] : [{ ...weight, gradient }];
  });
  if (derived.length === 0) {
    if (trained.length > 0) report.add('nothing-to-train', training.span, { name: training.name, model: training.model.name });
    return undefined;
  }
  const lr = rateOf(graph, g, training.optimizer.lr, step);
  const moments = writeUpdate(g, derived, training, state, { lr, step, pieceBytes });
  for (const { value } of derived) state.stored(value);
  state.next('step', g.shift(step, 1));
  state.finish();
  const added = trained.flatMap(({ name, value }) => (adapters.some(({ a, b }) => name === a || name === b) ? [value] : []));
  return { weights: derived.map(({ name }) => name), statistics, moments, adapters, added };
}

/** Adds the weights of loss and metrics as outputs. Returns the loss. */
export function writeWeights(graph: Graph, g: GraphBuilder, { metrics }: Pick<CheckedTraining, 'metrics'>): Value {
  const resultOf = (name: string): Value => {
    const output = graph.outputs.find((known) => known.name === name);
    if (output === undefined) throw new InternalError(`the training graph has no output ${name}`);
    return output.value;
  };
  for (const name of ['loss', ...metrics]) graph.output(`${name}.weight`, weightOfMean(g, resultOf(name)), rate);
  return resultOf('loss');
}

function rateOf(graph: Graph, g: GraphBuilder, lr: Rate, step: Value): Value {
  switch (lr.kind) {
    case 'constant':
      return g.scalar(lr.value, 'f32');
    case 'input':
      return graph.input('lr', rate);
    case 'schedule':
      return scheduled(g, lr, g.cast(step, 'f32'));
  }
}
