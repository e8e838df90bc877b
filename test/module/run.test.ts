import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Session, Trainer } from '../../src/runtime.js';
import { commandLine } from '../kit/command-line.js';
import { ModuleFolder } from './written-modules.js';

let folder: ModuleFolder;
const out = (name: string) => join(folder.path, 'out', name);

beforeAll(async () => {
  folder = new ModuleFolder();
  for (const name of ['digits', 'cell', 'llama', 'whisper', 'odd']) await folder.build(name);
});

afterAll(() => folder.remove());

/** The text of functions that the programs have. */
const kit = `
const numbers = (count, seed) => Float32Array.from({ length: count }, (_, i) => Math.sin(1 + seed + 1.7 * i));
const plain = (outputs) => Object.fromEntries(Object.entries(outputs).map(([name, { dtype, shape, data }]) => [name, { dtype, shape, data: [...data].map(Number) }]));
const print = (value) => console.log(JSON.stringify(value));
const refusal = (promise) => promise.then(() => 'nothing', ({ name, message }) => name + ': ' + message);
`;
const numbers = (count: number, seed: number) => Float32Array.from({ length: count }, (_, i) => Math.sin(1 + seed + 1.7 * i));

interface Plain {
  readonly dtype: string;
  readonly shape: readonly number[];
  readonly data: readonly number[];
}
type Outputs = Readonly<Record<string, Plain>>;

