// inference-child.mjs REQUEST.json: creates and runs sessions for several files of one model in turns; prints the milliseconds of each, and how far the outputs differ, as JSON.
import { readFileSync } from 'node:fs';
import { InferenceSession, Tensor } from 'onnxruntime-node';
import { takeTurnsAsync } from './measure.mjs';

/** `run`: variants that are created and run; `created`: those that are only created; each `{ name, path, options }`. `inputs`: `{ type, shape, most }`, one for each batch that is run; `seconds`: the time for each of them. */
const { run, created, inputs, creations, seconds } = JSON.parse(readFileSync(process.argv[2], 'utf8'));

const create = ({ path, options }) => InferenceSession.create(path, { intraOpNumThreads: 1, ...options });

const creation = await takeTurnsAsync(
  creations,
  Object.fromEntries(
    [...run, ...created].map((variant) => [
      variant.name,
      async () => {
        const start = performance.now();
        const session = await create(variant);
        const ms = performance.now() - start;
        await session.release();
        return ms;
      },
    ]),
  ),
);

const sessions = new Map();
for (const variant of run) sessions.set(variant.name, await create(variant));

const runs = [];
for (const { type, shape, most } of inputs) {
  const feeds = tensorOf(type, shape, most);
  const outputs = {};
  const once = Object.fromEntries(
    run.map(({ name }) => [
      name,
      async () => {
        const session = sessions.get(name);
        const start = performance.now();
        const results = await session.run({ [session.inputNames[0]]: feeds }, [session.outputNames[0]]);
        const ms = performance.now() - start;
        outputs[name] = results[session.outputNames[0]].data;
        return ms;
      },
    ]),
  );
  const first = await takeTurnsAsync(1, once);
  const round = Object.values(first).reduce((sum, [ms]) => sum + ms, 0);
  const rounds = Math.min(50, Math.max(3, Math.round((1000 * seconds) / round)));
  runs.push({ shape, ms: await takeTurnsAsync(rounds, once), apart: largestDifference(outputs) });
}

console.log(JSON.stringify({ creation, runs }));

/** Numbers without a relevant pattern, or ids from 0 to `most`. */
function tensorOf(type, shape, most) {
  const length = shape.reduce((a, b) => a * b);
  if (type === 'float32')
    return new Tensor(
      type,
      Float32Array.from({ length }, (_, i) => Math.sin(i * 1.37)),
      shape,
    );
  return new Tensor(
    type,
    BigInt64Array.from({ length }, (_, i) => BigInt((i * 7919) % most)),
    shape,
  );
}

/** The largest difference between any output and that of the first file, relative to its largest number. */
function largestDifference(outputs) {
  const [wanted, ...others] = Object.values(outputs);
  const largest = wanted.reduce((most, x) => Math.max(most, Math.abs(x)), 0);
  const apart = others.map((data) => data.reduce((most, x, i) => Math.max(most, Math.abs(x - wanted[i])), 0));
  return Math.max(...apart) / largest;
}
