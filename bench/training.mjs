// Steps of training against PyTorch eager and TensorFlow.js: the same models, batches, optimizer and one thread on all sides.
import { join, resolve } from 'node:path';
import { median, runProcess, takeTurns } from './measure.mjs';
import { ratio, skipped, times } from './row.mjs';
import { batches } from './training-batches.mjs';

const beside = (file) => join(import.meta.dirname, file);

/** How many times as fast as PyTorch a step must be. */
const targets = { cnn: 1 / 0.9, lstm: 1 / 0.6, transformer: 1 / 0.8 };

export function training({ quick, python, tensorflow }) {
  const steps = quick ? 5 : 30;
  const cwd = resolve(import.meta.dirname, '..');
  const run = (command, ...args) => JSON.parse(runProcess(command, args.map(String), { cwd }).stdout);
  const rows = Object.entries(batches).flatMap(([name, { shape, backend = 'wasm' }]) => {
    const found = takeTurns(quick ? 1 : 3, {
      archc: () => run(process.execPath, beside('training-child.mjs'), name, steps),
      ...(python === undefined ? {} : { torch: () => run(python, beside('torch_training.py'), name, steps) }),
    });
    // Its steps take up to half a minute, and vary little.
    const few = backend === 'cpu' || quick ? 1 : 5;
    const others = tensorflow === undefined ? undefined : run(process.execPath, beside('tensorflow-child.mjs'), tensorflow, name, few).ms;
    const ms = found.archc.flatMap((one) => one.ms);
    const what = `a step of ${name}, batch [${shape.join(', ')}]`;
    const load = found.archc.map((one) => one.load);
    return [
      times(`${what}: archc`, ms),
      ...against(`${what}`, 'PyTorch', ms, found.torch?.flat(), targets[name]),
      ...against(`${what}`, `TensorFlow.js (${backend})`, ms, others),
      times(`loading the training of ${name}, with its first step`, load),
    ];
  });
  return { title: 'Steps of training, one thread', rows };
}

/** The times of somebody else, and how many times as fast archc is. */
function against(what, name, own, theirs, target) {
  if (theirs === undefined)
    return [skipped(`${what}: ${name}`, name === 'PyTorch' ? 'no Python with torch' : 'no folder with TensorFlow.js')];
  return [times(`${what}: ${name}`, theirs), ratio(`${what}: archc against ${name}`, median(theirs) / median(own), target)];
}
