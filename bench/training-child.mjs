// training-child.mjs NAME STEPS: steps of training with one thread on ONNX Runtime; prints the milliseconds of each, and of loading, as JSON.
import { join } from 'node:path';
import { build } from '../dist/index.js';
import { createNodeHost } from '../dist/node.js';
import { Trainer } from '../dist/runtime.js';
import { batches } from './training-batches.mjs';

const [, , name, steps] = process.argv;
const { train, input, shape, classes } = batches[name];
const { artifacts, diagnostics } = build('bench/training.arch', createNodeHost(join(import.meta.dirname, '..')), { train });
if (artifacts === undefined) throw new Error(diagnostics.map(({ message }) => message).join('\n'));
const files = Object.fromEntries(artifacts.map((artifact) => [artifact.name, artifact.bytes]));
const [size] = shape;
const data = Float32Array.from({ length: shape.reduce((a, b) => a * b) }, (_, i) => Math.sin(i * 1.37));
const batch = { [input]: { data, shape }, labels: Array.from({ length: size }, (_, i) => i % classes) };

const start = performance.now();
const trainer = await Trainer.load(files, files['training.train.json'], { threads: 1 });
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
