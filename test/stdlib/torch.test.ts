/// <reference types="node" />
import { readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import type { NdArray } from '../../src/ops/types.js';
import { showShape } from '../../src/ops/types.js';
import { difference } from '../kit/close.js';
import { useOrt } from '../kit/ort.js';
import { modelOf } from '../kit/source.js';
import { openFixture } from '../kit/tensor-file.js';
import { onnxWithWeights } from '../kit/with-weights.js';
import { torchModels } from './torch-models.js';

const folder = fileURLToPath(new URL('./fixtures/', import.meta.url));
const names = readdirSync(folder).flatMap((file) => (file.endsWith('.safetensors') ? [file.slice(0, -'.safetensors'.length)] : []));
const ort = useOrt();

test('every reference has its model, and every model its reference', () => {
  expect(Object.keys(torchModels).sort()).toEqual([...names].sort());
});

test.each(names)('%s has the parameters of torch.nn and computes the same', async (name) => {
  const source = torchModels[name] as string;
  const file = openFixture(`${folder}${name}.safetensors`);
  const model = modelOf(source);
  const declared = model.graph.parameters.map(({ type, hint }) => `${hint} ${type.dtype}${showShape(type.shape)}`);
  const stored = file.under('weight.').map(({ name, dtype, shape }) => `${name} ${dtype}[${shape.join(', ')}]`);
  expect(declared.sort()).toEqual(stored.sort());

  const outputs = await ort.run(onnxWithWeights(model, file.path, 'weight.'), file.arrays('in.'));
  const wanted = file.arrays('out.');
  expect(Object.keys(outputs).sort()).toEqual(Object.keys(wanted).sort());
  for (const [output, array] of Object.entries(wanted)) {
    // float32 against float64: some ten roundings of 2^-24 after one another.
    expect(difference(outputs[output] as NdArray, array, 2e-6), output).toBeUndefined();
  }
});
