import { afterAll, describe, expect, test } from 'vitest';
import { kernelOf } from '../../src/ops/capabilities/capability.js';
import type { Provider } from '../../src/ops/capabilities/kernel-table.js';
import { probedVersion } from '../../src/ops/capabilities/probed-version.generated.js';
import { operatorName } from '../../src/ops/onnx-schema.js';
import { opsets } from '../../src/ops/opsets.js';
import type { Emitted } from '../kit/capabilities/emitted.js';
import { installedVersion } from '../kit/capabilities/installed-version.js';
import { emittedByLibrary } from '../kit/capabilities/of-library.js';
import { emittedByDTypes, emittedByOperators } from '../kit/capabilities/of-operators.js';
import { emittedByTrainings } from '../kit/capabilities/of-trainings.js';
import { claimsAbout, differences, sampleOf, textOf } from '../kit/capabilities/verify.js';
import { hasChromium } from '../kit/chromium.js';
import { type ModelRunner, useOrt } from '../kit/ort.js';
import { BrowserRunner } from '../kit/ort-browser.js';
import { webgpu } from '../kit/webgpu.js';

const ort = useOrt();
const again = '`npm run probe` writes the table again';

test('the table is about the ONNX Runtime that is installed', () => {
  expect(probedVersion, again).toBe(installedVersion());
});

/** Chooses which claims are verified. */
const seed = 1;

describe('everything that is wrong according to the table, and a tenth of the rest, is as the table says', { timeout: 180_000 }, () => {
  const browser = new BrowserRunner();
  afterAll(() => browser.close());
  const places: readonly (readonly [string, Provider, ModelRunner, boolean])[] = [
    ['the CPU', 'cpu', ort, true],
    ['WebGPU in Node', 'webgpu', ort, webgpu],
    ['WebAssembly in a browser', 'wasm', browser, hasChromium],
    ['WebGPU in a browser', 'webgpu', browser, hasChromium],
  ];
  for (const [place, provider, runner, isThere] of places) {
    test.runIf(isThere)(`on ${place}`, async () => {
      expect((await differences(runner, provider, sampleOf(claimsAbout(provider), seed))).map(textOf), again).toEqual([]);
    });
  }
});

describe.each(['cpu', 'webgpu'] as const)('training graphs and layers of the library for %s', { timeout: 180_000 }, (target) => {
  const emitted = () => new Map([...emittedByTrainings(target), ...emittedByLibrary(target)]);

  test('have only forms that were probed, and none that is computed wrongly or in f64', () => {
    const forms = emitted();
    expect(unknown(forms), again).toEqual([]);
    const wrong = [...forms].filter(([, one]) => kernelOf(operatorName(one), one.form, target) === 'wrong' || one.form.includes('f64'));
    expect(wrong.map(([key]) => key)).toEqual([]);
  });
});

test('every form that an operator becomes was probed', () => {
  expect(unknown(emittedByOperators()), again).toEqual([]);
});

test('every form that an operator becomes with some element types was probed', () => {
  expect(unknown(emittedByDTypes()), again).toEqual([]);
});

function unknown(emitted: Emitted): readonly string[] {
  return [...emitted].filter(([, one]) => kernelOf(operatorName(one), one.form, 'cpu', opsets.max) === undefined).map(([key]) => key);
}
