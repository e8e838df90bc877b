import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { commandLine } from '../kit/command-line.js';
import { useOwnFolder } from '../kit/own-folder.js';
import { initialWeights, weightsFile, weightsIn } from '../kit/pruned.js';

const source = `model Signs(hidden = 8)(x: Tensor[N, 4]) -> (logits: Tensor[N, 2]) {
  return x -> fc1: Linear(hidden) -> relu -> fc2: Linear(2)
}

train Fit for Signs {
  input labels: Tensor<i64>[N]
  loss = cross_entropy(logits, labels)
  optimizer adamw(lr = input)
}
`;

useOwnFolder(() => {
  writeFileSync('signs.arch', source);
  writeFileSync('signs.safetensors', weightsFile(initialWeights(source)));
  const rows = Array.from({ length: 40 }, (_, i) => {
    const x = [i % 2, (i >> 1) % 2, (i >> 2) % 2, (i >> 3) % 2].map((bit) => bit - 0.5);
    return JSON.stringify({ x, labels: i % 2 });
  });
  writeFileSync('signs.jsonl', rows.join('\n'));
});

const prune = (...args: string[]) => commandLine(['prune', 'signs.arch', '--weights', 'signs.safetensors', ...args]);

describe('archc prune --to', () => {
  test('writes the weights of a smaller model, and says what has become smaller', async () => {
    const { code, out, err } = await prune('--to', 'hidden=6', '-o', 'a/small.safetensors', '--bind', 'N=1');
    expect(code).toBe(0);
    expect(err).toBe('wrote a/small.safetensors: the weights of the model with --set hidden=6\n');
    expect(out).toMatch(/^layer +parameters +after +FLOPs +after\n\(all\) +58 +44 +\d+ +\d+\nfc1 +40 +30 /);
    expect(out).toMatch(/\nfc1\.weight +\[8, 4\] +-> +\[6, 4\]\nfc2\.weight +\[2, 8\] +-> +\[2, 6\]\n/);
    expect(out).toMatch(
      /\noutput +error +largest error +largest number +cosine +same choice\nlogits +\d+\.?\d* % +\d\.\d+ +\d\.\d+ +-?\d\.\d{6} +\d+\.?\d* %\n$/,
    );
    expect(weightsIn(readFileSync('a/small.safetensors'))['fc1.weight']?.shape).toEqual([6, 4]);
  });

  test('points to its own option', async () => {
    const [unknown, wrong] = [
      await prune('--to', 'hiden=6', '-o', 'c.safetensors'),
      await prune('--to', 'hidden=six', '-o', 'c.safetensors'),
    ];
    expect(unknown.err).toContain('  --> --to hiden:1:6\n1 | --to hiden = 6\n  |      ^^^^^');
    expect(wrong.err).toContain('1 | --to hidden = six\n  |               ^^^');
    expect([unknown.code, wrong.code]).toEqual([2, 2]);
  });

  test('makes a model that builds, runs and trains', async () => {
    await prune('--to', 'hidden=6', '-o', 'b.safetensors', '-q');
    const model = ['signs.arch', '--set', 'hidden=6', '--weights', 'b.safetensors'];
    expect(await commandLine([...model, '-o', 'b.onnx'])).toMatchObject({ code: 0, out: '' });
    expect(await commandLine(['run', ...model, '--bind', 'N=1'])).toMatchObject({ code: 0 });
    const { code, out } = await commandLine(['train', ...model, '--data', 'signs.jsonl', '--lr', '0.05', '--epochs', '4', '-o', 'run']);
    expect(code).toBe(0);
    expect(out).toContain('wrote best.onnx');
  });

  test('prints FLOPs as formulas where sizes are open, and has numbers for programs', async () => {
    const { out } = await prune('--to', 'hidden=6', '-o', 'c.safetensors');
    expect(out).toMatch(/\nFLOPs: \d+\*N -> \d+\*N; `--bind` shows numbers for each layer\n/);
    writeFileSync('x.json', JSON.stringify([[1, -1, 0.5, 2]]));
    const report = JSON.parse((await prune('--to', 'hidden=6', '-o', 'c.safetensors', '--json', '--input', 'x=x.json')).out);
    expect(report).toMatchObject({ output: 'c.safetensors', set: { hidden: '6' }, outputs: [{ name: 'logits' }] });
    expect(report.weights[0]).toEqual({ name: 'fc1.weight', dtype: 'f32', from: [8, 4], to: [6, 4], zeros: 0 });
    expect(report.entries[0].layers[1]).toMatchObject({ path: 'fc1', from: { parameters: 40 }, to: { parameters: 30 }, sparsity: 0 });
  });

  test('writes nothing for sizes that the model cannot have', async () => {
    const { code, out, err } = await prune('--to', 'hidden=9', '-o', 'd.safetensors');
    expect([code, out]).toEqual([1, '']);
    expect(err).toContain('error[cannot-prune]: the model cannot be pruned to `hidden = 9`: a size of `fc1.weight` would grow from 8 to 9');
    expect(existsSync('d.safetensors')).toBe(false);
  });
});

