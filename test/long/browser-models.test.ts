import { afterAll, expect, test } from 'vitest';
import { difference } from '../kit/close.js';
import { builtFixture, drawnFixture, exampleNames, fixtureModels } from '../kit/fixture-models.js';
import { useOrt } from '../kit/ort.js';
import { BrowserRunner } from '../kit/ort-browser.js';

const ort = useOrt();
const browser = new BrowserRunner();
afterAll(() => browser.close());

const timeout = 180_000;
const examples = [...fixtureModels].filter(([name]) => exampleNames.includes(name.split(' ')[0] ?? ''));

test.each(examples)(
  '%s computes the same in Chromium, on WebGPU and in WebAssembly, as on the CPU',
  async (_, model) => {
    const { weights, feeds } = drawnFixture(model);
    const wanted = await ort.run(builtFixture(model, weights), feeds);
    for (const target of ['webgpu', 'wasm'] as const) {
      const got = await browser.run(builtFixture(model, weights, { target }), feeds, { provider: target, timeout });
      for (const [name, array] of Object.entries(wanted)) {
        const found = got[name];
        expect(found === undefined ? 'no output' : difference(found, array, 1e-4), `${target}, ${name}`).toBeUndefined();
      }
    }
  },
  2 * timeout,
);
