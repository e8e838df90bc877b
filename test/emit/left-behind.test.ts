import { spawnSync } from 'node:child_process';
import { copyFileSync, existsSync, readdirSync, utimesSync, writeFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { outputLine } from '../../src/cli/run/show.js';
import { buildFile } from '../../src/node/build-file.js';
import { useFolderForEach } from '../kit/own-folder.js';

useFolderForEach(() => writeFileSync('m.arch', 'model M(x: Tensor[N, 64]) -> (y: Tensor[N, 64]) { return x -> fc: Linear(64) }\n'));

const build = (seed: number, externalData: 'always' | 'never' = 'always') => buildFile('m.arch', 'm.onnx', { seed, externalData });
const dataFiles = () => readdirSync('.').filter((name) => name.endsWith('.data'));

describe('a build', () => {
  test('removes the temporary files of killed builds of the same model, and no others', async () => {
    const { pid } = spawnSync('node', ['--version']);
    const gone = [`.m-.data.${pid}-0123abcd.tmp`, `.m.onnx.${pid}-0123abcd.tmp`];
    const others = [`.n-.data.${pid}-0123abcd.tmp`, `.m-.data.${process.pid}-0123abcd.tmp`, `.m-.data.${pid}.tmp`];
    for (const name of [...gone, ...others]) {
      writeFileSync(name, 'x');
      utimesSync(name, 1e9, 1e9);
    }
    await build(1, 'never');
    expect(
      readdirSync('.')
        .filter((name) => name.endsWith('.tmp'))
        .sort(),
    ).toEqual([...others].sort());
  });

  test('keeps the former data file while a copy of the model refers to it', async () => {
    await build(1);
    const [first = ''] = dataFiles();
    copyFileSync('m.onnx', 'keep.onnx');
    await build(2);
    expect(dataFiles()).toHaveLength(2);
    expect(existsSync(first)).toBe(true);
  });
});

test('integers of 64 bits are printed with all their digits', () => {
  const numbers = BigInt64Array.of(13510798882111491n, -13510798882111493n);
  const line = outputLine('y', { dtype: 'i64', shape: [2], bytes: new Uint8Array(numbers.buffer) });
  expect(line.slice(3)).toEqual([
    expect.stringMatching(/^min -13510798882111493 {2}max 13510798882111491 /),
    '[13510798882111491, -13510798882111493]',
  ]);
});
