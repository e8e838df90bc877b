import { afterAll, describe, expect, it } from 'vitest';
import { hasChromium } from '../kit/chromium.js';
import { difference } from '../kit/close.js';
import { builtModel, randomInputs } from '../kit/model-run.js';
import { useOrt } from '../kit/ort.js';
import { BrowserRunner } from '../kit/ort-browser.js';

const ort = useOrt();
/** A page that imports `onnxruntime-web/webgpu`, as `archc/runtime` does, and has no GPU. */
const withoutGpu = new BrowserRunner({ wasm: 'ort.webgpu.min.mjs' });
const plain = new BrowserRunner();
afterAll(() => Promise.all([withoutGpu.close(), plain.close()]));

const source = `model M(ids: Tensor<i64>[2, 3]) -> (y: Tensor[2, 3, 70]) {
  table = Embedding(70, 80)
  h = table(ids) -> a: Linear(96) -> relu -> b: Linear(80)
  return h @ table.weight.T
}`;

describe.runIf(hasChromium)('a file for WebAssembly', () => {
  it.each(['int4', 'int8', 'f16', undefined])('computes with weights in %s in both builds of ONNX Runtime Web', async (quantize) => {
    const { bytes, model } = builtModel(source, { target: 'wasm', quantize });
    const feeds = randomInputs(model);
    const wanted = await ort.run(bytes, feeds);
    for (const browser of [plain, withoutGpu]) {
      const { y } = await browser.run(bytes, feeds, { provider: 'wasm' });
      expect(y && wanted.y && difference(y, wanted.y, 1e-2)).toBeUndefined();
    }
  });
});
