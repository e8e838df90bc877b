// Runs ONNX models for test/kit/ort.ts in a process of its own: ONNX Runtime may abort on an unusual graph.
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as ort from 'onnxruntime-node';

// The native part of onnxruntime-node does not know the Float16Array of Node 24; f16 tensors are Uint16Array without it.
Reflect.deleteProperty(globalThis, 'Float16Array');

/** Bit patterns travel instead of values where JavaScript has no array of the type. */
function tensorOf({ dtype, shape, data }) {
  return new ort.Tensor(dtype, data, shape);
}

/** What the session refuses: with `strict`, a graph some of whose nodes would run on the CPU instead of the device. */
function extraOf(strict) {
  return strict ? { session: { disable_cpu_ep_fallback: '1' } } : {};
}

async function run({ model, feeds, provider, optimization, strict, outputs }) {
  const session = await ort.InferenceSession.create(model, {
    executionProviders: [provider],
    graphOptimizationLevel: optimization,
    logSeverityLevel: 4,
    extra: extraOf(strict),
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

/** One run after the other, whose state goes from each to the next. */
async function series({ model, batches, state, carried, provider, optimization, strict }) {
  const session = await ort.InferenceSession.create(model, {
    executionProviders: [provider],
    graphOptimizationLevel: optimization,
    logSeverityLevel: 4,
    extra: extraOf(strict),
  });
  try {
    const tensors = (feeds) => Object.fromEntries(Object.entries(feeds).map(([name, feed]) => [name, tensorOf(feed)]));
    const wire = ({ type, dims, data }) => ({ dtype: type, shape: [...dims], data: data.slice() });
    const wires = (all) => Object.fromEntries(Object.entries(all).map(([name, tensor]) => [name, wire(tensor)]));
    const current = tensors(state);
    const steps = [];
    for (const batch of batches) {
      const results = await session.run({ ...current, ...tensors(batch) });
      for (const [input, output] of Object.entries(carried)) {
        current[input] = results[output];
        delete results[output];
      }
      steps.push(wires(results));
    }
    return { steps, state: wires(current) };
  } finally {
    await session.release();
  }
}

/** Runs a model once; returns its outputs and the nodes that were executed, including those of inner graphs. */
async function trace({ model, feeds, provider, optimization }) {
  const folder = mkdtempSync(join(tmpdir(), 'archc-profile-'));
  try {
    const session = await ort.InferenceSession.create(model, {
      executionProviders: [provider],
      graphOptimizationLevel: optimization,
      logSeverityLevel: 4,
      enableProfiling: true,
      profileFilePrefix: join(folder, 'run'),
    });
    const results = await session.run(Object.fromEntries(Object.entries(feeds).map(([name, feed]) => [name, tensorOf(feed)])));
    const outputs = Object.fromEntries(
      Object.entries(results).map(([name, { type, dims, data }]) => [name, { dtype: type, shape: [...dims], data: data.slice() }]),
    );
    session.endProfiling();
    await session.release();
    const events = readdirSync(folder).flatMap((file) => JSON.parse(readFileSync(join(folder, file), 'utf8')));
    const nodes = events
      .filter(({ cat, name }) => cat === 'Node' && name.endsWith('_kernel_time'))
      .map(({ name, args }) => ({ name: name.replace(/_kernel_time$/, ''), opType: args.op_name, provider: args.provider }));
    return { outputs, nodes };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function load({ model, provider, optimization, strict }) {
  const session = await ort.InferenceSession.create(model, {
    executionProviders: [provider],
    graphOptimizationLevel: optimization,
    logSeverityLevel: 4,
    extra: extraOf(strict),
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
      const result = await { load, run, series, trace }[request.kind](request);
      process.send({ id: request.id, result });
    } catch (error) {
      process.send({ id: request.id, error: String(error?.message ?? error) });
    }
  });
});
process.on('disconnect', () => process.exit(0));
