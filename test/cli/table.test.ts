import { expect, test } from 'vitest';
import { columns } from '../../src/cli/table.js';
import { commandLine } from '../kit/command-line.js';

const rows = [
  ['name', 'count', 'formula'],
  ['a', '1', 'N + T'],
  ['  abc', '1,000', '4*N*T + 16*N + 2*T'],
];

test('a table that fits has one line for each row', () => {
  const wide = 'name   count  formula\na          1  N + T\n  abc  1,000  4*N*T + 16*N + 2*T\n';
  expect(columns(rows, { right: [1] })).toBe(wide);
  expect(columns(rows, { right: [1], width: 32 })).toBe(wide);
});

test('a last column that is too long continues below itself', () => {
  expect(columns(rows, { right: [1], width: 28 })).toBe(
    'name   count  formula\na          1  N + T\n  abc  1,000  4*N*T + 16*N +\n              2*T\n',
  );
});

test('columns that do not fit continue below their row, with the names of the head', () => {
  expect(columns(rows, { right: [1], width: 20, hasHead: true })).toBe(
    'name   count\na          1\n    formula N + T\n  abc  1,000\n      formula 4*N*T\n        + 16*N + 2*T\n',
  );
  const results = [
    ['y', 'f32', 'min 0  max 12', '[0, 1, 2, 3, ...]'],
    ['z', 'f32', '', '[4]'],
  ];
  expect(columns(results, { width: 26 })).toBe('y  f32  min 0  max 12\n    [0, 1, 2, 3, ...]\nz  f32\n    [4]\n');
});

test('long words are broken at commas, or stay whole', () => {
  const facts = [
    ['dims', '["N","T","S","H"]'],
    ['hash', '0123456789abcdef0123456789abcdef'],
  ];
  expect(columns(facts, { width: 16 })).toBe('dims  ["N","T",\n      "S","H"]\nhash  0123456789abcdef0123456789abcdef\n');
});

test.each([['llama', '--set', 'depth=2'], ['whisper'], ['detector']])(
  'the cost of %s fits into a terminal of 80 columns',
  async (name, ...options) => {
    const command = ['cost', `examples/${name}/model.arch`, ...options];
    const { out } = await commandLine(command, { isTerminal: true, columns: 80 });
    expect(out.split('\n').filter((line) => line.length > 80)).toEqual([]);
    expect(out).toContain('FLOPs');
    const whole = (await commandLine(command)).out;
    expect(whole.split('\n').length).toBeLessThan(out.split('\n').length);
  },
);

test('layers are shown by the end of their names where the whole does not fit', async () => {
  const { out } = await commandLine(['cost', 'examples/detector/model.arch'], { isTerminal: true, columns: 80 });
  expect(out.split('\n').slice(7, 11).join('\n')).toBe(
    [
      'regression_head      Regression       2,373,893        0   9.5 MB',
      '    FLOPs 4750857*H*W + 4750857*H2*W2  activations 12324*H*W + 12324*H2*W2',
      '    conv.0           Conv2d             590,080        0   2.4 MB',
      '        FLOPs 1179904*H*W + 1179904*H2*W2  activations 1024*H*W + 1024*H2*W2',
    ].join('\n'),
  );
});
