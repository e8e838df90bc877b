import type { Graph } from '../../../src/3-graph/graph.js';
import { GraphBuilder } from '../../../src/3-graph/graph-builder.js';
import { differentiate } from '../../../src/4-train/differentiate.js';
import { narrowInputs } from '../../../src/5-optimize/narrow-inputs.js';
import { lowerToOnnx, openForGradient, optimize } from '../../../src/5-optimize/pipeline.js';
import { opsets } from '../../../src/ops/opsets.js';
import { targets as allTargets, type Target } from '../../../src/ops/targets.js';
import { isFloat } from '../../../src/ops/types.js';
import { samplesOfEveryDType } from '../every-dtype.js';
import { everyOp } from '../every-op.js';
import { graphOf } from '../op-graph.js';
import { type DrawnSample, drawSamples, dtypesOf, namedInputs, withDType } from '../op-samples.js';
import { collect, type Emitted } from './emitted.js';

/** The targets, and the element types instead of f32. */
interface Wanted {
  readonly targets?: readonly Target[];
  readonly dtypes?: readonly ('f32' | 'f16' | 'f64' | 'bf16')[];
}

/** The forms in what the samples of every operator become, and in their gradients of f32. */
export function emittedByOperators({ targets = allTargets, dtypes = ['f32', 'f16', 'f64', 'bf16'] }: Wanted = {}): Emitted {
  const all: Emitted = new Map();
  for (const op of everyOp) {
    const samples = drawSamples(op).filter((sample) => dtypes.includes('f64') || !mentionsDoubles(sample));
    for (const dtype of dtypes) {
      const list = dtype === 'f32' ? samples : samples.flatMap((sample) => withDType(sample, dtype));
      if (list.length === 0) continue;
      const { graph } = graphOf(list);
      for (const target of targets)
        for (const opset of [opsets.min, opsets.max])
          for (const fused of [true, false]) collect(all, lowerToOnnx(graph, { target, opset, fused }));
    }
    // A graph of samples does not say where sizes are made that gradients would need.
    if (op.effects !== 'new-size') for (const target of targets) collectTrained(all, samples, target);
  }
  return all;
}

function mentionsDoubles({ inputs, attrs, types }: DrawnSample): boolean {
  return [...inputs, ...types].flat().some((one) => one?.dtype === 'f64') || Object.values(attrs).includes('f64');
}

/** Targets and opsets that lead to different forms. */
const places: readonly (readonly [Target, number])[] = [
  ['portable', opsets.min],
  ['cpu', opsets.max],
  ['webgpu', opsets.min],
  ['webgpu', opsets.max],
];

/** The forms in what the samples of every operator become with every combination of element types that its shape rule accepts, other than floats of one type. */
export function emittedByDTypes(): Emitted {
  const all: Emitted = new Map();
  for (const op of everyOp) {
    const samples = samplesOfEveryDType(op).filter((sample) => !isOfOneFloat(sample));
    if (samples.length === 0) continue;
    const { graph } = graphOf(samples);
    for (const [target, opset] of places) collect(all, lowerToOnnx(graph, { target, opset }));
  }
  return all;
}

/** Whether all tensors have one float type, as other samples do. */
function isOfOneFloat(sample: DrawnSample): boolean {
  const all = new Set(dtypesOf(sample));
  return namedInputs(sample.op, sample.inputs).length > 0 && all.size === 1 && [...all].every(isFloat);
}

/** Collects the forms of the samples in a training graph: with i32 inputs instead of i64 if the target is WebGPU, and with gradients. */
function collectTrained(all: Emitted, samples: readonly DrawnSample[], target: Target): void {
  const { graph } = graphOf(samples);
  addGradients(graph, target);
  if (target === 'webgpu') narrowInputs(graph);
  optimize(graph, { target, fused: false });
  collect(all, lowerToOnnx(graph, { target, fused: false }));
}

/** The gradients of all float inputs, of the sum of all float outputs. */
function addGradients(graph: Graph, target: Target): void {
  openForGradient(graph, { target });
  const g = new GraphBuilder(graph, { path: [], kinds: ['Samples'], span: undefined });
  const results = graph.outputs.map(({ value }) => value).filter(({ type }) => isFloat(type.dtype));
  const gradients = differentiate(graph, {
    from: new Map(results.map((value) => [value, g.op('ones_like', [value])])),
    of: graph.inputs.filter(({ type }) => isFloat(type.dtype)),
    onMissing: () => undefined,
  });
  for (const [value, gradient] of gradients) graph.output(`gradient of ${value.hint}`, gradient);
}
