/// <reference types="node" />
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import type { BuildOptions } from '../../src/api/options.js';
import type { TrainingManifest } from '../../src/api/training.js';
import { build } from '../../src/build.js';
import { createMemoryHost } from '../../src/memory-host.js';
import type { Target } from '../../src/ops/targets.js';
import { rendered } from './source.js';

/** The files of a training, as a `train` block has them. */
export interface TrainingSet {
  readonly manifest: TrainingManifest;
  readonly files: Readonly<Record<string, Uint8Array>>;
}

export interface TrainingSettings {
  readonly freeze?: readonly string[];
  /** How many batches the gradient of one step is taken from. */
  readonly accumulate?: number;
  readonly precision?: 'f32' | 'f16';
  /** As it is written in the block. Default: `input`. */
  readonly lr?: string;
  readonly target?: Target;
  /** Of the initial weights. */
  readonly ema?: number;
  readonly seed?: number;
}

/** A model with dropout and running statistics, as `trainingOf` takes it. */
export const noisyModel = [
  `model Net(x: Tensor[N, 8]) -> (logits: Tensor[N, 3]) {
    return x -> fc1: Linear(16) -> bn: BatchNorm1d -> relu -> drop: Dropout(p = 0.5) -> fc2: Linear(3)
  }`,
  'Net',
] as const;

/** A model whose hidden layer is large: a batch of ten million rows needs 4 TB. */
export const wideModel = [
  `model Wide(x: Tensor[N, 1]) -> (logits: Tensor[N, 2]) {
    return x -> fc1: Linear(100_000, bias = false) -> relu -> fc2: Linear(2, bias = false)
  }`,
  'Wide',
] as const;

/** The same number gives the same batch. */
export function noisyBatch(number: number) {
  const data = Float32Array.from({ length: 64 }, (_, i) => Math.sin(1 + i * (number + 1)));
  return { x: data, labels: Array.from({ length: 8 }, (_, i) => (i + number) % 3) };
}

const examples = { cnn: 'CNN', lstm: 'RNN' };

/** The training of an example with AdamW; its batches have the inputs of the model and `labels`, and its metric is `accuracy`. */
export function exampleTraining(example: keyof typeof examples, settings: TrainingSettings = {}): TrainingSet {
  const source = readFileSync(resolve(import.meta.dirname, `../../examples/${example}/model.arch`), 'utf8');
  return trainingOf(source.slice(0, source.search(/^train /m)), examples[example], settings);
}

/** The training of a model with logits `[N, classes]`. */
export function trainingOf(source: string, model: string, settings: TrainingSettings = {}): TrainingSet {
  const { freeze = [], accumulate = 1, ema, lr = 'input', precision = 'f32', target, seed = 0 } = settings;
  const block = `
train Finetune for ${model} {
  input labels: Tensor<i64>[N]
  loss = cross_entropy(logits, labels)
  metric accuracy = accuracy(logits, labels)
  ${freeze.length === 0 ? '' : `freeze ${freeze.join(', ')}`}
  optimizer adamw(lr = ${lr}, weight_decay = 0.01)
  accumulate ${accumulate}
  ${ema === undefined ? '' : `ema ${ema}`}
  precision ${precision}
}`;
  return builtTraining(source + block, { train: 'Finetune', target, seed });
}

/** The files of a block of a source. Fails with the rendered diagnostics if it has mistakes. */
export function builtTraining(source: string, options: BuildOptions, others: Readonly<Record<string, Uint8Array>> = {}): TrainingSet {
  const result = build('main.arch', createMemoryHost({ 'main.arch': source, ...others }), options);
  if (result.artifacts === undefined) throw new Error(rendered(result));
  const files = Object.fromEntries(result.artifacts.map(({ name, bytes }) => [name, bytes]));
  const manifest = files['main.train.json'];
  if (manifest === undefined) throw new Error('there is no manifest');
  return { manifest: JSON.parse(new TextDecoder().decode(manifest)) as TrainingManifest, files };
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
