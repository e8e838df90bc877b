// Runs ONNX models for test/kit/ort.ts in a process of its own: ONNX Runtime may abort on an unusual graph.
import * as ort from 'onnxruntime-node';

// The native part of onnxruntime-node does not know the Float16Array of Node 24; f16 tensors are Uint16Array without it.
Reflect.deleteProperty(globalThis, 'Float16Array');

/** Bit patterns travel instead of values where JavaScript has no array of the type. */
function tensorOf({ dtype, shape, data }) {
  return new ort.Tensor(dtype, data, shape);
}

async function run({ model, feeds, provider, optimization, outputs }) {
  const session = await ort.InferenceSession.create(model, {
    executionProviders: [provider],
    graphOptimizationLevel: optimization,
    logSeverityLevel: 4,
  });
  try {
    const inputs = Object.fromEntries(Object.entries(feeds).map(([name, feed]) => [name, tensorOf(feed)]));
    const results = await session.run(inputs, outputs ?? session.outputNames);
    const answer = {};
    for (const [name, tensor] of Object.entries(results)) {
      const data = tensor.location === 'cpu' ? tensor.data : await tensor.getData();
      answer[name] = { dtype: tensor.type, shape: [...tensor.dims], data: Array.isArray(data) ? data : data.slice() };
    }
    return answer;
  } finally {
    await session.release();
  }
}

async function load({ model, provider, optimization }) {
  const session = await ort.InferenceSession.create(model, {
    executionProviders: [provider],
    graphOptimizationLevel: optimization,
    logSeverityLevel: 4,
  });
  const names = { inputs: session.inputNames, outputs: session.outputNames };
  await session.release();
  return names;
}

let queue = Promise.resolve();
process.on('message', (request) => {
  queue = queue.then(async () => {
    try {
      if (request.model === 'archc-test:abort') process.abort();
      if (request.model === 'archc-test:silence') await new Promise(() => {});
      const result = request.kind === 'load' ? await load(request) : await run(request);
      process.send({ id: request.id, result });
    } catch (error) {
      process.send({ id: request.id, error: String(error?.message ?? error) });
    }
  });
});
process.on('disconnect', () => process.exit(0));
