import { resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { build } from '../../src/build.js';
import { compile } from '../../src/compile.js';
import { createNodeHost } from '../../src/node/node-host.js';
import type { NdArray } from '../../src/ops/types.js';
import { fixtureData, fixturePath, relativeError } from '../kit/fixtures.js';
import { expectSameAsOracle } from '../kit/oracle.js';
import { useOrt } from '../kit/ort.js';
import { rendered } from '../kit/source.js';
import { webgpu } from '../kit/webgpu.js';

const ort = useOrt();
const example = resolve(import.meta.dirname, '../../examples/gpt2/model.arch');

describe('gpt2 of Hugging Face, made tiny, with its weights', () => {
  const { inputs, outputs } = fixtureData('gpt2');
  const wanted = outputs.logits as NdArray;
  const result = build(example, createNodeHost(), {
    set: { vocab: '100', positions: '32', D: '32', layers: '2', heads: '4' },
    weights: fixturePath('gpt2', 'weights.safetensors'),
  });

  it('builds, with every weight found by its name', () => {
    expect(rendered(result)).toBe('');
    expectSameAsOracle(result.bytes as Uint8Array);
  });

  it.each(['cpu', ...(webgpu ? ['webgpu' as const] : [])] as const)('gives the logits of PyTorch on %s', async (provider) => {
    const { logits } = await ort.run(result.bytes as Uint8Array, inputs, { provider });
    expect(logits?.shape).toEqual(wanted.shape);
    expect(relativeError(logits as NdArray, wanted)).toBeLessThanOrEqual(1e-5);
  });

  it('never lets a token see what comes after it', async () => {
    const ids = inputs.input_ids as NdArray;
    const changed = { ...ids, data: ids.data.map((id, i) => (i % 9 < 5 ? id : (id + 1) % 100)) };
    const { logits } = await ort.run(result.bytes as Uint8Array, { input_ids: changed });
    const early = (array: NdArray) => ({ ...array, data: array.data.filter((_, i) => i % 900 < 500) });
    const late = (array: NdArray) => ({ ...array, data: array.data.filter((_, i) => i % 900 >= 500) });
    expect(relativeError(early(logits as NdArray), early(wanted))).toBeLessThanOrEqual(1e-5);
    expect(relativeError(late(logits as NdArray), late(wanted))).toBeGreaterThan(1e-3);
  });
});

describe('gpt2 of its full size', () => {
  const { model } = compile(example, createNodeHost());
  const parameters = model?.parameters ?? [];

  it('has the 124 million parameters of the checkpoint', () => {
    const count = parameters.reduce(
      (sum, { type }) => sum + type.shape.reduce((product, size) => product * (size.constant as number), 1),
      0,
    );
    expect(count).toBe(124_439_808);
  });

  it('has the names and shapes of the checkpoint', () => {
    expect(parameters.length).toBe(148);
    const shapes = new Map(parameters.map(({ name, type }) => [name, type.shape.join()]));
    expect(shapes.get('transformer.wte.weight')).toBe('50257,768');
    expect(shapes.get('transformer.wpe.weight')).toBe('1024,768');
    expect(shapes.get('transformer.h.11.attn.c_attn.weight')).toBe('768,2304');
    expect(shapes.get('transformer.h.11.mlp.c_proj.weight')).toBe('3072,768');
    expect(shapes.get('transformer.ln_f.bias')).toBe('768');
  });
});
