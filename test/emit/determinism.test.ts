import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { homedir, hostname, tmpdir, userInfo } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { build, createMemoryHost } from '../../src/index.js';
import { bundleCli } from '../kit/bundled-cli.js';
import { everyNth } from '../kit/samples.js';
import { compiled, models, type Surroundings, sha256Of } from './determinism.js';

let folder = '';
let cli = '';

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'archc-same-'));
  cli = await bundleCli(folder);
});

afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

/** What must not show in the bytes. The second folder has another length and letters beyond ASCII. */
const surroundings: readonly (readonly [folder: string, Surroundings])[] = [
  ['b', { env: { LANG: 'C', LC_ALL: 'C', TZ: 'UTC' } }],
  ['einen längeren Ordner/mit Ağaç', { env: { LANG: 'tr_TR.UTF-8', LC_ALL: 'tr_TR.UTF-8', TZ: 'Asia/Kathmandu' } }],
  ['c', { env: { LANG: 'de_DE.UTF-8', LC_ALL: 'de_DE.UTF-8', TZ: 'America/St_Johns' }, absolute: true }],
];

describe.each(everyNth(models, 3))('%s', (name) => {
  let bytes: Buffer;

  beforeAll(() => {
    bytes = compiled(cli, join(folder, 'a'), name, {});
  });

  test('is the same in another folder, language and time zone', () => {
    for (const [place, around] of surroundings) {
      expect(sha256Of(compiled(cli, join(folder, place), name, around)), JSON.stringify(around)).toBe(sha256Of(bytes));
    }
  });

  test('says nothing of the machine', () => {
    for (const secret of [folder, tmpdir(), process.cwd(), homedir(), hostname(), userInfo().username].filter((text) => text.length > 5))
      expect(bytes.includes(secret), secret).toBe(false);
    expect(bytes.includes(`${new Date().getFullYear()}-`)).toBe(false);
  });
});

const files = (text: string) => createMemoryHost({ 'model.arch': text });
const lenet = readFileSync(resolve(import.meta.dirname, '../../examples/lenet/model.arch'), 'utf8');
const bytesOf = (text: string, seed = 0) => build('model.arch', files(text), { seed }).bytes ?? new Uint8Array();

test('is the same the second time in one process, and after other models', () => {
  const first = sha256Of(bytesOf(lenet));
  expect(bytesOf('model M(x: Tensor[N, 8]) -> (y: Tensor[N, 8]) { return x -> Linear(8) }\n').length).toBeGreaterThan(0);
  expect(sha256Of(bytesOf(lenet))).toBe(first);
  expect(sha256Of(bytesOf(lenet, 1))).not.toBe(first);
});

test('keeps the order of the source: parameters as they are declared, whatever is declared around them', () => {
  const parts = [
    'layer A(x: Tensor[N, 8]) -> Tensor[N, 8] { return x -> zeta: Linear(8) -> alpha: Linear(8) }\n',
    'let unused = [3, 1, 2]\n',
  ];
  const model = 'model M(x: Tensor[N, 8]) -> (y: Tensor[N, 8]) { return x -> second: A -> first: A }\n';
  const names = (text: string) => build('model.arch', files(text)).model?.parameters.map(({ name }) => name);
  const wanted = ['second', 'first'].flatMap((a) => ['zeta', 'alpha'].flatMap((b) => ['weight', 'bias'].map((c) => `${a}.${b}.${c}`)));
  expect(names(parts.join('') + model)).toEqual(wanted);
  expect(names(model + [...parts].reverse().join(''))).toEqual(wanted);
});
