/// <reference types="node" />
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, test } from 'vitest';
import type { CompileOptions } from '../../src/compile.js';
import { relativeError } from '../kit/fixtures.js';
import { useOrt } from '../kit/ort.js';
import { compileText, modelOf, rendered } from '../kit/source.js';
import { openFixture } from '../kit/tensor-file.js';
import { onnxWithWeights } from '../kit/with-weights.js';

const ort = useOrt();
const folder = join(import.meta.dirname, 'models');

/** Of the largest magnitude of the output: what float32 sums in another order can differ by. */
const tolerance = 1e-5;

/** Architectures that lean on many parts of the language at once, and what covers them. */
const models = {
  swin: 'windows that are cut, shifted and masked for images of any size; an optional input with a size of its own',
  detr: 'sines of positions whose number a run decides; learned queries',
  gnn: 'scattered sums and maxima over the edges of a graph',
  t5: 'buckets of distances; a bias that all layers share; a decoder that looks at an encoder',
  llama: 'a record read from a configuration; shared key heads, rotary positions behind a cache, and the cache itself going in and out',
  moe: 'the best experts of each token, in one product over all of them',
  causal_llama: 'a record from a configuration, with a record in it; specialised layers; a mask that may be `none`',
  convnext: 'wrappers without a level around norms and networks; lists of a configuration',
  mobilenet_v2: 'a function with a block for the numbers of channels; layers of which something is left; an activation that may be `none`',
  whisper: 'an encoder and a decoder that share parts without a level; positions of a length of their own',
};

/** How a model is built: with the configuration of its checkpoint, where there is one, and what that does not say. */
const settings: Readonly<Record<string, CompileOptions>> = {
  causal_llama: { with: ['attention_mask'] },
  convnext: { set: { classes: '3' } },
  mobilenet_v2: { set: { classes: '3' } },
};

function optionsFor(name: string): CompileOptions {
  const config = join(folder, `${name}.json`);
  return { ...settings[name], ...(existsSync(config) ? { config: readFileSync(config, 'utf8') } : {}) };
}

describe.each(Object.keys(models))('%s', (name) => {
  const source = readFileSync(join(folder, `${name}.arch`), 'utf8');
  const file = openFixture(join(folder, `${name}.safetensors`));

  it.each([0, 1])('computes what PyTorch does, at two sizes of every axis that is open: %i', async (i) => {
    const model = modelOf(source, optionsFor(name));
    const outputs = await ort.run(onnxWithWeights(model, file.path, 'weight.'), file.arrays(`in.${i}.`));
    const wanted = file.arrays(`out.${i}.`);
    expect(Object.keys(outputs).sort()).toEqual(Object.keys(wanted).sort());
    for (const [output, array] of Object.entries(wanted)) {
      const got = outputs[output] ?? array;
      expect(got.shape, output).toEqual(array.shape);
      expect(relativeError(got, array), output).toBeLessThanOrEqual(tolerance);
    }
  });

  it('is proved: nothing about its sizes is left to the run', () => {
    const result = compileText(source, { ...optionsFor(name), strict: true });
    expect(rendered(result)).toBe('');
  });
});

test('every axis that is open has two sizes in the references', () => {
  for (const name of Object.keys(models)) {
    const file = openFixture(join(folder, `${name}.safetensors`));
    const { onnx } = modelOf(readFileSync(join(folder, `${name}.arch`), 'utf8'), optionsFor(name));
    for (const size of new Set(onnx.inputs.flatMap((v) => v.type.shape.flatMap((d) => d.variableName ?? [])))) {
      const seen = [0, 1].map((i) => {
        const input = onnx.inputs.find((v) => v.type.shape.some((d) => d.variableName === size));
        const axis = input?.type.shape.findIndex((d) => d.variableName === size) ?? -1;
        return file.arrays(`in.${i}.`)[input?.name ?? '']?.shape[axis];
      });
      expect(seen[0], `${name} ${size}`).not.toBe(seen[1]);
    }
  }
});
