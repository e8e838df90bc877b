// What the benchmarks of weights share: files that look like weights, and a machine in the same state before every run.
import { closeSync, mkdirSync, openSync, readFileSync, rmSync, statfsSync, writeFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { archc } from './command-line.mjs';
import { runProcess } from './measure.mjs';

const peakMemory = pathToFileURL(join(import.meta.dirname, 'peak-memory.mjs')).href;

export const width = 4096;
/** Elements of one layer. */
export const layerSize = width * width;

/** Whether the disk of a folder has room for the benchmarks of weights. */
export function hasRoom(folder, bytes = 8e9) {
  const free = statfsSync(folder);
  return free.bavail * free.bsize >= bytes;
}

/** Runs `measure` in a folder of its own that contains `out`, and removes the folder. */
export function inFolder(place, measure) {
  mkdirSync(join(place, 'out'), { recursive: true });
  try {
    return measure();
  } finally {
    rmSync(place, { recursive: true, force: true });
  }
}

/**
 * Empties `out`. Everything written before a run is on the disk before the run starts; everything that is read is in the page cache.
 *
 * The pause is for virtual machines that return freed memory to their host within a few hundred milliseconds, and take several times as
 * long to write to memory that they must request: after it, all runs start under the same conditions. Without it, `cp` got what the previous run
 * had freed, and archc, which begins to copy a third of a second later, did not.
 */
export function clean(place) {
  rmSync(join(place, 'out'), { recursive: true });
  mkdirSync(join(place, 'out'));
  runProcess('sync', []);
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 1500);
}

/** Builds a stack of layers with all weights copied into a data file. */
export function buildStack(place, weights, options) {
  const peakFile = join(place, 'peak');
  const target = join(place, 'out', 'model.onnx');
  const all = ['-o', target, '--weights', weights, '--copy-weights', '--external-data', 'always', '--quiet', ...options];
  const { ms } = runProcess(process.execPath, ['--import', peakMemory, archc, join(place, 'stack.arch'), ...all], {
    env: { ARCHC_PEAK_FILE: peakFile },
  });
  return { ms, peak: Number(readFileSync(peakFile, 'utf8')) / 1024 };
}

/** Writes the source of a stack of layers. */
export function writeStack(place, depth) {
  writeFileSync(
    join(place, 'stack.arch'),
    `model Stack(width = ${width}, depth = ${depth})(x: Tensor[N, width]) -> (y: Tensor[N, width]) {
  for i in 0..depth { x = x -> layers[i]: Linear(width, bias = false) }
  return x
}
`,
  );
}

/** Writes the weights of such a stack as elements of a safetensors type, `F32` or `BF16`: numbers that a file system cannot compress. */
export function writeWeights(path, depth, dtype) {
  const bytes = (dtype === 'F32' ? 4 : 2) * layerSize;
  const header = {};
  for (let i = 0; i < depth; i++)
    header[`layers.${i}.weight`] = { dtype, shape: [width, width], data_offsets: [i * bytes, (i + 1) * bytes] };
  const text = JSON.stringify(header);
  const json = Buffer.from(text.padEnd(Math.ceil(text.length / 8) * 8));
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(json.length));
  const numbers = new Float32Array(layerSize);
  let state = 1;
  for (let i = 0; i < numbers.length; i++) {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    numbers[i] = state / 2 ** 32 - 0.5;
  }
  const block = dtype === 'F32' ? numbers : new Uint16Array(new Uint32Array(numbers.buffer).map((bits) => bits >>> 16));
  const file = openSync(path, 'w');
  try {
    writeSync(file, length);
    writeSync(file, json);
    for (let i = 0; i < depth; i++) {
      block[i] = dtype === 'F32' ? i : 0x3f80 + i;
      writeSync(file, new Uint8Array(block.buffer));
    }
  } finally {
    closeSync(file);
  }
}
