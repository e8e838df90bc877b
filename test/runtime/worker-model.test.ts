/// <reference types="node" />
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import process from 'node:process';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { builtFiles } from '../kit/built-files.js';

const root = resolve(import.meta.dirname, '../..');
const sums = builtFiles(`layer Sum()(x: Tensor[N, 3]) -> Tensor[N, 3] {
  state total: Tensor[N, 3] = zeros
  next total = total + x
  return total + x
}
model Sums(x: Tensor[N, 3]) -> (total: Tensor[N, 3]) { return x -> sum: Sum() }`);
const heavy = builtFiles('model Heavy(x: Tensor[N, N]) -> (y: Tensor[N, N]) { return x @ x @ x @ x @ x }');
const x = [[1, 2, 3]];

/** The bundle of `npm run build`: the worker is a file beside it. */
async function library(): Promise<typeof import('../../src/runtime.js')> {
  return import(join(root, 'dist/runtime.js'));
}

let folder: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'archc-worker-'));
  for (const [name, bytes] of Object.entries(sums.files)) writeFileSync(join(folder, name), bytes);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('a model in a worker', () => {
  test('is like one in the same thread', async () => {
    const { Model } = await library();
    const told: string[] = [];
    await using model = await Model.load(sums.files, sums.manifest, { worker: true, onProgress: ({ file }) => told.push(file) });
    expect([model.provider, model.fallback, model.manifest]).toEqual(['cpu', undefined, sums.manifest]);
    const run = async (of = model) => [...((await of.call('forward', { x })).total?.data ?? [])];
    expect(await Promise.all([run(), run(), run()])).toEqual([
      [1, 2, 3],
      [2, 4, 6],
      [3, 6, 9],
    ]);
    const fork = await model.fork();
    await model.reset({ 'sum.total': [[10, 10, 10]] });
    expect([await run(), await run(fork)]).toEqual([
      [11, 12, 13],
      [4, 8, 12],
    ]);
    await model.warmUp({ N: 1 });
    expect((await model.states())['sum.total']?.data).toEqual(Float32Array.of(11, 12, 13));
    const seen: number[] = [];
    for await (const { total } of fork.entries.forward!.steps({ x }, (_, i) => (i < 1 ? { x } : undefined)))
      seen.push(Number(total?.data[0]));
    expect(seen).toEqual([5, 6]);
    await fork.dispose();
    expect(await run()).toEqual([12, 14, 16]);
  });

  test('has the same errors', async () => {
    const { FeedError, HostError, Model, SessionError } = await library();
    await using model = await Model.load(folder, sums.manifest, { worker: true });
    const error = await model.call('forward', { x: [[1, 2]] }).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(FeedError);
    expect(String(error)).toContain('the input `x` is [N, 3], but [1, 2] was given');
    await expect(model.call('other', { x })).rejects.toThrow(new RangeError('the model Sums has no entry other: it has forward'));
    await expect(Model.load(join(folder, 'none'), sums.manifest, { worker: true, weights: join(folder, 'w') })).rejects.toThrow(HostError);
    await expect(Model.load(() => new Uint8Array(), sums.manifest, { worker: true })).rejects.toThrow('a function that reads files');
    await expect(Model.load(folder, sums.manifest, { worker: true, ort: { InferenceSession: 1, Tensor: 1 } })).rejects.toThrow(
      'a module cannot be given to a worker',
    );
    const controller = new AbortController();
    const loading = Model.load(folder, sums.manifest, { worker: true, signal: controller.signal });
    controller.abort(new Error('left'));
    await expect(loading).rejects.toThrow('left');
    const waiting = new AbortController();
    const first = model.call('forward', { x });
    const second = model.call('forward', { x }, { signal: waiting.signal });
    waiting.abort(new Error('stop'));
    await expect(second).rejects.toThrow('stop');
    await first;
    await model.dispose();
    await expect(model.call('forward', { x })).rejects.toThrow(SessionError);
  });

  test('lets a timer tick while it runs, and moves its outputs', async () => {
    const { Model } = await library();
    const size = 1200;
    const input = { x: { data: new Float32Array(size * size), shape: [size, size] } };
    const measured = async (worker: boolean) => {
      await using model = await Model.load(heavy.files, heavy.manifest, { worker, threads: 1 });
      await model.warmUp({ N: 8 });
      let ticks = 0;
      const timer = setInterval(() => ticks++, 5);
      const started = performance.now();
      const { y } = await model.call('forward', input);
      const time = performance.now() - started;
      clearInterval(timer);
      expect(y?.data.length).toBe(size * size);
      return { ticks, time };
    };
    const [inThread, inWorker] = [await measured(false), await measured(true)];
    const text = ({ ticks, time }: typeof inThread) => `${ticks} ticks in ${Math.round(time)} ms`;
    console.log(`a timer of 5 ms during a run: ${text(inThread)} in the same thread, ${text(inWorker)} with a worker`);
    expect(inThread.ticks).toBeLessThan(inThread.time / 40);
    expect(inWorker.ticks).toBeGreaterThan(inWorker.time / 40);
  });

  test('does not keep a program alive that waits for nothing', () => {
    const program = `
      import { Model } from ${JSON.stringify(join(root, 'dist/runtime.js'))};
      const model = await Model.load('.', ${JSON.stringify(sums.manifest)}, { worker: true });
      console.log((await model.call('forward', { x: [[1, 2, 3]] })).total.data.join());`;
    writeFileSync(join(folder, 'end.mjs'), program);
    const { status, stdout, stderr } = spawnSync(process.execPath, ['end.mjs'], { cwd: folder, encoding: 'utf8', timeout: 50_000 });
    expect({ status, stdout, stderr }).toEqual({ status: 0, stdout: '1,2,3\n', stderr: '' });
  });
});
