/// <reference types="node" />
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import type { CheckedEntry } from '../../src/2-check/checked-model.js';
import type { CheckedTraining } from '../../src/2-check/train/checked-training.js';
import { elaborate } from '../../src/3-graph/elaborate.js';
import { Graph } from '../../src/3-graph/graph.js';
import { GraphBuilder } from '../../src/3-graph/graph-builder.js';
import { verify } from '../../src/3-graph/verify.js';
import { differentiate } from '../../src/4-train/differentiate.js';
import { toTrainingForm, writeWeights } from '../../src/4-train/train-graph.js';
import { TrainingState } from '../../src/4-train/training-state.js';
import { writeUpdate } from '../../src/4-train/update.js';
import { lowerToOnnx, openForGradient, optimize } from '../../src/5-optimize/pipeline.js';
import { emitOnnx } from '../../src/6-emit/emit.js';
import { joinChunks } from '../../src/6-emit/onnx/encode.js';
import { planStorage, storageOf } from '../../src/6-emit/storage.js';
import { type TensorSource, wholeTensor } from '../../src/6-emit/weights/tensor-source.js';
import { writeSafetensors } from '../../src/6-emit/weights/write-safetensors.js';
import type { StoredShape, TrainingGraph, TrainingManifest } from '../../src/api/training.js';
import { build } from '../../src/build.js';
import type { CompiledModel } from '../../src/compile.js';
import { modelOf, signatureOf } from '../../src/describe-model.js';
import { Report } from '../../src/diagnostics/report.js';
import { defaultLimits } from '../../src/limits.js';
import { createMemoryHost } from '../../src/memory-host.js';
import { nth } from '../../src/ops/only.js';
import type { Target } from '../../src/ops/targets.js';
import { prepareModel } from '../../src/prepare-model.js';
import { toTrainingStep } from '../../src/training.js';
import { rendered } from './source.js';

/** The files of a training, as a `train` block has them. */
export interface TrainingSet {
  readonly manifest: TrainingManifest;
  readonly files: Readonly<Record<string, Uint8Array>>;
}

export interface TrainingSettings {
  readonly freeze?: readonly string[];
  /** From how many batches the gradient of one step is taken. */
  readonly accumulate?: number;
  /** Default: `{ kind: 'input' }`. */
  readonly lr?: CheckedTraining['optimizer']['lr'];
  readonly target?: Target;
  /** Of the initial weights. */
  readonly seed?: number;
}

/** A model with dropout and running statistics, as `trainingOf` takes it. */
export const noisyModel = [
  `model Net(x: Tensor[N, 8]) -> (logits: Tensor[N, 3]) {
    return x -> fc1: Linear(16) -> bn: BatchNorm1d -> relu -> drop: Dropout(p = 0.5) -> fc2: Linear(3)
  }`,
  'Net',
  `model Train(x: Tensor[N, 8], labels: Tensor<i64>[N]) -> (loss: Tensor[], accuracy: Tensor[]) {
    logits = x -> _: Net
    return (cross_entropy(logits, labels), accuracy(logits, labels))
  }`,
] as const;

/** The same number gives the same batch. */
export function noisyBatch(number: number) {
  const data = Float32Array.from({ length: 64 }, (_, i) => Math.sin(1 + i * (number + 1)));
  return { x: data, labels: Array.from({ length: 8 }, (_, i) => (i + number) % 3) };
}

const examples: Readonly<Record<string, readonly [model: string, loss: string]>> = {
  cnn: [
    'CNN',
    'model Train(image: Tensor[N, 3, 24, 24], labels: Tensor<i64>[N]) -> (loss: Tensor[], accuracy: Tensor[]) { logits = image -> _: CNN\n return (cross_entropy(logits, labels), accuracy(logits, labels)) }',
  ],
  lstm: [
    'RNN',
    'model Train(x: Tensor[N, 7, 10], labels: Tensor<i64>[N]) -> (loss: Tensor[], accuracy: Tensor[]) { logits = x -> _: RNN\n return (cross_entropy(logits, labels), accuracy(logits, labels)) }',
  ],
};

/** The training of an example with AdamW; its batches have the inputs of the model and `labels`, and its metric is `accuracy`. */
export function exampleTraining(example: 'cnn' | 'lstm', settings: TrainingSettings = {}): TrainingSet {
  const source = readFileSync(resolve(import.meta.dirname, `../../examples/${example}/model.arch`), 'utf8');
  const [model, loss] = examples[example]!;
  return trainingOf(source.slice(0, source.search(/^train /m)), model, loss, settings);
}

