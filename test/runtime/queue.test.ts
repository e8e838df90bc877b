import { expect, test } from 'vitest';
import { Queue } from '../../src/runtime/session/queue.js';

/** A job that ends when it is told to, and says when it begins and ends. */
function job(name: string, log: string[]) {
  let end = () => {};
  const ended = new Promise<void>((resolve) => {
    end = resolve;
  });
  const run = async () => {
    log.push(`${name} begins`);
    await ended;
    log.push(`${name} ends`);
    return name;
  };
  return { run, end };
}

test('jobs run one at a time, in order', async () => {
  const log: string[] = [];
  const queue = new Queue();
  const [a, b] = [job('a', log), job('b', log)];
  const results = Promise.all([queue.run(a.run), queue.run(b.run)]);
  b.end();
  a.end();
  expect(await results).toEqual(['a', 'b']);
  expect(log).toEqual(['a begins', 'a ends', 'b begins', 'b ends']);
});

test('a job that fails does not stop those after it', async () => {
  const queue = new Queue();
  const failed = queue.run(() => {
    throw new RangeError('no');
  });
  const next = queue.run(() => 3);
  await expect(failed).rejects.toThrow('no');
  expect(await next).toBe(3);
});

test('a signal takes out a job that waits', async () => {
  const log: string[] = [];
  const queue = new Queue();
  const [a, b, c] = [job('a', log), job('b', log), job('c', log)];
  const controller = new AbortController();
  const first = queue.run(a.run);
  const second = queue.run(b.run, controller.signal);
  const third = queue.run(c.run);
  expect(queue.length).toBe(2);
  controller.abort(new Error('changed my mind'));
  await expect(second).rejects.toThrow('changed my mind');
  expect(queue.length).toBe(1);
  for (const { end } of [a, b, c]) end();
  expect(await Promise.all([first, third])).toEqual(['a', 'c']);
  expect(log).toEqual(['a begins', 'a ends', 'c begins', 'c ends']);
});

test('a signal does not interrupt a job that has begun, and keeps out one that comes later', async () => {
  const log: string[] = [];
  const queue = new Queue();
  const a = job('a', log);
  const controller = new AbortController();
  const first = queue.run(a.run, controller.signal);
  controller.abort(new Error('too late'));
  a.end();
  expect(await first).toBe('a');
  await expect(queue.run(() => 1, controller.signal)).rejects.toThrow('too late');
});
