// Weights that are too large for memory: a safetensors file copied into the external data of a model, compared with cp.
import { join } from 'node:path';
import { runProcess, takeTurns } from './measure.mjs';
import { mebibytes, ratio, skipped, times } from './row.mjs';
import { buildStack, clean, hasRoom, inFolder, layerSize, writeStack, writeWeights } from './weights.mjs';

/** Copies 2 GiB. `cp` returns when the data are in memory, while archc waits until they are on the disk, because it then replaces the old model: hence the third row. */
export function copyWeights({ folder, quick }) {
  const depth = quick ? 4 : 32;
  const size = `${(depth * 4 * layerSize) / 2 ** 30} GiB`;
  if (!hasRoom(folder)) return { title: 'Weights', rows: [skipped(`copy ${size} of weights`, `${folder} has less than 8 GB free`)] };

  const place = join(folder, 'copy');
  return inFolder(place, () => {
    const weights = join(place, 'weights.safetensors');
    const target = join(place, 'out', 'copy');
    writeWeights(weights, depth, 'F32');
    writeStack(place, depth);
    const { own, cp, durable } = takeTurns(quick ? 2 : 5, {
      own: () => {
        clean(place);
        return buildStack(place, weights, []);
      },
      cp: () => {
        clean(place);
        return runProcess('cp', [weights, target]).ms;
      },
      durable: () => {
        clean(place);
        return runProcess('sh', ['-c', 'cp "$1" "$2" && sync "$2"', 'sh', weights, target]).ms;
      },
    });
    const best = Math.min(...own.map(({ ms }) => ms));
    return {
      title: `${size} of safetensors into external data`,
      rows: [
        times(
          'archc --weights --copy-weights, whole process, synced',
          own.map(({ ms }) => ms),
        ),
        times('cp, not synced', cp),
        times('cp, then sync of the file', durable),
        ratio('speed of archc against cp (best of each)', Math.min(...cp) / best, 0.8),
        ratio('speed of archc against cp and sync (best of each)', Math.min(...durable) / best),
        mebibytes('peak memory of archc', Math.max(...own.map(({ peak }) => peak)), 200),
      ],
    };
  });
}
