/// <reference types="node" />
import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import process from 'node:process';
import { describe, expect, test } from 'vitest';

const dist = resolve(import.meta.dirname, '../../dist');

describe('an error that a program does not catch', () => {
  test.each([
    [
      'the runtime',
      `import { Session } from ${JSON.stringify(join(dist, 'runtime.js'))}; await Session.load(new Uint8Array(3));`,
      'HostError',
    ],
    [
      'the library',
      `import { build, createMemoryHost } from ${JSON.stringify(join(dist, 'index.js'))}; build('m.arch', createMemoryHost({}), { opset: 1 });`,
      'HostError',
    ],
  ])('of %s shows the line in which it was thrown, and names', (_, program, name) => {
    const { stderr } = spawnSync(process.execPath, ['--input-type=module', '-e', program], { encoding: 'utf8' });
    expect(stderr).toContain(name);
    for (const line of stderr.split('\n')) expect(line.length, line).toBeLessThan(400);
    // No frame of the stack is a function whose name was shortened.
    const frames = [...stderr.matchAll(/^ {4}at (?:async )?([\w.#]+) \(/gm)].map(([, frame = '']) => frame.split('.').at(-1) ?? '');
    expect(frames.length).toBeGreaterThan(1);
    expect(frames.filter((frame) => frame.length < 3)).toEqual([]);
  });

  test('in a page has the names of classes, too', () => {
    const chunks = readdirSync(join(dist, 'chunks')).filter((name) => name.startsWith('browser-'));
    const text = chunks.map((name) => readFileSync(join(dist, 'chunks', name), 'utf8')).join('');
    for (const name of ['TrainingError', 'FeedError', 'SessionError', 'RunningTrainer', 'RunningModel'])
      expect(text).toContain(`"${name}"`);
  });
});