describe('archc prune --sparsity', () => {
  test('sets the smallest elements to zero', async () => {
    const { code, out, err } = await prune('--sparsity', '.5', '--only', 'fc1', '-o', 'e.safetensors');
    expect([code, err]).toEqual([0, 'wrote e.safetensors\n']);
    expect(out).toMatch(/^layer +parameters +zeros\n\(all\) +58 +27\.6%\nfc1 +40 +40\.0%\nfc2 +18 +0\.0%\n/);
    const { data = new Float64Array() } = weightsIn(readFileSync('e.safetensors'))['fc1.weight'] ?? {};
    expect([...data].filter((value) => value === 0)).toHaveLength(16);
  });

  test('of 0 changes nothing', async () => {
    const { out } = await prune('--sparsity', '0', '-o', 'f.safetensors');
    expect(out).toMatch(/\nlogits +0 % +0 +0\.\d+ +1\.000000 +100 %\n$/);
    expect(readFileSync('f.safetensors').equals(readFileSync('signs.safetensors'))).toBe(true);
  });
});

describe('archc prune refuses', () => {
  const good = ['--to', 'hidden=6', '-o', 'g.safetensors'];

  test.each<[string, readonly string[], string]>([
    ['no way to prune', ['-o', 'g.safetensors'], 'archc: a model is pruned in one of two ways'],
    ['both ways', [...good, '--sparsity', '0.5'], 'archc: a model is pruned in one of two ways'],
    ['a share above 1', ['--sparsity', '50', '-o', 'g.safetensors'], 'archc: `--sparsity 50` is not a share'],
    ['a share that is no number', ['--sparsity', 'half', '-o', 'g.safetensors'], 'archc: `--sparsity half` is not a share'],
    ['a share below 0', ['--sparsity=-0.5', '-o', 'g.safetensors'], 'archc: `--sparsity -0.5` is not a share'],
    ['`--only` with `--to`', [...good, '--only', 'fc1'], 'archc: `--only` is of use with `--sparsity` only'],
    ['`--scope` with `--to`', [...good, '--scope', 'global'], 'archc: `--scope` is of use with `--sparsity` only'],
    ['another scope', ['--sparsity', '1', '--scope', 'layer', '-o', 'g.safetensors'], 'archc: `--scope` cannot be `layer`'],
    ['settings without a value', ['--to', 'hidden', '-o', 'g.safetensors'], 'archc: `--to hidden` is not of the form NAME=VALUE'],
    ['no output', ['--to', 'hidden=6'], 'archc: `archc prune` needs a file for the weights'],
    ['an output of another kind', ['--to', 'hidden=6', '-o', 'g.onnx'], 'archc: the pruned weights do not go to g.onnx'],
    [
      'an output over the weights',
      ['--to', 'hidden=6', '-o', 'signs.safetensors'],
      'archc: cannot write signs.safetensors: the build reads this file',
    ],
    [
      'a pattern that matches nothing',
      ['--sparsity', '0.5', '--only', 'fc3', '-o', 'g.safetensors'],
      'error[unmatched-pattern]: `fc3` matches no weight of `Signs`',
    ],
    [
      'an unknown hyperparameter',
      ['--to', 'width=6', '-o', 'g.safetensors'],
      'error[unknown-setting]: `Signs` has no hyperparameter `width`',
    ],
    ['a given input that does not exist', [...good, '--input', 'y=x.json'], 'archc: the model has no input `y`'],
  ])('%s', async (_, args, message) => {
    const { code, out, err } = await prune(...args);
    expect(err).toContain(message);
    expect([code, out]).toEqual([2, '']);
  });

  test('weights of another model, files that do not exist, and standard input', async () => {
    const other = initialWeights(source, { set: { hidden: '7' } });
    writeFileSync('other.safetensors', weightsFile(other));
    const call = (...args: string[]) => commandLine(['prune', ...args, ...good]);
    expect(await call('signs.arch', '--weights', 'other.safetensors')).toMatchObject({
      code: 1,
      err: expect.stringContaining('error[weights-shape]'),
    });
    expect(await call('signs.arch', '--weights', 'none.safetensors')).toMatchObject({
      code: 2,
      err: expect.stringContaining('cannot read none.safetensors'),
    });
    expect(await call('signs.arch', '--weights', 'signs.jsonl')).toMatchObject({
      code: 2,
      err: expect.stringContaining('error[weights-file]'),
    });
    expect(await call('signs.arch')).toMatchObject({
      code: 2,
      err: expect.stringContaining('`archc prune` needs the weights of the model'),
    });
    expect(await call('-', '--weights', 'signs.safetensors')).toMatchObject({
      code: 2,
      err: expect.stringContaining('not from standard input'),
    });
    expect(existsSync('g.safetensors')).toBe(false);
  });
});
