import type { TrainDecl } from './1-syntax/ast.js';
import type { CheckedEntry } from './2-check/checked-model.js';
import type { ModelChoice } from './2-check/models/choice.js';
import { checkTraining } from './2-check/train/check-training.js';
import type { CheckedTraining } from './2-check/train/checked-training.js';
import { elaborate } from './3-graph/elaborate.js';
import { Graph, reportedAt, type Value } from './3-graph/graph.js';
import type { Parameter } from './3-graph/parameter.js';
import type { ProgramEntry } from './3-graph/program.js';
import { toEvaluation } from './4-train/evaluation-graph.js';
import { computeInHalf } from './4-train/forms/half-precision.js';
import { addAdapters } from './4-train/lora.js';
import { type TrainingStep, writeApplication, writeGradientSums, writeTrainingStep } from './4-train/train-graph.js';
import { toTrainingForm } from './4-train/training-form.js';
import { TrainingState } from './4-train/training-state.js';
import type { OnnxGraph } from './5-optimize/lowering/onnx-graph.js';
import { narrowInputs } from './5-optimize/narrow-inputs.js';
import { openForGradient } from './5-optimize/pipeline.js';
import { sizeOnCpu } from './5-optimize/sizes-on-cpu.js';
import type { CompileOptions } from './api/options.js';
import { InternalError } from './diagnostics/internal-error.js';
import type { Report } from './diagnostics/report.js';
import { hasKernel } from './ops/capabilities/capability.js';
import type { ValueRange } from './ops/value-range.js';
import { lowered, type Started, trainingSession } from './stages.js';

/** The most bytes that a WebGPU device lets one tensor have, unless it is asked for more. */
const largestBinding = 128 * 2 ** 20;

/** What a `train` block becomes, besides the model for inference. */
export interface CompiledTraining {
  readonly checked: CheckedTraining;
  /** The graphs for a step, and for held-out data. */
  readonly entries: readonly TrainingEntry[];
  readonly step: TrainingStep;
  /** The stored tensors that training changes. */
  readonly state: readonly Parameter[];
  /** Those of them that are not in the file of a trained model: the matrices of adapters. Their first values are always drawn. */
  readonly added: readonly Parameter[];
}

export interface TrainingEntry {
  readonly name: 'train' | 'eval' | 'grads' | 'apply';
  readonly checked: CheckedEntry;
  readonly graph: Graph;
  readonly onnx: OnnxGraph;
  /** The inputs that are i32 in the file, and i64 in the source. */
  readonly narrow: readonly string[];
  /** Which integers its inputs may hold, if not all. */
  readonly ranges: ReadonlyMap<string, ValueRange>;
}

