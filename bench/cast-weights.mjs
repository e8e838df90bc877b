// Converts weights on the way into a model: twice as many bytes are written as read, or half as many. Compared with a copy of what is written.
import { join } from 'node:path';
import { runProcess, takeTurns } from './measure.mjs';
import { gigabytesPerSecond, ratio, skipped, times } from './row.mjs';
import { buildStack, clean, hasRoom, inFolder, layerSize, writeStack, writeWeights } from './weights.mjs';

const casts = [
  { from: 'BF16', to: 'f32', bytes: 4 },
  { from: 'F32', to: 'f16', bytes: 2 },
];

/** 604 million weights from bf16 to f32, and from f32 to f16. */
export function castWeights({ folder, quick }) {
  const depth = quick ? 4 : 36;
  const title = `${Math.round((depth * layerSize) / 1e6)} million weights converted into external data`;
  if (!hasRoom(folder)) return { title, rows: [skipped('convert weights', `${folder} has less than 8 GB free`)] };
  return { title, rows: casts.flatMap((cast) => measure(join(folder, 'cast'), depth, quick, cast)) };
}

function measure(place, depth, quick, { from, to, bytes }) {
  return inFolder(place, () => {
    const weights = join(place, 'weights.safetensors');
    const converted = join(place, 'converted');
    const size = bytes * depth * layerSize;
    writeWeights(weights, depth, from);
    writeStack(place, depth);
    writeWeights(converted, depth, to === 'f32' ? 'F32' : 'BF16');
    const { own, cp } = takeTurns(quick ? 2 : 5, {
      own: () => {
        clean(place);
        return buildStack(place, weights, ['--dtype', to]).ms;
      },
      cp: () => {
        clean(place);
        return runProcess('sh', ['-c', 'cp "$1" "$2" && sync "$2"', 'sh', converted, join(place, 'out', 'copy')]).ms;
      },
    });
    const name = `${from.toLowerCase()} to ${to}`;
    return [
      times(`archc --weights, ${name}, whole process, synced`, own),
      times(`cp of what it writes, then sync`, cp),
      gigabytesPerSecond(`written by archc, ${name} (best)`, size / Math.min(...own) / 1e6, 1),
      ratio('speed of archc against cp and sync (best of each)', Math.min(...cp) / Math.min(...own)),
    ];
  });
}
