// What a step of training takes in a deep model: memory with and without activation checkpointing, and time by the number of layers.
import { join, resolve } from 'node:path';
import { median, runProcess, takeTurns } from './measure.mjs';
import { mebibytes, ratio, skipped, times } from './row.mjs';

const child = join(import.meta.dirname, 'deep-child.mjs');

export function deepTraining({ quick }) {
  const title = 'Training of an encoder of width 256, 8 x 256 tokens, one thread';
  if (process.platform !== 'linux') return { title, rows: [skipped('memory of a step', 'only Linux says how much a process has used')] };
  const cwd = resolve(import.meta.dirname, '..');
  const run = (block, layers) => () =>
    JSON.parse(runProcess(process.execPath, [child, block, String(layers), quick ? '1' : '3'], { cwd }).stdout);
  const found = takeTurns(quick ? 1 : 3, {
    whole: run('Whole', 12),
    checkpointed: run('Checkpointed', 12),
    ...Object.fromEntries([6, 24].map((layers) => [layers, run('Whole', layers)])),
  });
  const grown = (name) => Math.min(...found[name].map((one) => one.grown)) / 1024;
  const steps = (name) => found[name].flatMap(({ ms }) => ms);
  const builds = (name) => found[name].map(({ build }) => build);
  const growth = (of) => (median(of(24)) - median(of('whole'))) / (median(of('whole')) - median(of(6)));
  const saved = grown('whole') / grown('checkpointed');
  return {
    title,
    rows: [
      mebibytes('12 layers: growth of memory in a step', grown('whole')),
      mebibytes('12 layers, `checkpoint layers[*]`: growth of memory in a step', grown('checkpointed')),
      ratio('12 layers: memory without checkpointing against that with it', saved, 2),
      times('12 layers: a step', steps('whole')),
      times('12 layers, `checkpoint layers[*]`: a step', steps('checkpointed')),
      times('6 layers: a step', steps(6)),
      times('24 layers: a step', steps(24)),
      ratio('what 12 layers more add to a step of 12, against 6 more to one of 6 (2 if linear)', growth(steps)),
      times('6 layers: source to the files of a training', builds(6)),
      times('12 layers: source to the files of a training', builds('whole')),
      times('24 layers: source to the files of a training', builds(24)),
      ratio('what 12 layers more add to a build of 12, against 6 more to one of 6 (2 if linear)', growth(builds)),
    ],
  };
}
