// Runs ONNX models in a browser tab for test/kit/ort-browser.ts: `?ort.wasm.min.mjs` names the build of ONNX Runtime Web.

// As in ort-child.mjs: without Float16Array, f16 tensors are Uint16Array.
Reflect.deleteProperty(globalThis, 'Float16Array');

const ort = await import(`/onnxruntime-web/${location.search.slice(1)}`);
ort.env.wasm.numThreads = 1;
ort.env.logLevel = 'fatal';

const arrays = {
  bool: Uint8Array,
  float16: Uint16Array,
  float32: Float32Array,
  float64: Float64Array,
  int8: Int8Array,
  int16: Int16Array,
  int32: Int32Array,
  int64: BigInt64Array,
  uint8: Uint8Array,
  uint16: Uint16Array,
  uint32: Uint32Array,
  uint64: BigUint64Array,
};

const bytesOf = (text) => Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));

function textOf({ buffer, byteOffset, byteLength }) {
  let letters = '';
  for (const byte of new Uint8Array(buffer, byteOffset, byteLength)) letters += String.fromCharCode(byte);
  return btoa(letters);
}

async function run({ model, feeds, provider, optimization, strict }) {
  const session = await ort.InferenceSession.create(bytesOf(model), {
    executionProviders: [provider],
    graphOptimizationLevel: optimization,
    logSeverityLevel: 4,
    extra: strict ? { session: { disable_cpu_ep_fallback: '1' } } : {},
  });
  try {
    const inputs = Object.entries(feeds).map(([name, { dtype, shape, data }]) => {
      return [name, new ort.Tensor(dtype, new arrays[dtype](bytesOf(data).buffer), shape)];
    });
    const results = await session.run(Object.fromEntries(inputs));
    const outputs = {};
    for (const [name, tensor] of Object.entries(results)) {
      outputs[name] = { dtype: tensor.type, shape: [...tensor.dims], data: textOf(await tensor.getData()) };
    }
    return { outputs };
  } finally {
    await session.release();
  }
}

globalThis.runModel = (request) =>
  run(request).catch((error) => ({
    error: String(error),
    isBroken: !(error instanceof Error) || error instanceof WebAssembly.RuntimeError,
  }));
document.documentElement.dataset.ready = 'true';
