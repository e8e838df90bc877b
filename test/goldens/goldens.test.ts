import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { expect, test } from 'vitest';
import { printGraph } from '../../src/3-graph/print.js';
import { verify } from '../../src/3-graph/verify.js';
import type { CompileOptions } from '../../src/compile.js';
import { modelOf } from '../kit/source.js';
import { printOnnx } from './print-onnx.js';

/**
 * The optimized graph and the ONNX graph of ten models, as text. A change of the compiler that should not change what it emits leaves these files as they are;
 * any other change shows here what it does.
 */
const models: Readonly<Record<string, CompileOptions>> = {
  'examples/cnn/model.arch': {},
  'examples/gpt2/model.arch': { set: { layers: '2' } },
  'examples/lenet/model.arch': {},
  'examples/lstm/model.arch': {},
  'examples/resnet/model.arch': { model: 'ResNet50' },
  'examples/transformer/model.arch': {},
  'examples/unet/model.arch': {},
  'test/goldens/t5_encoder.arch': {},
  'test/goldens/mixtral_block.arch': {},
  'test/goldens/wav2vec2_features.arch': {},
};

test.each(Object.entries(models))('%s', async (file, options) => {
  const { graph, onnx } = modelOf(readFileSync(resolve(import.meta.dirname, '../..', file), 'utf8'), options);
  const name = file.split('/').at(-1) === 'model.arch' ? file.split('/').at(-2) : file.split('/').at(-1)?.replace('.arch', '');
  expect(verify(graph)).toEqual([]);
  await expect(printGraph(graph)).toMatchFileSnapshot(resolve(import.meta.dirname, `${name}.graph.txt`));
  await expect(printOnnx(onnx)).toMatchFileSnapshot(resolve(import.meta.dirname, `${name}.onnx.txt`));
});