/** The training of a model `model` by a model `Train`, which computes `loss` and `accuracy`. */
export function trainingOf(source: string, model: string, loss: string, settings: TrainingSettings = {}): TrainingSet {
  const { freeze = [], accumulate = 1, lr = { kind: 'input' }, target, seed = 0 } = settings;
  const host = createMemoryHost({ 'main.arch': `${source}\n${loss}`, 'model.arch': source });
  const { prepared, compiled } = prepareModel('main.arch', host, {
    settings: { model: 'Train' },
    weights: { file: undefined, patterns: [], seed },
  });
  if (prepared === undefined) throw new Error(rendered(compiled));
  const { model: program, weights } = prepared;
  const { span } = program.checked;
  const training = {
    name: 'Finetune',
    doc: undefined,
    span,
    model: program.checked,
    metrics: ['accuracy'],
    optimizer: {
      name: 'adamw',
      lr,
      options: { betas: [0.9, 0.999], eps: 1e-8, weight_decay: 0.01, amsgrad: false },
      groups: [],
      span,
    },
    freeze: freeze.map((pattern) => ({ pattern, span, updatesStatistics: false })),
    evaluated: [],
    lora: [],
    checkpoints: [],
    clipNorm: undefined,
    clipValue: undefined,
    accumulate,
    ema: undefined,
    precision: 'f32',
  } satisfies CheckedTraining;
  const maker = new Maker(program, training, weights.sources, target);
  const trained = maker.train();
  const evaluation = maker.evaluation(trained.names);
  const isStatistic = ({ name }: StoredShape) => /\.running_(?:mean|var)$/.test(name);
  const changed = trained.names.filter((stored) => !isStatistic(stored));
  const sums = accumulate > 1 ? { grads: maker.grads(), apply: maker.apply(changed) } : undefined;
  const inference = build('model.arch', host, { model, seed });
  if (inference.model === undefined || inference.bytes === undefined) throw new Error(rendered(inference));
  const stored = trained.names.map(({ name }) => name);
  const manifest: TrainingManifest = {
    version: 1,
    name: 'Finetune',
    model,
    train: trained.graph,
    eval: evaluation,
    ...sums,
    inference: { file: 'inference.onnx', signature: modelOf(inference.model).signature },
    stateFile: 'state.safetensors',
    accumulate,
    metrics: ['accuracy'],
    hasRate: lr.kind === 'input',
    weights: changed,
    statistics: trained.names.filter(isStatistic),
    moments: trained.moments,
  };
  const state = stored.map((name) => {
    const { type } = program.parameters.find((parameter) => parameter.name === name)!;
    return { name, dtype: type.dtype, shape: type.shape.map((size) => size.constant!), bytes: wholeTensor(weights.sources.get(name)!) };
  });
  return {
    manifest,
    files: { ...maker.files, 'inference.onnx': inference.bytes, 'state.safetensors': joinChunks(writeSafetensors(state)) },
  };
}

/** Makes the graphs of one training. */
class Maker {
  readonly files: Record<string, Uint8Array> = {};
  readonly #program: CompiledModel;
  readonly #training: CheckedTraining;
  readonly #weights: ReadonlyMap<string, TensorSource>;
  readonly #options: { readonly target?: Target; readonly fused: false };

  constructor(program: CompiledModel, training: CheckedTraining, weights: ReadonlyMap<string, TensorSource>, target: Target | undefined) {
    this.#program = program;
    this.#training = training;
    this.#weights = weights;
    this.#options = { ...(target === undefined ? {} : { target }), fused: false };
  }

