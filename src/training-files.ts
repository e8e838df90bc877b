import type { Rate } from './2-check/train/checked-training.js';
import { lossScale } from './4-train/loss-scale.js';
import { averagesOf } from './4-train/train-graph.js';
import { constantShape } from './6-emit/onnx/model.js';
import { utf8 } from './6-emit/utf8.js';
import { wholeTensor } from './6-emit/weights/tensor-source.js';
import { safetensorsChunks } from './6-emit/weights/write-safetensors.js';
import type { StoredShape, TrainingGraph, TrainingManifest } from './api/training.js';
import { fileOfEntry } from './artifacts.js';
import type { CompiledModel } from './compile.js';
import { signatureOf } from './describe-model.js';
import { InternalError } from './diagnostics/internal-error.js';
import type { PreparedModel } from './prepare-model.js';
import type { CompiledTraining } from './training.js';
import { trainingCost } from './training-cost.js';

/** A file next to those of the graphs. */
export interface FileBeside {
  readonly name: string;
  /** Made while they are read, once. */
  readonly chunks: Iterable<Uint8Array>;
}

/**
 * What is written beside the graphs of a `train` block: the values of the stored states before the first step, as safetensors, and the manifest. `file` is the name of the file
 * for inference, `m.onnx`: the others are `m.train.safetensors` and `m.train.json`.
 */
export function trainingFiles({ model, weights }: PreparedModel, file: string): readonly FileBeside[] {
  const { training } = model;
  if (training === undefined) return [];
  const state = training.state.map(({ name, type }) => {
    const source = weights.sources.get(name);
    if (source === undefined) throw new InternalError(`there are no values for ${name}`);
    return { name, dtype: type.dtype, shape: constantShape(type, name), bytes: () => wholeTensor(source) };
  });
  for (const [average, name] of averagesOf(training.step.weights, training.checked)) {
    const weight = state.find((tensor) => tensor.name === name);
    if (weight !== undefined) state.push({ ...weight, name: average });
  }
  const stateFile = stateFileOf(file);
  const manifest = manifestOf(model, training, file);
  return [
    { name: stateFile, chunks: safetensorsChunks(state) },
    { name: manifestFileOf(file), chunks: [utf8(`${JSON.stringify(manifest, undefined, 2)}\n`)] },
  ];
}

function stateFileOf(file: string): string {
  return `${file.replace(/\.onnx$/, '')}.train.safetensors`;
}

/** The name of the manifest beside a file for inference. */
export function manifestFileOf(file: string): string {
  return `${file.replace(/\.onnx$/, '')}.train.json`;
}

/** The manifest of a training. `file` is the name of the file for inference. */
export function manifestOf(model: CompiledModel, training: CompiledTraining, file: string): TrainingManifest {
  const { checked, step, state } = training;
  const graphOf = (name: string): TrainingGraph | undefined => {
    const entry = model.entries.find((known) => known.name === name);
    return entry && { file: fileOfEntry(model, name, file), signature: signatureOf(model, entry) };
  };
  const demanded = (name: string): TrainingGraph => {
    const graph = graphOf(name);
    if (graph === undefined) throw new InternalError(`the graph ${name} is missing`);
    return graph;
  };
  const shapes = new Map(state.map(({ name, type }) => [name, constantShape(type, name)]));
  const stored = (names: readonly string[]): readonly StoredShape[] => names.map((name) => ({ name, shape: shapes.get(name) ?? [] }));
  const [inference] = model.entries;
  return {
    version: 1,
    name: checked.name,
    model: model.name,
    train: demanded('train'),
    eval: demanded('eval'),
    grads: graphOf('grads'),
    apply: graphOf('apply'),
    inference: demanded(inference?.name ?? ''),
    stateFile: stateFileOf(file),
    accumulate: checked.accumulate,
    metrics: checked.metrics,
    hasAverage: checked.ema !== undefined,
    hasRate: checked.optimizer.lr.kind === 'input',
    rate: rateOf(checked.optimizer.lr),
    ...(checked.precision === 'f16' ? { lossScale: { least: lossScale.least } } : {}),
    weights: stored(step.weights),
    statistics: stored(step.statistics),
    frozen: (inference?.onnx.parameters ?? []).flatMap(({ parameter: { name, type } }) =>
      shapes.has(name) ? [] : [{ name, shape: constantShape(type, name) }],
    ),
    moments: step.moments,
    adapters: step.adapters,
    cost: trainingCost(training),
  };
}

/** What a manifest says about a learning rate; undefined if the host gives it. */
function rateOf(lr: Rate): TrainingManifest['rate'] {
  switch (lr.kind) {
    case 'input':
      return undefined;
    case 'constant':
      return lr.value;
    case 'schedule': {
      const { kind: _, ...schedule } = lr;
      return schedule;
    }
  }
}
