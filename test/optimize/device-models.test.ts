import { afterAll, describe, expect, test } from 'vitest';
import { kernelOfNode } from '../../src/5-optimize/kernel-gaps.js';
import { rolesOf } from '../../src/5-optimize/node-roles.js';
import { once } from '../../src/once.js';
import type { NdArray } from '../../src/ops/types.js';
import { hasChromium } from '../kit/chromium.js';
import { difference } from '../kit/close.js';
import { builtFixture, drawnFixture, exampleNames, type FixtureModel, fixtureModels } from '../kit/fixture-models.js';
import { useOrt } from '../kit/ort.js';
import { BrowserRunner } from '../kit/ort-browser.js';
import { isLong } from '../kit/samples.js';
import { modelOf } from '../kit/source.js';
import { webgpu } from '../kit/webgpu.js';

const ort = useOrt();
const browser = new BrowserRunner();
afterAll(() => browser.close());

/** Relative to the largest element of an output. */
const tolerance = 1e-4;
const timeout = 180_000;

/** The models that compute some tensors on the CPU, with the operators that do so. `archc check` reports all of them with their lines. */
const onCpu: Readonly<Record<string, readonly string[]>> = {
  // The number of boxes depends on the data. ONNX Runtime writes the selection of columns as Split and Squeeze.
  detector: ['Cast', 'Concat', 'Gather', 'NonMaxSuppression', 'NonZero', 'Slice', 'Split', 'Squeeze', 'Transpose'],
  // Which tokens go to an expert depends on the data; positions and chosen experts are i64, with which WebGPU computes nothing.
  experts: ['Cast', 'Equal', 'NonZero', 'Range', 'Slice', 'Transpose', 'Unsqueeze'],
  // The mask of tokens is an i64 input, as in Hugging Face, and so are positions.
  gpt2_cache: ['Equal'],
  llama: ['Cast', 'Equal'],
  'whisper step': ['Equal', 'Range'],
  // WebGPU has no Scan, and the length of this one is open.
  mamba: ['Scan'],
};

/** What each node of the file for WebGPU computes, and whether archc says that it leaves the GPU. */
function rolesByName({ source, options }: FixtureModel) {
  const { onnx } = modelOf(source, { ...options, target: 'webgpu' });
  const entries = [...rolesOf(onnx)].map(([node, role]) => {
    return [node.name, { role, isReported: kernelOfNode(node, onnx.opset, 'webgpu') === 'none' }] as const;
  });
  return new Map(entries);
}

function expectSame(got: Readonly<Record<string, NdArray>>, wanted: Readonly<Record<string, NdArray>>): void {
  const problems = Object.entries(wanted).map(([name, array]) => {
    const found = got[name];
    return [name, found === undefined ? 'no output' : difference(found, array, tolerance)];
  });
  expect(problems.filter(([, problem]) => problem !== undefined)).toEqual([]);
}

test('every example is among the models', () => {
  expect(exampleNames.filter((name) => ![...fixtureModels.keys()].some((model) => model.split(' ')[0] === name))).toEqual([]);
});

/** Models that take longest, or whose operators others have as well. */
const onlyLong: ReadonlySet<string> = new Set(['resnet', 'vit', 'unet', 'gpt2', 'whisper encode', 'experts', 'mamba', 'lenet']);
const tried = [...fixtureModels].filter(([name]) => isLong || !onlyLong.has(name));

describe.each(tried)('%s', (name, model) => {
  const drawn = once(() => drawnFixture(model));
  const forWebGpu = once(() => builtFixture(model, drawn().weights, { target: 'webgpu' }));
  const wanted = once(() => ort.run(builtFixture(model, drawn().weights), drawn().feeds));

  test.runIf(webgpu)(
    'computes the same on WebGPU in Node as on the CPU, and leaves the GPU only where archc says so',
    async () => {
      const { outputs, nodes } = await ort.trace(forWebGpu(), drawn().feeds, { provider: 'webgpu', timeout });
      expectSame(outputs, await wanted());
      const known = rolesByName(model);
      const left = nodes.filter((node) => node.provider !== 'WebGpuExecutionProvider' && known.get(node.name)?.role !== 'size');
      expect([...new Set(left.map(({ opType }) => opType))].sort()).toEqual(onCpu[name] ?? []);
      // ONNX Runtime makes nodes that are not in the file from some that are.
      expect(left.filter((node) => known.get(node.name)?.isReported === false)).toEqual([]);
    },
    timeout,
  );

  // For the others, Node tests the same kernels; test/long/browser-models.test.ts runs all examples.
  if (name !== 'transformer') return;

  test.runIf(hasChromium)(
    'does so in Chromium, too',
    async () => {
      expectSame(await browser.run(forWebGpu(), drawn().feeds, { provider: 'webgpu', timeout }), await wanted());
    },
    timeout,
  );

  test.runIf(hasChromium)('computes the same in WebAssembly as on the CPU', async () => {
    expectSame(
      await browser.run(builtFixture(model, drawn().weights, { target: 'wasm' }), drawn().feeds, { provider: 'wasm', timeout }),
      await wanted(),
    );
  });
});
