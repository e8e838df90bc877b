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
  /** Of `train`: weights, running statistics, what the optimizer remembers, `step` and `seed`. */
  readonly start: Arrays;
  readonly #ort: OrtRunner;
  readonly #train: Uint8Array;
  readonly #eval: Uint8Array;

  /** Fails with the rendered diagnostics if the block has mistakes. */
  constructor(ort: OrtRunner, source: string, options: TrainerOptions & { readonly train: string }) {
    const prepared = preparedTraining(source, options);
    const { training } = prepared.model;
    if (training === undefined) throw new Error(`${options.train} was not compiled`);
    this.#ort = ort;
    this.model = prepared.model;
    this.training = training;
    this.start = startOf(this.entry('train'), prepared);
    this.#train = fileOf(this.entry('train'), prepared);
    this.#eval = fileOf(this.entry('eval'), prepared);
  }

  entry(name: TrainingEntry['name']): TrainingEntry {
    const entry = this.training.entries.find((known) => known.name === name);
    if (entry === undefined) throw new Error(`there is no graph ${name}`);
    return entry;
  }

  /** One step for each batch. */
  steps(batches: readonly Arrays[], state: Arrays = this.start, options: OrtOptions = {}): Promise<SeriesResult> {
    const states = this.entry('train').graph.states.filter(({ isSet }) => isSet);
    const carried = Object.fromEntries(states.map((known) => [known.state.input, known.state.output]));
    return this.#ort.series(this.#train, { batches, state, carried }, options);
  }

  /** Loss and metrics of one batch of held-out data. */
  evaluate(batch: Arrays, state: Arrays = this.start, options: OrtOptions = {}): Promise<Record<string, NdArray>> {
    const read = this.entry('eval').graph.states.map((known) => known.state.input);
    const weights = Object.fromEntries(read.map((name) => [name, state[name] as NdArray]));
    return this.#ort.run(this.#eval, { ...batch, ...weights }, options);
  }
}

function preparedTraining(source: string, { weights, ...settings }: TrainerOptions): PreparedModel {
  const file = weights === undefined ? {} : { 'weights.safetensors': fileOfWeights(weights) };
  const host = createMemoryHost({ 'main.arch': source, ...file });
  const [path] = Object.keys(file);
  const { prepared, report, compiled } = prepareModel('main.arch', host, { settings, weights: { file: path, patterns: [], seed: 0 } });
  if (prepared === undefined || report.hasErrors) throw new Error(renderTerminal(report.diagnostics, compiled.sources));
  return prepared;
}

function fileOfWeights(weights: Arrays): Uint8Array {
  return joinChunks(writeSafetensors(Object.entries(weights).map(([name, a]) => ({ name, ...tensorOf(a.dtype, a.shape, a.data) }))));
}

function fileOf({ onnx }: TrainingEntry, { weights }: PreparedModel): Uint8Array {
  return joinChunks(emitOnnx(onnx, storageOf(planStorage(weights.sources, { external: 'never' }), ''), { version: 'test' }).write());
}

function startOf({ graph }: TrainingEntry, { weights }: PreparedModel): Arrays {
  return Object.fromEntries(
    graph.states.map(({ state: { input, start }, type }) => {
      const array = ndArray(type.dtype, type.shape.map(concrete));
      if (start.kind === 'constant') array.data.fill(start.value);
      else if (start.kind === 'stored') array.data.set(numbersIn(type.dtype, weights, input));
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
