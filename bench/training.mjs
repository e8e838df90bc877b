// Steps of training against PyTorch eager: the same models, batches, optimizer and one thread on both sides.
import { join, resolve } from 'node:path';
import { median, runProcess, takeTurns } from './measure.mjs';
import { ratio, skipped, times } from './row.mjs';
import { batches } from './training-batches.mjs';

const child = join(import.meta.dirname, 'training-child.mjs');
const script = join(import.meta.dirname, 'torch_training.py');

/** How many times as fast as PyTorch a step is to be. */
const targets = { cnn: 1 / 0.9, lstm: 1 / 0.6, transformer: 1 / 0.8 };

export function training({ quick, python }) {
  const steps = String(quick ? 5 : 30);
  const cwd = resolve(import.meta.dirname, '..');
  const rows = Object.entries(batches).flatMap(([name, { shape }]) => {
    const own = () => JSON.parse(runProcess(process.execPath, [child, name, steps], { cwd }).stdout);
    const torch = () => JSON.parse(runProcess(python, [script, name, steps], { cwd }).stdout);
    const found = takeTurns(quick ? 1 : 3, { archc: own, ...(python === undefined ? {} : { torch }) });
    const ms = found.archc.flatMap((run) => run.ms);
    const what = `a step of ${name}, batch [${shape.join(', ')}]`;
    const load = times(
      `loading the training of ${name}, with its first step`,
      found.archc.map((run) => run.load),
    );
    if (python === undefined) return [times(`${what}: archc`, ms), load, skipped(`${what}: PyTorch`, 'no Python with torch')];
    const theirs = found.torch.flat();
    return [
      times(`${what}: archc`, ms),
      times(`${what}: PyTorch`, theirs),
      ratio(`${what}: archc against PyTorch`, median(theirs) / median(ms), targets[name]),
      load,
    ];
  });
  return { title: 'Training, one thread', rows };
}
