// Weights that are too large for memory: a safetensors file copied into the external data of a model, compared with cp.
import { closeSync, mkdirSync, openSync, readFileSync, rmSync, statfsSync, writeFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { archc } from './command-line.mjs';
import { runProcess, takeTurns } from './measure.mjs';
import { mebibytes, ratio, skipped, times } from './row.mjs';

const width = 4096;
const tensorBytes = 4 * width * width;
const peakMemory = pathToFileURL(join(import.meta.dirname, 'peak-memory.mjs')).href;

/**
 * Copies 2 GiB. What is written before a run is on the disk before the run starts; what was read is in the page cache for all. `cp` returns
 * when the data are in memory, while archc waits until they are on the disk, because it then replaces the old model: hence the third row.
 *
 * The pause is for virtual machines that return freed memory to their host within a few hundred milliseconds, and take several times as
 * long to write to memory that they must request: after it, all start under the same conditions. Without it, `cp` got what the previous run
 * had freed, and archc, which begins to copy a third of a second later, did not.
 */
export function copyWeights({ folder, quick }) {
  const depth = quick ? 4 : 32;
  const size = `${(depth * tensorBytes) / 2 ** 30} GiB`;
  const free = statfsSync(folder);
  if (free.bavail * free.bsize < 8e9)
    return { title: 'Weights', rows: [skipped(`copy ${size} of weights`, `${folder} has less than 8 GB free`)] };

  const place = join(folder, 'copy');
  mkdirSync(join(place, 'out'), { recursive: true });
  try {
    const weights = join(place, 'weights.safetensors');
    const source = join(place, 'stack.arch');
    const target = join(place, 'out', 'copy');
    const peakFile = join(place, 'peak');
    writeWeights(weights, depth);
    writeFileSync(source, stack(depth));
    const clean = () => {
      rmSync(join(place, 'out'), { recursive: true });
      mkdirSync(join(place, 'out'));
      runProcess('sync', []);
      pause(1500);
    };
    const options = ['--copy-weights', '--external-data', 'always', '--quiet'];
    const build = ['--import', peakMemory, archc, source, '-o', `${target}.onnx`, '--weights', weights, ...options];
    const { own, cp, durable } = takeTurns(quick ? 2 : 5, {
      own: () => {
        clean();
        const { ms } = runProcess(process.execPath, build, { env: { ARCHC_PEAK_FILE: peakFile } });
        return { ms, peak: Number(readFileSync(peakFile, 'utf8')) / 1024 };
      },
      cp: () => {
        clean();
        return runProcess('cp', [weights, target]).ms;
      },
      durable: () => {
        clean();
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
  } finally {
    rmSync(place, { recursive: true, force: true });
  }
}

function pause(milliseconds) {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, milliseconds);
}

function stack(depth) {
  return `model Stack(width = ${width}, depth = ${depth})(x: Tensor[N, width]) -> (y: Tensor[N, width]) {
  for i in 0..depth { x = x -> layers[i]: Linear(width, bias = false) }
  return x
}
`;
}

/** Bytes that look like weights: no file system can compress them. */
function writeWeights(path, depth) {
  const header = {};
  for (let i = 0; i < depth; i++) {
    header[`layers.${i}.weight`] = { dtype: 'F32', shape: [width, width], data_offsets: [i * tensorBytes, (i + 1) * tensorBytes] };
  }
  const text = JSON.stringify(header);
  const json = Buffer.from(text.padEnd(Math.ceil(text.length / 8) * 8));
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(json.length));
  const block = new Float32Array(width * width);
  let state = 1;
  for (let i = 0; i < block.length; i++) {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    block[i] = state / 2 ** 32 - 0.5;
  }
  const file = openSync(path, 'w');
  try {
    writeSync(file, length);
    writeSync(file, json);
    for (let i = 0; i < depth; i++) {
      block[i] = i;
      writeSync(file, new Uint8Array(block.buffer));
    }
  } finally {
    closeSync(file);
  }
}
