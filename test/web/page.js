// The page of compile.test.ts: compiles a model in the browser and runs it there. Its findings are in `globalThis.answer`.
import { build, createMemoryHost } from '/archc/browser.js';
import * as ort from '/onnxruntime-web/ort.webgpu.bundle.min.mjs';

ort.env.wasm.wasmPaths = '/onnxruntime-web/';
ort.env.wasm.numThreads = 1;
ort.env.logLevel = 'error';

/** Whether the browser lets this page make code from strings: it must not, or the test says nothing. */
function canEvaluate() {
  try {
    return new Function('return true')();
  } catch {
    return false;
  }
}

async function run(bytes, image, provider) {
  const session = await ort.InferenceSession.create(bytes, { executionProviders: [provider] });
  const { logits } = await session.run({ image: new ort.Tensor('float32', image, [4, 3, 24, 24]) });
  const data = await logits.getData();
  return { shape: [...logits.dims], data: [...data] };
}

async function work() {
  const source = await (await fetch('/model.arch')).text();
  const image = new Float32Array(await (await fetch('/image.bin')).arrayBuffer());
  const { bytes, diagnostics } = build('model.arch', createMemoryHost({ 'model.arch': source }), { seed: 7 });
  const wrong = build('wrong.arch', createMemoryHost({ 'wrong.arch': source.replace('[N, 2304]', '[N, 2305]') }));
  return {
    canEvaluate: canEvaluate(),
    bytes: [...(bytes ?? [])],
    diagnostics: diagnostics.map(({ message }) => message),
    wrong: wrong.diagnostics.map(({ code }) => code),
    wasm: await run(bytes, image, 'wasm'),
    webgpu: await run(bytes, image, 'webgpu'),
  };
}

work()
  .catch((error) => ({ error: String(error?.stack ?? error) }))
  .then((answer) => {
    globalThis.answer = answer;
    document.documentElement.dataset.done = '';
  });