/** Compiles a block of a file whose model is correct. Undefined if something is wrong, which is reported. */
export function compileTraining(
  started: Started,
  train: TrainDecl,
  choice: ModelChoice,
  options: CompileOptions,
): CompiledTraining | undefined {
  const { report, session, module } = started;
  const { dtype = 'f32' } = options;
  if (dtype !== 'f32') report.add('half-training', train.name.span, { dtype, weight: undefined });
  const training = checkTraining(trainingSession(started), module, train, choice);
  const evaluation = training && checkTraining(trainingSession(started, false), module, train, choice);
  if (training === undefined || evaluation === undefined || report.hasErrors) return undefined;
  const elaborated = ({ model }: CheckedTraining): ProgramEntry | undefined => elaborate(model, report, session.limits).entries[0];
  const [own, heldOut] = [elaborated(training), elaborated(evaluation)];
  if (own === undefined || heldOut === undefined || report.hasErrors) return undefined;
  const [{ graph }, { graph: other }] = [own, heldOut];

  const all = [...graph.parameters];
  const step = toTrainingStep(graph, training, options, report);
  if (step === undefined || report.hasErrors) return undefined;
  const changed = new Set([...step.weights, ...step.statistics]);
  addAdapters(other, training.lora);
  openForGradient(other, options);
  toEvaluation(other, evaluation, changed);

  /** The graphs for a step that is taken from several batches: one sums their gradients, and the other applies them. */
  const parts = (): readonly TrainingEntry[] => {
    const summing = training.accumulate === 1 && options.gradients !== true ? undefined : elaborated(training);
    if (summing === undefined) return [];
    const { graph: sums } = summing;
    const form = toTrainingForm(sums, training, report, true);
    openTraining(sums, training, options);
    writeGradientSums(sums, form, training, report, { pieceBytes: largestBinding });
    return [entry('grads', training, summing), entry('apply', training, { graph: applicationOf(training, step), ranges: new Map() })];
  };
  const entry = (
    name: TrainingEntry['name'],
    { model: { entries }, span }: CheckedTraining,
    { graph: of, ranges }: Pick<ProgramEntry, 'graph' | 'ranges'>,
  ): TrainingEntry => {
    const narrow = hasKernel(options.target ?? 'portable', 'Add', 'i64') ? [] : narrowInputs(of);
    const { onnx } = lowered({ graph: of, ranges }, { ...options, fused: false }, report, span, session.limits);
    const computed = name === 'train' || name === 'grads' ? sizeOnCpu(onnx, options.target) : undefined;
    if (computed !== undefined)
      report.add('sizes-on-cpu', reportedAt(computed) ?? span, { target: options.target ?? 'portable', sizes: openSizes(onnx) });
    return { name, checked: { ...(entries[0] as CheckedEntry), name }, graph: of, onnx, narrow, ranges }; // it has one entry
  };
  const entries = [entry('train', training, own), entry('eval', evaluation, heldOut), ...parts()];
  const added = parametersIn(step.added);
  const state = [...parametersIn(all), ...added].filter(({ name }) => changed.has(name));
  return report.hasErrors ? undefined : { checked: training, entries, step, state, added };
}

/** The names of the sizes that the inputs of a graph leave open. */
function openSizes({ inputs }: OnnxGraph): readonly string[] {
  return [...new Set(inputs.flatMap(({ type }) => type.shape.flatMap((size) => [...size.variables()])))];
}

/** The graph that makes a step from summed gradients. */
function applicationOf(training: CheckedTraining, { pieces }: TrainingStep): Graph {
  const graph = new Graph(`${training.model.name}.apply`, training.doc);
  const own = pieces.map((piece) => ({
    ...piece,
    weights: piece.weights.map((weight) => {
      const [parameter] = parametersIn([weight.value]);
      if (parameter === undefined) throw new InternalError(`${weight.name} is not a stored tensor`);
      return { ...weight, value: graph.parameter(parameter) };
    }),
  }));
  writeApplication(graph, own, training, new TrainingState(graph, training.span));
  return graph;
}

function parametersIn(values: readonly Value[]): readonly Parameter[] {
  return values.flatMap(({ source }) => (source.kind === 'parameter' ? [source.parameter] : []));
}

/**
 * Turns the graph of a checked `train` block, which computes loss and metrics, into one step of training: forward, backward and the update of the optimizer. It is not optimized
 * yet. Reports what has no gradient; undefined if there is nothing to train.
 */
export function toTrainingStep(
  graph: Graph,
  training: CheckedTraining,
  options: Pick<CompileOptions, 'target' | 'opset'>,
  report: Report,
  pieceBytes = largestBinding,
): TrainingStep | undefined {
  const form = toTrainingForm(graph, training, report, false);
  if (report.hasErrors) return undefined;
  openTraining(graph, training, options);
  return writeTrainingStep(graph, form, training, report, { pieceBytes });
}

/** Makes a training form ready for its gradient: of core operators, in the element types in which they are computed. */
function openTraining(graph: Graph, { precision }: CheckedTraining, options: Pick<CompileOptions, 'target' | 'opset'>): void {
  openForGradient(graph, options);
  if (precision === 'f16') computeInHalf(graph);
}