describe('a written module in Node', () => {
  test('runs a model, whose data file is beside it', async () => {
    expect(readdirSync(out('.')).filter((name) => /^digits-\w+\.data$/.test(name)).length).toBe(1);
    const result = folder.result(`import { LeNet } from './out/digits.arch.js';${kit}
      await using model = await LeNet.create();
      const outputs = await model.run({ image: numbers(2 * 784, 0) });
      const missing = await refusal(model.run({}));
      const files = model.manifest.entries.map(({ file }) => file);
      print({ outputs: plain(outputs), missing, files, provider: model.provider  });`);
    const data = Object.fromEntries(
      readdirSync(out('.')).flatMap((name) => (name.endsWith('.data') ? [[name, readFileSync(out(name))] as const] : [])),
    );
    await using session = await Session.load(readFileSync(out('digits.onnx')), { data });
    const { dtype, shape, data: logits } = (await session.run({ image: numbers(2 * 784, 0) })).tensor('logits');
    expect(result).toEqual({
      outputs: { logits: { dtype, shape, data: [...logits] } },
      missing: 'FeedError: the input `image` is missing',
      files: ['digits.onnx'],
      provider: 'cpu',
    });
  });

  test('keeps the states of a model: three calls are `archc run --steps 3`', async () => {
    const { calls, states, again, whole } = folder.result(`import { Cell } from './out/cell.arch.js';${kit}
      const cell = await Cell.create();
      const x = numbers(8, 3);
      const calls = [];
      for (let i = 0; i < 3; i++) calls.push(plain(await cell.run({ x })));
      const states = await cell.states();
      await cell.reset();
      const again = plain(await cell.run({ x }));
      await cell.reset({ h: states.h });
      const fourth = plain(await cell.run({ x }));
      await cell.reset();
      const whole = await Promise.all([1, 2, 3, 4].map(() => cell.run({ x })));
      print({ calls, states: plain(states), again, whole: [plain(whole[3]), fourth] });
      await cell.dispose();`) as {
      readonly calls: readonly Outputs[];
      readonly states: Outputs;
      readonly again: Outputs;
      readonly whole: readonly Outputs[];
    };
    writeFileSync(join(folder.path, 'x.json'), JSON.stringify([0, 1].map((row) => [...numbers(8, 3)].slice(4 * row, 4 * row + 4))));
    const before = process.cwd();
    process.chdir(folder.path);
    try {
      for (const steps of [1, 2, 3]) {
        const args = ['run', 'out/cell.onnx', '--input', 'x=x.json', '--save-outputs', 'results'];
        const { code, err } = await commandLine([...args, ...(steps === 1 ? [] : ['--steps', String(steps)])]);
        expect([code, err]).toEqual([0, expect.any(String)]);
        expect(calls[steps - 1]).toEqual({ y: { dtype: 'f32', shape: [2, 3], data: npyNumbers('results/y.npy', 6) } });
      }
      expect(states).toEqual({ h: { dtype: 'f32', shape: [2, 3], data: npyNumbers('results/h.next.npy', 6) } });
    } finally {
      process.chdir(before);
    }
    expect(new Set(calls.map((call) => JSON.stringify(call))).size).toBe(3);
    expect(again).toEqual(calls[0]);
    // Overlapping calls are done one at a time, and a state that was read and given back continues from there.
    expect(whole[0]).toEqual(whole[1]);
  });

  test('lets a cache grow: token by token is all at once', () => {
    const { steps, once, shapes, refused } = folder.result(`import { Llama } from './out/llama.arch.js';${kit}
      await using llama = await Llama.create();
      const ids = [5, 7, 11, 13];
      const mask = (length) => [Array(length).fill(1)];
      const steps = [];
      for (const [i, id] of ids.entries())
        steps.push(...(await llama.run({ input_ids: [[id]], position_ids: [[i]], attention_mask: mask(i + 1) })).logits.data);
      const states = await llama.states();
      const refused = await refusal(llama.run({ input_ids: [[1]], position_ids: [[4]], attention_mask: mask(3) }));
      await llama.reset();
      const { logits } = await llama.run({ input_ids: [ids], position_ids: [[0, 1, 2, 3]], attention_mask: mask(4) });
      print({ steps, once: [...logits.data], shapes: Object.values(states).map(({ shape }) => shape), refused });`) as {
      readonly steps: readonly number[];
      readonly once: readonly number[];
      readonly shapes: readonly (readonly number[])[];
      readonly refused: string;
    };
    expect(steps.length).toBe(4 * 64);
    expect(Math.max(...steps.map((value, i) => Math.abs(value - (once[i] ?? NaN))))).toBeLessThan(1e-5);
    expect(shapes).toEqual(Array.from({ length: 4 }, () => [1, 2, 4, 8]));
    expect(refused).toMatch(/^FeedError: /);
  });

  test('has an object for each entry; they share the states', () => {
    const { steps, once } = folder.result(`import { Whisper } from './out/whisper.arch.js';${kit}
      await using whisper = await Whisper.create({ threads: 1 });
      const { memory } = await whisper.encode.run({ input_features: numbers(80 * 16, 1) });
      const steps = [];
      for (const [i, id] of [3, 4].entries())
        steps.push(...(await whisper.step.run({ input_ids: [[id]], attention_mask: [Array(i + 1).fill(1)], memory })).logits.data);
      await whisper.reset();
      const { logits } = await whisper.step.run({ input_ids: [[3, 4]], attention_mask: [[1, 1]], memory });
      print({ steps, once: [...logits.data] });`) as { readonly steps: readonly number[]; readonly once: readonly number[] };
    expect(Math.max(...steps.map((value, i) => Math.abs(value - (once[i] ?? NaN))))).toBeLessThan(1e-5);
  });

  test('has names that JavaScript has for something else', () => {
    expect(
      folder.result(`import { default as odd } from './out/odd.arch.js';${kit}
      await using model = await odd.create();
      const first = await model.delete.run({ new: [[1, 2, 3, 4]], ['__proto__']: [[1, -2, 3]] });
      print([Object.keys(first), [...first.constructor.data], plain(await model.new.run({ x: [0, 5, 0, 7] }))]);`),
    ).toEqual([['function', 'constructor'], [1, 0, 1], { at: { dtype: 'i64', shape: [2, 1], data: [1, 3] } }]);
  });

  test.each([false, true])('trains, in a worker: %s', async (worker) => {
    const program = `import { Finetune, LeNet } from './out/digits.arch.js';${kit}
      const batch = (i) => ({ image: { data: numbers(4 * 784, i), shape: [4, 1, 28, 28] }, labels: [0, 1, 2, 3] });
      await using trainer = await Finetune.create({ lr: 0.01, seed: 1, threads: 1, worker: ${worker} });
      const steps = [];
      for (let i = 0; i < 3; i++) steps.push(await trainer.step(batch(i)));
      const held = await trainer.evaluate([batch(9)]);
      await using model = await LeNet.create({ files: { 'digits.onnx': await trainer.exportModel() }, threads: 1 });
      const { logits } = await model.run({ image: batch(9).image });
      print({ steps, held, logits: [...logits.data], count: trainer.stepCount });`;
    const batch = (i: number) => ({ image: { data: numbers(4 * 784, i), shape: [4, 1, 28, 28] }, labels: [0, 1, 2, 3] });
    await using trainer = await Trainer.load(out('.'), out('digits.train.json'), { lr: 0.01, seed: 1, threads: 1 });
    const steps = [];
    for (let i = 0; i < 3; i++) steps.push(await trainer.step(batch(i)));
    const held = await trainer.evaluate([batch(9)]);
    await using session = await Session.load(await trainer.exportModel(), { threads: 1 });
    const logits = (await session.run({ image: batch(9).image })).tensor('logits').data;
    expect(folder.result(program)).toEqual({ steps, held, logits: [...logits], count: 3 });
  });

  test('says which file is missing', () => {
    mkdirSync(join(folder.path, 'moved'));
    writeFileSync(join(folder.path, 'moved/cell.arch.js'), readFileSync(out('cell.arch.js')));
    const said = folder.result(`import { Cell } from './moved/cell.arch.js';${kit}print(await refusal(Cell.create()));`);
    expect(said).toMatch(/^SessionError: ONNX Runtime could not load cell\.onnx: .*moved\/cell\.onnx/);
    rmSync(join(folder.path, 'moved'), { recursive: true });
  });
});

/** The elements at the end of a file of f32. */
function npyNumbers(file: string, count: number): readonly number[] {
  const bytes = readFileSync(file);
  return [...new Float32Array(Uint8Array.from(bytes.subarray(-4 * count)).buffer)];
}
