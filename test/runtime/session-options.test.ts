/// <reference types="node" />
import * as onnxruntime from 'onnxruntime-node';
import { describe, expect, test } from 'vitest';
import { decodeOnnx } from '../../src/6-emit/onnx/decode.js';
import { summarize } from '../../src/6-emit/onnx/summary.js';
import { build } from '../../src/build.js';
import { createMemoryHost } from '../../src/memory-host.js';
import { type Target, targets } from '../../src/ops/targets.js';
import { adviceOfFile } from '../../src/runtime/pure/session-advice.js';
import { Model, type RuntimeOptions, Session } from '../../src/runtime.js';
import { profiled } from '../kit/profile.js';
import { rendered } from '../kit/source.js';

const encoder = `model M(x: Tensor[N, T, 8]) -> (y: Tensor[N, T, 8]) {
  return x -> encoder: TransformerEncoder(2, heads = 2, ff = 16)
}`;
const recommended = {
  cpu: { graphOptimizationLevel: 'all', extra: { optimization: { disable_specified_optimizers: 'SkipLayerNormFusion' } } },
};

function built(source: string, target?: Target) {
  const result = build('m.arch', createMemoryHost({ 'm.arch': source }), { target });
  const { bytes, manifest } = result;
  if (bytes === undefined || manifest === undefined) throw new Error(rendered(result));
  return { bytes, manifest, advice: summarize(decodeOnnx(bytes)).metadata['archc.session_options'] };
}

describe('a file recommends options', () => {
  test.each(targets)('for %s where a processor may run layer norms of sums', (target) => {
    const { advice, manifest } = built(encoder, target);
    const mayRunOnCpu = target === 'cpu' || target === 'portable';
    expect(advice && JSON.parse(advice)).toEqual(mayRunOnCpu ? recommended : undefined);
    expect(manifest.entries[0]?.sessionOptions).toEqual(mayRunOnCpu ? recommended : undefined);
  });

  test.each([
    ['convolutions', 'model M(x: Tensor[N, 3, 8, 8]) -> (y: Tensor[N, 4, 6, 6]) { return x -> c: Conv2d(4, kernel = 3) -> relu }'],
    ['a layer norm of no sum', 'model M(x: Tensor[N, 8]) -> (y: Tensor[N, 8]) { return x -> n: LayerNorm() }'],
  ])('and none for %s, which run fastest with the defaults', (_, source) => {
    const { advice, manifest } = built(source, 'cpu');
    expect([advice, manifest.entries[0] && 'sessionOptions' in manifest.entries[0]]).toEqual([undefined, false]);
  });
});

test('ONNX Runtime understands the recommendation: with it, sums and norms are not fused', () => {
  const { bytes } = built(encoder, 'cpu');
  const x = { dtype: 'f32', shape: [1, 4, 8], data: Float64Array.from({ length: 32 }, (_, i) => Math.sin(i)) } as const;
  const kernels = (options: object) => profiled(bytes, { x }, options).map(({ opType }) => opType);
  expect(kernels({})).toContain('SkipLayerNormalization');
  expect(kernels(recommended.cpu)).not.toContain('SkipLayerNormalization');
  expect(kernels(recommended.cpu)).toContain('LayerNormalization');
});

describe('sessions are created', () => {
  const { bytes, manifest } = built(encoder);

  /** The options that ONNX Runtime gets for the model, in `Session.load` and in `Model.load`. */
  async function given(options: RuntimeOptions = {}) {
    const seen: Record<string, unknown>[] = [];
    const create = (model: Uint8Array, own: Record<string, unknown>) => {
      seen.push(own);
      return onnxruntime.InferenceSession.create(model, own);
    };
    const ort = { ...onnxruntime, InferenceSession: { create } };
    await using session = await Session.load(bytes, { ...options, ort });
    await using model = await Model.load({ 'm.onnx': bytes }, manifest, { ...options, ort });
    expect([session.provider, model.provider]).toEqual(['cpu', 'cpu']);
    return seen;
  }

  test('as the file or the manifest recommends', async () => {
    const own = { ...recommended.cpu, executionProviders: ['cpu'] };
    expect(await given()).toMatchObject([own, own]);
  });

  test('or as the program says', async () => {
    for (const { graphOptimizationLevel, extra, executionProviders } of await given({
      sessionOptions: { graphOptimizationLevel: 'basic' },
    }))
      expect([graphOptimizationLevel, extra, executionProviders]).toEqual(['basic', undefined, ['cpu']]);
    for (const { graphOptimizationLevel, extra } of await given({ sessionOptions: {} }))
      expect([graphOptimizationLevel, extra]).toEqual([undefined, undefined]);
  });
});

test.each([
  ['{"cpu":{"graphOptimizationLevel":"basic"}}', { cpu: { graphOptimizationLevel: 'basic' } }],
  ['{"cpu":{"graphOptimizationLevel":"all","extra":{"session":{"load_model_format":"ORT"}}}}', { cpu: { graphOptimizationLevel: 'all' } }],
  ['{"cpu":{"graphOptimizationLevel":"most"}}', {}],
  ['{"cpu":7}', {}],
  ['[', {}],
  ['null', {}],
])('of a file with %s, only what archc writes is read', (text, wanted) => {
  expect(adviceOfFile({ 'archc.session_options': text })).toEqual(wanted);
});
