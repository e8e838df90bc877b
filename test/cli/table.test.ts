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

test.each([
  ['llama', '--set', 'depth=2'],
  ['whisper'],
  ['detector'],
  ['unet'],
  ['mamba'],
  ['gpt2', '--bind', 'N=1,T=128'],
  ['cnn', '--train', 'Finetune'],
  ['lstm', '--train', 'Finetune', '--bind', 'N=8,T=4'],
])('the cost of %s fits into 80 columns, also in a file', async (name, ...options) => {
  const command = ['cost', `examples/${name}/model.arch`, ...options];
  const { out } = await commandLine(command, { isTerminal: true, columns: 80 });
  expect(out.split('\n').filter((line) => line.length > 80)).toEqual([]);
  expect(out).toContain('FLOPs');
  expect((await commandLine(command)).out).toBe(out);
  expect((await commandLine(command, { env: { COLUMNS: 'many' } })).out).toBe(out);
  const wide = (await commandLine(command, { isTerminal: true, columns: 300 })).out;
  expect((await commandLine(command, { env: { COLUMNS: '300' } })).out).toBe(wide);
  expect(wide.split('\n').length).toBeLessThanOrEqual(out.split('\n').length);
});

test('layers are shown in the layer that they are part of, where that has a row', async () => {
  const { out } = await commandLine(['cost', 'examples/gpt2/model.arch', '--bind', 'N=1,T=128']);
  expect(out.split('\n').slice(0, 7)).toEqual([
    'layer             kind                  parameters  weights  FLOPs  activations',
    '(all)             GPT2                 124,439,808   498 MB  32 G   244 MB',
    'transformer.wte   Embedding             38,597,376   154 MB  0      393 KB',
    'transformer.wpe   LearnedPositions         786,432   3.1 MB  98 K   393 KB',
    'transformer.h.0   Block                  7,087,872    28 MB  1.9 G  18 MB',
    '  ln_1            LayerNorm                  1,536   6.1 KB  688 K  393 KB',
    '  attn            CausalSelfAttention    2,362,368   9.4 MB  656 M  11 MB',
  ]);
});

test('formulas have their units, and stay below their row where a line is too short', async () => {
  const { out } = await commandLine(['cost', 'examples/llama/model.arch']);
  expect(out.split('\n').slice(0, 8)).toEqual([
    'layer                       kind             parameters  weights',
    '(all)                       Llama         8,030,261,248    32 GB',
    '    FLOPs 530 K*N*P*T + 530 K*N*T**2 + N*P + 15 G*N*T + P*T + T**2',
    '    activations 20 KB*N*P*T + 20 KB*N*T**2 + 393 KB*N*P + 23 MB*N*T + 1 B*P*T +',
    '      1 B*T**2 + 4 B*P + 12 B*T',
    'model.embed_tokens          Embedding       525,336,576   2.1 GB',
    '    FLOPs 0  activations 16 KB*N*T',
    'model.layers.0              LlamaLayer      218,112,000   872 MB',
  ]);
});

test('formulas are those that the facts of the model allow', async () => {
  const { out } = await commandLine(['cost', 'examples/unet/model.arch']);
  expect(out.split('\n').slice(0, 4)).toEqual([
    'layer             kind             parameters  buffers    weights  FLOPs',
    '(all)             UNet                 29,803      320     120 KB  13 K*H*N*W',
    '    activations 792 B*H*N*W',
    'down.0            DoubleConv              840       32     3.5 KB  1.7 K*H*N*W',
  ]);
});
