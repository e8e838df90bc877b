// ONNX Runtime, in a worker: the page stays responsive while a model runs.
import { Model, type TensorInput, Trainer } from 'archc/runtime';
import { generator } from '../../src/runtime/pure/random-tensor.js';
import { answer, report } from './calls.js';
import type { Device, Run, RunResult, StepDone, Training, TrainingResult } from './messages.js';
import { outputOf } from './output.js';
import { randomInput } from './random.js';

/** Whether the training that runs is asked to end. */
const control = { isStopped: false };

answer({ device, run, train, stop });

/** What the tab can use. Threads share memory, which only isolated pages may do. */
async function device(): Promise<Device> {
  const { gpu } = navigator as { readonly gpu?: { requestAdapter(): Promise<object | null> } };
  const adapter = await gpu?.requestAdapter().catch(() => null);
  return { hasGpu: adapter != null, threads: crossOriginIsolated ? Math.max(1, Math.min(4, navigator.hardwareConcurrency >> 1)) : 1 };
}

async function run({ files, manifest, entry, signature, provider, seed }: Run): Promise<RunResult> {
  const start = performance.now();
  const { threads } = await device();
  const model = await Model.load(files, manifest, { provider, threads });
  try {
    const loaded = performance.now();
    const next = generator(String(seed));
    const ofStates = new Set(signature.states.map(({ input }) => input));
    const inputs: Record<string, TensorInput> = {};
    for (const input of signature.inputs) if (!ofStates.has(input.name)) inputs[input.name] = randomInput(input, next);
    // The first run prepares the kernels.
    await model.call(entry, inputs);
    await model.reset();
    const prepared = performance.now();
    const outputs = await model.call(entry, inputs);
    const runMilliseconds = performance.now() - prepared;
    const loadMilliseconds = loaded - start;
    const shown = Object.entries(outputs).map(([name, tensor]) => outputOf(name, tensor));
    return { provider: model.provider, threads, loadMilliseconds, runMilliseconds, outputs: shown };
  } finally {
    await model.dispose();
  }
}

/** Takes steps with one random batch, until it is asked to stop. */
async function train({ files, training, provider, rate, steps }: Training): Promise<TrainingResult> {
  control.isStopped = false;
  const { threads } = await device();
  const trainer = await Trainer.load(files, training, { provider, threads, seed: 1, ...(rate === undefined ? {} : { lr: rate }) });
  try {
    const batch = batchOf(training);
    for (let step = 0; step < steps && !control.isStopped; step++) {
      const start = performance.now();
      const { loss, ...metrics } = await trainer.step(batch);
      report('step', { step: trainer.stepCount, loss, metrics, milliseconds: performance.now() - start } satisfies StepDone);
      await pause();
    }
    return { provider: trainer.provider, onnx: await trainer.exportModel() };
  } finally {
    await trainer.dispose();
  }
}

function batchOf({ train: { signature }, accumulate }: Training['training']) {
  const next = generator('batch');
  const ofStates = new Set(signature.states.map(({ input }) => input));
  const inputs = signature.inputs.filter(({ name }) => !ofStates.has(name) && name !== 'lr');
  const one = () => Object.fromEntries(inputs.map((input) => [input.name, randomInput(input, next)]));
  return accumulate > 1 ? Array.from({ length: accumulate }, one) : one();
}

function stop(): void {
  control.isStopped = true;
}

/** Lets messages arrive. */
function pause(): Promise<void> {
  return new Promise((done) => setTimeout(done, 0));
}
