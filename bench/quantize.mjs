// What 4-bit weights save and cost, in a language model that generates one token at a time, and in an encoder that reads many at once.
import { readdirSync, rmSync, statSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import * as ort from 'onnxruntime-node';
import { archc } from './command-line.mjs';
import { median, runProcess } from './measure.mjs';
import { skipped, times } from './row.mjs';
import { hasRoom } from './weights.mjs';

const gpt2 = resolve(import.meta.dirname, '../test/run/stateful/gpt2_cache.arch');
const encoder = resolve(import.meta.dirname, 'encoder.arch');

/** One thread, so that the machine's other work matters less. */
const threads = 1;

/** Time and size of int4 against f32, in turns in one process, with random weights, since their values affect neither. */
export async function quantized({ folder, quick }) {
  const title = `Weights in 4 bits on the CPU, ${threads} thread`;
  if (!hasRoom(folder, 1e9)) return { title, rows: [skipped('int4', `${folder} has less than 1 GB free`)] };
  const rows = [];
  for (const form of ['int4', 'int4/128']) {
    const at = `GPT-2 with 64 tokens of cache, one token, ${form}`;
    rows.push(...(await measure(gpt2, { folder, quick, form, at, most: 0.5 }, decoderFeeds)));
  }
  for (const length of [16, 128])
    rows.push(
      ...(await measure(encoder, { folder, quick, form: 'int4', at: `encoder like BERT-base, ${length} tokens, int4` }, () =>
        encoderFeeds(length),
      )),
    );
  return { title, rows };
}

async function measure(source, { folder, quick, form, at, most }, feedsOf) {
  const [plain, small] = [join(folder, 'plain', 'model.onnx'), join(folder, 'small', 'model.onnx')];
  const build = (path, ...options) => runProcess(process.execPath, [archc, source, '--target', 'cpu', '-o', path, ...options]);
  build(plain);
  build(small, '--quantize', form);
  const sessions = [];
  for (const path of [plain, small])
    sessions.push(await ort.InferenceSession.create(path, { intraOpNumThreads: threads, graphOptimizationLevel: 'basic' }));
  const feeds = feedsOf(sessions[0]);
  const ms = sessions.map(() => []);
  for (let round = -1; round < (quick ? 5 : 20); round++)
    for (const i of round % 2 === 0 ? [0, 1] : [1, 0]) {
      const start = performance.now();
      await sessions[i].run(feeds);
      if (round >= 0) ms[i].push(performance.now() - start);
    }
  for (const session of sessions) await session.release();
  const size = sizeOf(small) / sizeOf(plain);
  for (const path of [plain, small]) rmSync(dirname(path), { recursive: true });
  return [
    times(`${at}: f32`, ms[0]),
    times(at, ms[1]),
    { name: `${at}: time against f32`, unit: 'x', value: median(ms[1]) / median(ms[0]), ...(most === undefined ? {} : { atMost: most }) },
    { name: `${at}: size against f32`, unit: 'x', value: size, atMost: 0.2 },
  ];
}

/** The size of all files in the folder of the model. */
function sizeOf(path) {
  return readdirSync(dirname(path)).reduce((sum, name) => sum + statSync(join(dirname(path), name)).size, 0);
}

const tensor = (values, dims) => new ort.Tensor('int64', BigInt64Array.from(values, BigInt), dims);

function decoderFeeds(session) {
  const past = 64;
  const ids = {
    input_ids: tensor([42], [1, 1]),
    position_ids: tensor([past], [1, 1]),
    attention_mask: tensor(Array(past + 1).fill(1), [1, past + 1]),
  };
  const states = session.inputNames.filter((name) => !(name in ids));
  return {
    ...ids,
    ...Object.fromEntries(states.map((name) => [name, new ort.Tensor('float32', new Float32Array(12 * past * 64), [1, 12, past, 64])])),
  };
}

function encoderFeeds(length) {
  return {
    ids: tensor(
      Array.from({ length }, (_, i) => i),
      [1, length],
    ),
  };
}
