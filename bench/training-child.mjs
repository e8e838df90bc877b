// training-child.mjs NAME STEPS: steps of training with one thread on ONNX Runtime; prints the milliseconds of each, and of loading, as JSON.
import { Trainer } from '../dist/runtime.js';
import { batchOf, builtTraining } from './built-training.mjs';
import { batches } from './training-batches.mjs';

const [, , name, steps] = process.argv;
const { files, manifest } = builtTraining(batches[name].train);
const batch = batchOf(batches[name]);

const start = performance.now();
const trainer = await Trainer.load(files, manifest, { threads: 1 });
await trainer.step(batch);
const load = performance.now() - start;
const ms = [];
for (let i = 0; i < Number(steps); i++) {
  const before = performance.now();
  await trainer.step(batch);
  ms.push(performance.now() - before);
}
await trainer.dispose();
console.log(JSON.stringify({ load, ms }));
