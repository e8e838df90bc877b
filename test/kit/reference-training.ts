/// <reference types="node" />
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import type { Batch } from '../../src/api/runtime.js';
import { fixturePath } from './fixtures.js';
import { referenceBatch, referenceModels } from './reference-models.js';
import { builtTraining, type TrainingSet } from './training-files.js';

/** The files of a training of a reference model on its reference weights, with AdamW and these further clauses. */
export function referenceTraining(name: string, clauses: string): TrainingSet {
  const known = referenceModels[name];
  if (known === undefined) throw new Error(`there is no model ${name}`);
  const { source, model, labels, set, isFixture } = known;
  const block = `
train T for ${model} {
  input labels: ${labels}
  loss = cross_entropy(logits, labels)
  ${clauses}
  optimizer adamw(lr = input)
}`;
  const path = isFixture
    ? fixturePath(name, 'weights.safetensors')
    : resolve(import.meta.dirname, `../reference/data/${name}.weights.safetensors`);
  const weights = { 'weights.safetensors': new Uint8Array(readFileSync(path)) };
  return builtTraining(source + block, { train: 'T', set, weights: 'weights.safetensors' }, weights);
}

/** The batch of the reference data, as a trainer takes it. */
export function batchOf(name: string): Batch {
  return Object.fromEntries(
    Object.entries(referenceBatch(name)).map(([key, { data, shape, dtype }]) => [
      key,
      { data: dtype === 'f32' ? Float32Array.from(data) : [...data], shape },
    ]),
  );
}