  train() {
    const { graph, checked } = this.#fresh();
    const report = new Report();
    const step = toTrainingStep(graph, this.#training, this.#options, report);
    if (step === undefined) throw new Error(JSON.stringify(report.diagnostics.map(({ message }) => message)));
    const names = graph.states
      .filter(({ state }) => state.start.kind === 'stored')
      .map(({ state, type }): StoredShape => ({ name: state.input, shape: type.shape.map((size) => size.constant!) }));
    return { graph: this.#write('train.onnx', graph, checked), names, moments: step.moments };
  }

  evaluation(names: readonly StoredShape[]): TrainingGraph {
    const { graph, checked } = this.#fresh();
    for (const { name } of names) {
      const value = graph.parameters.find((parameter) => parameter.hint === name)!;
      graph.addState({
        state: { input: name, output: `${name}.next`, start: { kind: 'stored' }, span: this.#training.span },
        type: value.type,
        isRead: true,
        isSet: false,
      });
      graph.toInput(value);
    }
    openForGradient(graph, this.#options);
    writeWeights(graph, new GraphBuilder(graph, this.#origin), this.#training);
    return this.#write('eval.onnx', graph, checked);
  }

  /** The gradients of one batch, added to sums. */
  grads(): TrainingGraph {
    const { graph, checked } = this.#fresh();
    const report = new Report();
    const { trained, state } = toTrainingForm(graph, this.#training, report);
    openForGradient(graph, this.#options);
    const g = new GraphBuilder(graph, this.#origin);
    const loss = writeWeights(graph, g, this.#training);
    const weight = graph.outputs.find(({ name }) => name === 'loss.weight')!.value;
    const gradients = differentiate(graph, {
      from: new Map([[loss, g.scalar(1, loss)]]),
      of: trained.map(({ value }) => value),
      onMissing: () => {
        throw new Error('no gradient');
      },
    });
    for (const { name, value } of trained) {
      const sum = state.input(`sum.${name}`, value.type, { kind: 'zeros' });
      state.next(`sum.${name}`, g.add(sum, g.mul(gradients.get(value)!, weight)));
    }
    const total = state.input('sum', { dtype: 'f32', shape: [] }, { kind: 'zeros' });
    state.next('sum', g.add(total, weight));
    for (const { value } of trained) state.stored(value);
    state.finish();
    return this.#write('grads.onnx', graph, checked);
  }

  /** A step from the sums, which are 0 after it. */
  apply(names: readonly StoredShape[]): TrainingGraph {
    const graph = new Graph('apply');
    const state = new TrainingState(graph, this.#training.span);
    const g = new GraphBuilder(graph, this.#origin);
    const step = state.input('step', { dtype: 'i32', shape: [] }, { kind: 'zeros' });
    const lr = graph.input('lr', { dtype: 'f32', shape: [] });
    const total = state.input('sum', { dtype: 'f32', shape: [] }, { kind: 'zeros' });
    const types = new Map(this.#program.parameters.map(({ name, type }) => [name, type]));
    const weights = names.map(({ name }) => {
      const type = types.get(name)!;
      const sum = state.input(`sum.${name}`, type, { kind: 'zeros' });
      state.next(`sum.${name}`, g.zerosLike(sum));
      const value = state.input(name, type, { kind: 'stored' });
      return { name, value, lrScale: 1, options: this.#training.optimizer.options, gradient: g.div(sum, total) };
    });
    writeUpdate(g, weights, this.#training, state, { lr, step, pieceBytes: 2 ** 27 });
    state.next('sum', g.zerosLike(total));
    state.next('step', g.shift(step, 1));
    state.finish();
    return this.#write('apply.onnx', graph, nth(this.#program.entries, 0).checked);
  }

  get #origin() {
    return { path: [], kinds: ['Train'], span: this.#training.span };
  }

  #fresh(): { readonly graph: Graph; readonly checked: CheckedEntry } {
    return nth(elaborate(this.#program.checked, new Report(), defaultLimits).entries, 0);
  }

  #write(file: string, graph: Graph, checked: CheckedEntry): TrainingGraph {
    const problems = verify(graph);
    if (problems.length > 0) throw new Error(problems.join('\n'));
    optimize(graph, this.#options);
    const onnx = lowerToOnnx(graph, this.#options);
    const used = onnx.parameters.map(({ parameter: { name } }) => [name, this.#weights.get(name)!] as const);
    const storage = storageOf(planStorage(new Map(used), { external: 'never' }), '');
    this.files[file] = joinChunks(emitOnnx(onnx, storage, { version: 'test' }).write());
    return { file, signature: signatureOf(this.#program, { name: 'train', checked, graph, onnx }) };
  }
}

/** Batches that can be learned: the image of a class is bright in its own place, and its sequence has its own frequency. The same number gives the same batch. */
export function exampleBatch(
  example: 'cnn' | 'lstm',
  size: number,
  number: number,
): Record<string, { data: Float32Array | BigInt64Array; shape: number[] }> {
  const [name, shape, classes] = example === 'cnn' ? (['image', [3, 24, 24], 10] as const) : (['x', [7, 10], 2] as const);
  const count = shape.reduce((a, b) => a * b, 1);
  let seed = 12345 + 7919 * number;
  const random = () => {
    seed = (Math.imul(seed, 1664525) + 1013904223) >>> 0;
    return seed / 2 ** 32;
  };
  const labels = BigInt64Array.from({ length: size }, () => BigInt(Math.floor(random() * classes)));
  const data = new Float32Array(size * count);
  for (const [i, label] of labels.entries())
    for (let k = 0; k < count; k++) data[i * count + k] = Math.sin(0.1 * (1 + Number(label)) * k) + 0.3 * (random() - 0.5);
  return { [name]: { data, shape: [size, ...shape] }, labels: { data: labels, shape: [size] } };
}
