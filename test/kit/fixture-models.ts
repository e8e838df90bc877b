/// <reference types="node" />
import { readdirSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { joinChunks } from '../../src/6-emit/onnx/encode.js';
import { writeSafetensors } from '../../src/6-emit/weights/write-safetensors.js';
import { build } from '../../src/build.js';
import type { CompileOptions } from '../../src/compile.js';
import { createMemoryHost } from '../../src/memory-host.js';
import { bytesOfElements, isFloat, type NdArray } from '../../src/ops/types.js';
import { fixturePath } from './fixtures.js';
import { randomNumbers } from './random.js';
import { modelOf, type OneGraph, rendered } from './source.js';

const root = resolve(import.meta.dirname, '../..');

/** A model, or an entry of one, that is small enough to be run in every test. */
export interface FixtureModel {
  readonly source: string;
  readonly options: CompileOptions;
  /** The sizes of its inputs, by name. */
  readonly sizes: Readonly<Record<string, number>>;
}

const example = (name: string) => `examples/${name}/model.arch`;
const configOf = (name: string) => ({ config: readFileSync(fixturePath(name, 'config.json'), 'utf8') });
const text = { N: 2, T: 5, P: 3 };

/** The source with an eighth of the channels. */
const narrow = (source: string) => source.replaceAll('64', '8').replace('2048', '256');

const models: Readonly<
  Record<string, readonly [file: string, options: CompileOptions, sizes: FixtureModel['sizes'], edit?: (source: string) => string]>
> = {
  cnn: [example('cnn'), {}, { N: 2 }],
  detector: [example('detector'), { set: { classes: '3', channels: '16', depth: '1' } }, { H: 6, W: 8, H2: 3, W2: 4 }],
  experts: [example('experts'), { config: readFileSync(resolve(root, 'test/run/examples/experts.json'), 'utf8') }, text],
  gpt2: [example('gpt2'), { set: { vocab: '100', positions: '32', D: '32', layers: '2', heads: '4' } }, text],
  lenet: [example('lenet'), {}, { N: 2 }],
  llama: [example('llama'), configOf('llama'), text],
  lstm: [example('lstm'), {}, text],
  mamba: [example('mamba'), configOf('mamba'), text],
  resnet: [example('resnet'), { model: 'ResNet', set: { depths: '[1, 1, 1, 1]', classes: '10' } }, { N: 2, H: 32, W: 32 }, narrow],
  transformer: [example('transformer'), {}, text],
  unet: [example('unet'), {}, { N: 2, H: 8, W: 12 }],
  'whisper encode': [example('whisper'), { ...configOf('whisper'), entry: 'encode' }, text],
  'whisper step': [example('whisper'), { ...configOf('whisper'), entry: 'step' }, { ...text, S: 10 }],
  vit: ['test/reference/models/vit.arch', {}, text],
  gru_tagger: ['test/reference/models/gru_tagger.arch', {}, text],
  gpt2_cache: ['test/run/stateful/gpt2_cache.arch', configOf('gpt2_cache'), text],
  lstm_stream: ['test/run/stateful/lstm_stream.arch', configOf('lstm_stream'), text],
};

/** The examples and the models of reference data, at the sizes of their fixtures or at smaller ones. */
export const fixtureModels: ReadonlyMap<string, FixtureModel> = new Map(
  Object.entries(models).map(([name, [file, options, sizes, edit]]) => {
    // Leaves out the `train` blocks, which are at the end.
    const source = readFileSync(resolve(root, file), 'utf8').replace(/^train [\s\S]*$/m, '');
    return [name, { source: edit?.(source) ?? source, options, sizes }];
  }),
);

/** The folders of examples/. */
export const exampleNames: readonly string[] = readdirSync(resolve(root, 'examples'));

/** Random weights for a model. Biases and the statistics of norms differ from their initial values, and no layer makes numbers much larger. */
function drawnWeights({ parameters }: OneGraph): Uint8Array {
  const random = randomNumbers(7);
  const tensors = parameters.map(({ name, type: { dtype, shape } }) => {
    const sizes = shape.map((size) => size.constant as number);
    const count = sizes.reduce((a, b) => a * b, 1);
    const width = sizes.length < 2 ? 1 : count / (sizes[0] as number);
    const isScale = sizes.length < 2 && /weight|running_var|gamma/.test(name);
    const data = Float32Array.from({ length: count }, () => (isScale ? 0.5 + random() : (3 * random() - 1.5) / Math.sqrt(width)));
    // A parameter that is not f32 counts batches.
    return {
      name,
      dtype,
      shape: sizes,
      bytes: dtype === 'f32' ? new Uint8Array(data.buffer) : new Uint8Array(bytesOfElements(dtype, count)),
    };
  });
  return joinChunks(writeSafetensors(tensors));
}

/** The file of a model with these weights. */
export function builtFixture({ source, options }: FixtureModel, weights: Uint8Array, more: CompileOptions = {}): Uint8Array {
  const settings = { ...options, ...more, weights: 'weights' };
  const result = build('main.arch', createMemoryHost({ 'main.arch': source, weights }), settings);
  if (result.bytes === undefined) throw new Error(rendered(result));
  return result.bytes;
}

/** Weights for a model, and inputs of its sizes. Floats are in [-1, 1), and integers from 0 to 3, which are valid ids in every table. */
export function drawnFixture({ source, options, sizes }: FixtureModel): {
  readonly weights: Uint8Array;
  readonly feeds: Readonly<Record<string, NdArray>>;
} {
  const random = randomNumbers(11);
  const known = new Map(Object.entries(sizes));
  const model = modelOf(source, options);
  const feeds = model.onnx.inputs.map(({ name, type: { dtype, shape } }): [string, NdArray] => {
    const axes = shape.map((size) => size.evaluate(known));
    const length = axes.reduce((a, b) => a * b, 1);
    const data = Float64Array.from({ length }, () => (isFloat(dtype) ? Math.fround(2 * random() - 1) : Math.floor(4 * random())));
    return [name, { dtype, shape: axes, data }];
  });
  return { weights: drawnWeights(model), feeds: Object.fromEntries(feeds) };
}
