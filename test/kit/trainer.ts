import { averagesOf } from '../../src/4-train/train-graph.js';
import { emitOnnx } from '../../src/6-emit/emit.js';
import { joinChunks } from '../../src/6-emit/onnx/encode.js';
import { planStorage, storageOf } from '../../src/6-emit/storage.js';
import { wholeTensor } from '../../src/6-emit/weights/tensor-source.js';
import { writeSafetensors } from '../../src/6-emit/weights/write-safetensors.js';
import type { CompiledModel, CompileOptions } from '../../src/compile.js';
import { renderTerminal } from '../../src/diagnostics/render-terminal.js';
import { createMemoryHost } from '../../src/memory-host.js';
import { ndArray } from '../../src/ops/nd/array.js';
import { concrete } from '../../src/ops/sizes.js';
import type { DType, NdArray } from '../../src/ops/types.js';
import { type PreparedModel, prepareModel } from '../../src/prepare-model.js';
import { tensorOf } from '../../src/runtime/pure/tensor-numbers.js';
import type { CompiledTraining, TrainingEntry } from '../../src/training.js';
import type { OrtOptions, OrtRunner, SeriesResult } from './ort.js';

export type Arrays = Readonly<Record<string, NdArray>>;

export interface TrainerOptions extends CompileOptions {
  /** The weights of the model by their names; drawn if they are not given. */
  readonly weights?: Arrays | undefined;
}

/** The graphs of a `train` block on ONNX Runtime, and the values of their states before the first step. */
export class Trainer {
  readonly model: CompiledModel;
  readonly training: CompiledTraining;
  /** Of all graphs: weights, running statistics, what the optimizer remembers, `step` and `seed`. */
  readonly start: Arrays;
  readonly #ort: OrtRunner;
  readonly #prepared: PreparedModel;
  readonly #files = new Map<string, Uint8Array>();

  /** Fails with the rendered diagnostics if the block has mistakes. */
  constructor(ort: OrtRunner, source: string, options: TrainerOptions & { readonly train: string }) {
    const prepared = preparedTraining(source, options);
    const { training } = prepared.model;
    if (training === undefined) throw new Error(`${options.train} was not compiled`);
    this.#ort = ort;
    this.model = prepared.model;
    this.training = training;
    const averages = averagesOf(training.step.weights, training.checked);
    this.start = Object.assign({}, ...training.entries.map((entry) => startOf(entry, prepared, averages)));
    this.#prepared = prepared;
  }

  #file(name: TrainingEntry['name']): Uint8Array {
    const file = this.#files.get(name) ?? fileOf(this.entry(name), this.#prepared);
    this.#files.set(name, file);
    return file;
  }

  entry(name: TrainingEntry['name']): TrainingEntry {
    const entry = this.training.entries.find((known) => known.name === name);
    if (entry === undefined) throw new Error(`there is no graph ${name}`);
    return entry;
  }

  /** One step for each batch. */
  steps(batches: readonly Arrays[], state: Arrays = this.start, options: OrtOptions = {}): Promise<SeriesResult> {
    return this.series('train', batches, state, options);
  }

  /** Runs a graph once for each batch. Of the state, it changes what it sets; the rest stays as it is. */
  async series(name: TrainingEntry['name'], batches: readonly Arrays[], state: Arrays, options: OrtOptions = {}): Promise<SeriesResult> {
    const states = this.entry(name).graph.states;
    const own = Object.fromEntries(states.map((known) => [known.state.input, state[known.state.input] as NdArray]));
    const carried = Object.fromEntries(states.filter(({ isSet }) => isSet).map((known) => [known.state.input, known.state.output]));
    const result = await this.#ort.series(this.#file(name), { batches, state: own, carried }, options);
    return { steps: result.steps, state: { ...state, ...result.state } };
  }

  /** Loss and metrics of one batch of held-out data. */
  evaluate(batch: Arrays, state: Arrays = this.start, options: OrtOptions = {}): Promise<Record<string, NdArray>> {
    const read = this.entry('eval').graph.states.map((known) => known.state.input);
    const weights = Object.fromEntries(read.map((name) => [name, state[name] as NdArray]));
    return this.#ort.run(this.#file('eval'), { ...batch, ...weights }, options);
  }
}

function preparedTraining(source: string, { weights, ...settings }: TrainerOptions): PreparedModel {
  const file = weights === undefined ? {} : { 'weights.safetensors': fileOfWeights(weights) };
  const host = createMemoryHost({ 'main.arch': source, ...file });
  const [path] = Object.keys(file);
  const { prepared, report, compiled } = prepareModel('main.arch', host, {
    settings,
    weights: { file: path, frozen: new Map(), patterns: [], seed: 0 },
  });
  if (prepared === undefined || report.hasErrors) throw new Error(renderTerminal(report.diagnostics, compiled.sources));
  return prepared;
}

function fileOfWeights(weights: Arrays): Uint8Array {
  return joinChunks(writeSafetensors(Object.entries(weights).map(([name, a]) => ({ name, ...tensorOf(a.dtype, a.shape, a.data) }))));
}

function fileOf({ onnx }: TrainingEntry, { weights }: PreparedModel): Uint8Array {
  return joinChunks(emitOnnx(onnx, storageOf(planStorage(weights.sources, { external: 'never' }), ''), { version: 'test' }).write());
}

function startOf({ graph }: TrainingEntry, { weights }: PreparedModel, averages: ReadonlyMap<string, string>): Arrays {
  return Object.fromEntries(
    graph.states.map(({ state: { input, start }, type }) => {
      const array = ndArray(type.dtype, type.shape.map(concrete));
      if (start.kind === 'constant') array.data.fill(start.value);
      else if (start.kind === 'stored') array.data.set(numbersIn(type.dtype, weights, averages.get(input) ?? input));
      else if (start.kind !== 'zeros') throw new Error(`${input} starts in a way that tests do not know: ${start.kind}`);
      return [input, array];
    }),
  );
}

function numbersIn(dtype: DType, { sources }: PreparedModel['weights'], name: string): Float32Array {
  const source = sources.get(name);
  if (source === undefined || dtype !== 'f32') throw new Error(`there are no f32 values for ${name}`);
  return new Float32Array(wholeTensor(source).slice().buffer);
}
