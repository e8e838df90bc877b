import type { Graph } from '../3-graph/graph.js';
import { regionsIn } from '../3-graph/regions.js';
import { verify } from '../3-graph/verify.js';
import { InternalError } from '../diagnostics/internal-error.js';
import { defaultOpset } from '../ops/opsets.js';
import type { Target } from '../ops/targets.js';
import { deviceChecks } from './device-checks.js';
import { Recorder } from './history.js';
import { defaultLevel, type OptimizationLevel } from './levels.js';
import { knownSizes, writtenSizes } from './lowering/lowered-sizes.js';
import { nameGraph } from './lowering/name-graph.js';
import type { OnnxGraph } from './lowering/onnx-graph.js';
import { toOnnx } from './lowering/to-onnx.js';
import type { Pass } from './pass.js';
import { applyRules, type WeightOptions } from './passes/apply-rules.js';
import { commonSubexpressions } from './passes/common-subexpressions.js';
import { deadCode } from './passes/dead-code.js';
import { dropExpands } from './passes/drop-expands.js';
import { foldConstants } from './passes/fold-constants.js';
import { foldWeights, storePacked } from './passes/fold-weights.js';
import { hoistInvariants } from './passes/hoist-invariants.js';
import { mergeMoves } from './passes/merge-moves.js';
import { mergeSlices } from './passes/merge-slices.js';
import { noOps } from './passes/no-ops.js';
import { type CoreOf, openComposites } from './passes/open-composites.js';
import { poolsFirst } from './passes/pools-first.js';
import { quantize } from './passes/quantize.js';
import { scanForms } from './passes/scan-forms.js';
import { unrollScans } from './passes/unroll-scans.js';
import type { Quantization } from './quantize/quantization.js';
import { rules, storedWeightRules } from './rules/index.js';
import { sessionAdvice } from './session-options.js';
import type { Unfoldable } from './unfoldable.js';

export interface LoweringOptions {
  /** Default `portable`. */
  readonly target?: Target | undefined;
  /** Default: the target's default. */
  readonly opset?: number | undefined;
  /** How much of the graph may change; by default, what is best for the target. A training graph always keeps its weights. */
  readonly optimize?: OptimizationLevel | undefined;
  /** Which weights are stored in fewer bits. Training graphs have none. */
  readonly quantization?: Quantization | undefined;
  /** Weights from which nothing may be computed when the file is written, since it would not be finite. */
  readonly unfoldable?: Unfoldable | undefined;
  /** Whether composites may be one fused ONNX node (inference), which is the default. Training graphs say false. */
  readonly fused?: boolean | undefined;
}

/** The passes on archc's operators in the order in which they run, each with the reason for its position. */
export function passes(on: CoreOf, level: OptimizationLevel, history: Recorder, weights: WeightOptions = {}): readonly Pass[] {
  const { quantization, unfoldable } = weights;
  const allowed = rules.filter((rule) => rule.level <= level);
  return [
    // First, so that the steps of an unrolled scan are optimized like everything else.
    unrollScans(on.target),
    scanForms,
    ...(level === 0
      ? []
      : [
          // Before rules on composites, because an operator that changes nothing would hide their patterns.
          noOps,
          // Before composites are opened, because a form for several operators is chosen while they are whole.
          applyRules(allowed, on, history, weights),
        ]),
    // Before all passes below, which need to see the operators that are computed.
    openComposites(on, history),
    ...(level === 0
      ? []
      : [
          // Before passes that would examine operators that this one removes.
          foldConstants,
          // Before equal operators are shared, because operators that change nothing hide equal ones.
          noOps,
          // Before equal operators are shared, because what is hoisted may equal something outside.
          hoistInvariants,
          // Before everything that looks at single nodes, so that equal ones are examined once.
          commonSubexpressions,
          // Again, on the operators that composites consist of.
          applyRules(allowed, on, history, weights),
        ]),
    // After every rewrite that computes with weights, or looks for operators that read them.
    ...(quantization === undefined ? [] : [quantize(quantization, on, level, history, unfoldable)]),
    // After everything that computes with weights.
    ...(level === 2
      ? [foldWeights(history, unfoldable), applyRules(storedWeightRules, on, history, { unfoldable })]
      : quantization === undefined
        ? []
        : [storePacked(history)]),
    // Last, because every other pass leaves unused nodes behind.
    deadCode,
  ];
}

/** The passes on ONNX nodes. The ONNX forms of different operators contain equal transposes, reshapes, masks and sizes. */
export const onnxPasses: readonly Pass[] = [
  mergeMoves,
  mergeSlices,
  // After equal reshapes and slices have become equal nodes.
  commonSubexpressions,
  dropExpands,
  deadCode,
];

/** Opens composites and optimizes, in place. Returns what was done. */
export function optimize(graph: Graph, options: LoweringOptions = {}): Recorder {
  if (verifies) demandLegal(graph, 'elaboration');
  const on = coreOf(options);
  const history = new Recorder();
  run(graph, passes(on, levelOf(options), history, options), history);
  return history;
}

/** Prepares a graph for its gradient: opens composites, and unrolls scans that the target has no kernel for, which the gradient would otherwise have to do. */
export function openForGradient(graph: Graph, options: LoweringOptions = {}): void {
  const on = { ...coreOf(options), fused: false };
  const history = new Recorder();
  run(graph, [unrollScans(on.target), openComposites(on, history), commonSubexpressions, poolsFirst, deadCode], history);
}

/** The ONNX graph of a graph of archc operators, which stays as it is. */
export function lowerToOnnx(graph: Graph, options: LoweringOptions = {}, history: Recorder = new Recorder()): OnnxGraph {
  const on = coreOf(options);
  const isPlain = levelOf(options) === 0;
  const sizes = isPlain ? writtenSizes(graph) : knownSizes(graph);
  const onnx = toOnnx(graph, on, sizes, history);
  run(onnx, isPlain ? [deadCode] : onnxPasses, history);
  const inputs = graph.inputs.map(({ type }) => type);
  const named = nameGraph(onnx, on.opset, inputs, sizes);
  return { ...named, target: on.target, advice: sessionAdvice(named, on.target), deviceChecks: deviceChecks(named) };
}

function coreOf({ target = 'portable', opset = defaultOpset(target), fused = true }: LoweringOptions): CoreOf {
  return { target, opset, fused };
}

function levelOf({ target = 'portable', optimize = defaultLevel(target), fused = true }: LoweringOptions): OptimizationLevel {
  return fused || optimize === 0 ? optimize : 1;
}

/** Defined only where the sources are tested: there, the graph is verified after each pass. */
declare const ARCHC_VERIFIES_PASSES: true | undefined;
const verifies = typeof ARCHC_VERIFIES_PASSES !== 'undefined';

function run(graph: Graph, list: readonly Pass[], history: Recorder): void {
  for (const pass of list) {
    const regions = regionsIn(graph);
    const changes = regions.reduce((sum, region) => sum + pass.run(region), 0);
    history.ran(pass, changes, graph);
    if (verifies) demandLegal(graph, pass.name);
  }
}

function demandLegal(graph: Graph, stage: string): void {
  const [problem] = verify(graph);
  if (problem !== undefined) throw new InternalError(`the graph ${graph.name} is not legal after ${stage}: ${problem}`);
}
