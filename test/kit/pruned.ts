import { rawElements } from '../../src/6-emit/onnx/raw-data.js';
import { wholeTensor } from '../../src/6-emit/weights/tensor-source.js';
import { openWeights } from '../../src/6-emit/weights/weight-file.js';
import { writeSafetensors } from '../../src/6-emit/weights/write-safetensors.js';
import type { PruneOptions } from '../../src/api/prune.js';
import { build } from '../../src/build.js';
import type { CompileOptions } from '../../src/compile.js';
import { Report } from '../../src/diagnostics/report.js';
import { createMemoryHost } from '../../src/memory-host.js';
import { prepareModel } from '../../src/prepare-model.js';
import { elementsIn } from '../../src/prune/elements.js';
import { type PruneOutcome, prune } from '../../src/prune-model.js';
import { randomNumbers } from './random.js';
import { rendered } from './source.js';

/** The elements of a weight, and its shape. */
export interface Weight {
  readonly shape: readonly number[];
  readonly data: Float64Array;
}

export type Weights = Readonly<Record<string, Weight>>;

/** The options of `prune` apart from the weights. */
export type Pruning = Omit<PruneOptions, 'weights'>;

/** The initial weights of a model, with running means as norms would have them after some training. */
export function initialWeights(source: string, options: CompileOptions = {}, seed = 0): Weights {
  const host = createMemoryHost({ 'main.arch': source });
  const weights = { file: undefined, frozen: new Map(), patterns: [], seed };
  const { prepared, compiled } = prepareModel('main.arch', host, { settings: options, weights });
  if (prepared === undefined) throw new Error(rendered(compiled));
  const entries = prepared.model.parameters.map(({ name, type }) => {
    const source = prepared.weights.sources.get(name);
    if (source === undefined) throw new Error(`${name} has no values`);
    return [name, { shape: type.shape.map((size) => size.constant ?? 0), data: elementsIn(type.dtype, wholeTensor(source)) }] as const;
  });
  return Object.fromEntries(entries);
}

/** Weights without zeros, even in biases and the statistics of norms. */
export function trainedWeights(source: string, options: CompileOptions = {}): Weights {
  const random = randomNumbers(7);
  return Object.fromEntries(
    Object.entries(initialWeights(source, options)).map(([name, { shape, data }]) => {
      const value = () => (name.endsWith('running_var') ? 0.5 + random() : random() - 0.5);
      return [name, { shape, data: data.map((old) => old + value()) }];
    }),
  );
}

export function weightsFile(weights: Weights): Uint8Array {
  const tensors = Object.entries(weights).map(([name, { shape, data }]) => ({
    name,
    dtype: 'f32' as const,
    shape,
    bytes: rawElements('f32', data),
  }));
  return new Uint8Array(Buffer.concat(writeSafetensors(tensors)));
}

export function weightsIn(bytes: Uint8Array): Weights {
  const report = new Report();
  const opened = openWeights('w', createMemoryHost({ w: bytes }), report, { file: 'w', start: 0, end: 0 });
  if (opened === undefined) throw new Error(report.diagnostics.map(({ message }) => message).join());
  const read = [...opened.tensors.values()].map(
    ({ name, shape, dtype = 'f32', file, offset, length }) =>
      [name, { shape, data: elementsIn(dtype, file.read(offset, length)) }] as const,
  );
  return Object.fromEntries(read);
}

/** Prunes a model with these weights. */
export function pruneText(source: string, weights: Weights, options: Pruning): PruneOutcome {
  const host = createMemoryHost({ 'main.arch': source, 'w.safetensors': weightsFile(weights) });
  return prune('main.arch', host, { ...options, weights: 'w.safetensors' });
}

/** The same; fails with the rendered diagnostics if it cannot be pruned. */
export function prunedWeights(source: string, weights: Weights, options: Pruning) {
  const result = pruneText(source, weights, options);
  if (result.bytes === undefined || result.pruned === undefined) throw new Error(rendered(result));
  return { weights: weightsIn(result.bytes), report: result.pruned };
}

/** The ONNX file of a model with these weights. */
export function onnxOf(source: string, weights: Weights, options: CompileOptions = {}): Uint8Array {
  const host = createMemoryHost({ 'main.arch': source, 'w.safetensors': weightsFile(weights) });
  const result = build('main.arch', host, { ...options, weights: 'w.safetensors' });
  if (result.bytes === undefined) throw new Error(rendered(result));
  return result.bytes;
}
