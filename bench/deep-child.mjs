// deep-child.mjs BLOCK LAYERS STEPS: a training of an encoder with this many layers, one thread; prints as JSON the milliseconds of building it and of each step, and by how many KiB the
// memory of the process grows in the first whole step, from that of a trainer which has taken a step with a tiny batch.
import { readFileSync, writeFileSync } from 'node:fs';
import { Trainer } from '../dist/runtime.js';
import { batchOf, builtTraining } from './built-training.mjs';

const [, , block, layers, steps] = process.argv;
builtTraining(block, { set: { depth: '1' } });
const { files, manifest, ms: build } = builtTraining(block, { set: { depth: layers } });
const of = (rows, length) => batchOf({ input: 'x', shape: [rows, length, 256], classes: 10 });

const trainer = await Trainer.load(files, manifest, { threads: 1 });
await trainer.step(of(1, 1));
const before = memory('VmRSS');
writeFileSync('/proc/self/clear_refs', '5');
const ms = [];
let grown;
for (let i = 0; i < Number(steps); i++) {
  const batch = of(8, 256);
  const start = performance.now();
  await trainer.step(batch);
  ms.push(performance.now() - start);
  grown ??= memory('VmHWM') - before;
}
await trainer.dispose();
console.log(JSON.stringify({ build, ms, grown }));

/** A figure of the process's memory in KiB, as Linux reports it. */
function memory(what) {
  return Number(new RegExp(`^${what}:\\s+(\\d+) kB$`, 'm').exec(readFileSync('/proc/self/status', 'utf8'))[1]);
}
