import { resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { build } from '../../src/build.js';
import { createNodeHost } from '../../src/node/node-host.js';
import { fixtureData, fixturePath, relativeError } from '../kit/fixtures.js';
import { expectSameAsOracle } from '../kit/oracle.js';
import { useOrt } from '../kit/ort.js';
import { rendered } from '../kit/source.js';
import { webgpu } from '../kit/webgpu.js';

const ort = useOrt();
const examples = resolve(import.meta.dirname, '../../examples');

/** Of the largest magnitude of the output: what float32 sums in another order can differ by. */
const tolerance = 1e-5;

describe.each(['cnn', 'lstm', 'transformer', 'unet'])('%s with the weights of PyTorch', (name) => {
  const { inputs, outputs } = fixtureData(name);
  const result = build(resolve(examples, name, 'model.arch'), createNodeHost(), { weights: fixturePath(name, 'weights.safetensors') });

  it('builds, with every weight found by its name', () => {
    expect(rendered(result)).toBe('');
    expect(result.bytes).toBeDefined();
    expectSameAsOracle(result.bytes as Uint8Array);
  });

  it('gives the outputs of PyTorch on the CPU', async () => {
    const got = Object.values(await ort.run(result.bytes as Uint8Array, inputs));
    expect(got.length).toBe(Object.keys(outputs).length);
    for (const [i, wanted] of Object.values(outputs).entries()) {
      expect(got[i]?.shape).toEqual(wanted.shape);
      expect(relativeError(got[i] as typeof wanted, wanted)).toBeLessThanOrEqual(tolerance);
    }
  });

  it.runIf(webgpu)('gives the outputs of PyTorch on WebGPU', async () => {
    const got = Object.values(await ort.run(result.bytes as Uint8Array, inputs, { provider: 'webgpu' }));
    for (const [i, wanted] of Object.values(outputs).entries())
      expect(relativeError(got[i] as typeof wanted, wanted)).toBeLessThanOrEqual(tolerance);
  });
});
