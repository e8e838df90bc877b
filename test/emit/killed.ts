/// <reference types="node" />
import { mkdirSync, readdirSync, utimesSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'vitest';
import { threefryWords } from '../../src/6-emit/weights/init/threefry.js';
import { modelHash, start, temporaryFilesIn } from './writer.js';

/**
 * Kills a process that overwrites a model of 200 MB with another one, `count` times at random moments of the write: what is
 * there afterwards must be the old model or the new one, complete with its data.
 */
export async function killWriters(child: string, parent: string, count: number, seed: number): Promise<{ old: number; new: number }> {
  const folder = join(parent, `killed-${seed}`);
  mkdirSync(folder);
  const out = join(folder, 'model.onnx');
  const write = (level: number) => start(process.execPath, [child, out, '5', '40', `${level}`]);
  const complete = async (level: number) => {
    const started = performance.now();
    expect(await write(level).finished).toMatchObject({ code: 0, stderr: '' });
    return { time: performance.now() - started, hash: modelHash(out) };
  };
  const models = [await complete(0), await complete(1)];
  const time = Math.max(...models.map((model) => model.time));
  expect(models[0]?.hash).not.toBe(models[1]?.hash);
  let current = 1;
  const seen = { old: 0, new: 0 };
  const words = new Uint32Array(Math.ceil(count / 4) * 4);
  threefryWords({ low: seed, high: 0 }, 0, words);
  for (let i = 0; i < count; i++) {
    const next = 1 - current;
    const { child: process, finished } = write(next);
    // Not before the write begins, and a little beyond its usual end.
    await new Promise((resolve) => process.stdout?.once('data', resolve));
    await new Promise((resolve) => setTimeout(resolve, ((words[i] ?? 0) / 2 ** 32) * time));
    process.kill('SIGKILL');
    await finished;
    const hash = modelHash(out);
    expect(hash, `after kill ${i}`).toBeOneOf(models.map((model) => model.hash));
    if (hash === models[next]?.hash) current = next;
    // What the killed one left does not disturb the next, which removes it once it is old enough to be nobody's.
    for (const name of temporaryFilesIn(folder)) utimesSync(join(folder, name), 0, 0);
    seen[hash === models[next]?.hash ? 'new' : 'old']++;
  }
  expect((await complete(current)).hash).toBe(models[current]?.hash);
  expect(temporaryFilesIn(folder)).toEqual([]);
  expect(readdirSync(folder)).toContain('model.onnx');
  return seen;
}
