import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import process from 'node:process';
import { encode } from 'jpeg-js';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { RunRecord } from '../../src/cli/train/run-record.js';
import { ownerText } from '../../src/node/output-lock.js';
import { Session } from '../../src/runtime.js';
import { commandLine, type Outcome } from '../kit/command-line.js';
import {
  type Digits,
  digitArrays,
  digitLines,
  digits,
  digitTable,
  npzOf,
  pngOf,
  safetensorsOf,
  scaled,
  writePngFolder,
} from '../kit/digit-files.js';

/** The training runs in dist/train-child.js. */
const before = process.cwd();
let folder = '';
let set: Digits;

const net = `model Net(x: Tensor[N, 4]) -> (y: Tensor[N, 2]) { return x -> fc: Linear(2) }
train Fit for Net {
  input labels: Tensor<i64>[N]
  loss = cross_entropy(y, labels)
  optimizer sgd(lr = 0.1)
}
`;
const sequences = `model Tagger(ids: Tensor<i64>[N, T]) -> (logits: Tensor[N, T, 5]) { return ids -> emb: Embedding(9, 8) -> fc: Linear(5) }
train Tag for Tagger {
  input labels: Tensor<i64>[N, T]
  loss = cross_entropy(logits, labels, ignore_index = -100, axis = -1)
  optimizer adamw(lr = 0.01)
}
`;
const rows = Array.from({ length: 40 }, (_, i) => `${i % 2},${Math.sin(i)},${Math.cos(i)},${(i % 2) - 0.5},${i / 40}`);

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'archc-train-'));
  process.chdir(folder);
  const { pixels, labels } = digits(60);
  // In the order of the folders of images.
  const order = labels.map((label, row) => ({ label, row })).sort((a, b) => a.label - b.label || a.row - b.row);
  set = { count: 60, pixels: order.map(({ row }) => pixels[row] ?? new Uint8Array()), labels: order.map(({ label }) => label) };
  cpSync(resolve(import.meta.dirname, '../../examples/cnn/model.arch'), 'cnn.arch');
  writePngFolder('digits', set);
  writeFileSync('digits.npz', npzOf(digitArrays(set)));
  writeFileSync('digits.safetensors', safetensorsOf(digitArrays(set, 'pixels', 'digit')));
  writeFileSync('digits.csv', digitTable(set));
  writeFileSync('digits.jsonl', digitLines(set));
  writeFileSync('net.arch', net);
  writeFileSync('net.csv', `labels,a,b,c,d\n${rows.join('\n')}\n`);
  writeFileSync('seq.arch', sequences);
});

afterAll(() => {
  process.chdir(before);
  rmSync(folder, { recursive: true, force: true });
});

/** What the command prints fits into 80 columns. */
async function train(...args: readonly string[]): Promise<Outcome> {
  const outcome = await commandLine(['train', ...args]);
  for (const line of outcome.out.split('\n')) expect(line.length, line).toBeLessThanOrEqual(80);
  return outcome;
}

/** The rows of the table of epochs in what a run prints. */
const epochsIn = (out: string) => out.split('\n').filter((line) => /^ *\d+\/\d+ /.test(line));

const netData = ['net.arch', '--data', 'net.csv', '--columns', 'x=a..d', '--threads', '1'] as const;

/** What the command says when it refuses: its lines, each of at most 80 columns. */
async function refusal(...args: readonly string[]): Promise<string> {
  const { code, out, err } = await train(...args);
  expect({ code, out }).toEqual({ code: 2, out: '' });
  for (const line of err.trimEnd().split('\n')) expect(line.length, line).toBeLessThanOrEqual(80);
  return err;
}

describe('digits', () => {
  test('train the same from images, arrays, tables and JSON lines', async () => {
    const inputs = [
      ['digits'],
      ['digits.npz'],
      ['digits.safetensors', '--columns', 'image=pixels,labels=digit'],
      ['digits.csv', '--columns', 'image=pixel0..pixel1727,labels=digit'],
      ['digits.jsonl'],
    ];
    const common = ['cnn.arch', '--epochs', '1', '--lr', '0.001', '--threads', '1', '--quiet'];
    const checkpoints: Buffer[] = [];
    for (const [i, [data = '', ...options]] of inputs.entries()) {
      expect(await train(...common, '--data', data, ...options, '-o', `same/${i}`)).toMatchObject({ code: 0, out: '', err: '' });
      checkpoints.push(readFileSync(`same/${i}/last.safetensors`));
      expect(readFileSync(`same/${i}/curve.csv`, 'utf8')).toBe(readFileSync('same/0/curve.csv', 'utf8'));
    }
    for (const [i, checkpoint] of checkpoints.entries()) expect(checkpoint.equals(checkpoints[0]!), inputs[i]![0]).toBe(true);
  });

  test('are learned, and the best model recognizes digits that it has not seen', async () => {
    writePngFolder('many', digits(600, 7));
    const { code, out, err } = await train(
      'cnn.arch',
      '--data',
      'many',
      '--val-data',
      'digits',
      '--epochs',
      '4',
      '--lr',
      '0.002',
      '-o',
      'learned',
    );
    expect(code, err).toBe(0);
    expect(err).toBe('');
    const [first, second, ...report] = out.trimEnd().split('\n');
    expect([first, second]).toEqual(['Finetune on many: 600 rows to train, 60 rows held out, 10 classes', 'batches of 32, on cpu']);
    const lines = epochsIn(out);
    expect(report.slice(0, 5)).toEqual(['epoch     loss  accuracy  val_loss  val_accuracy       time', ...lines]);
    for (const [i, line] of lines.entries())
      expect(line).toMatch(
        new RegExp(`^  ${i + 1}/4   \\d\\.\\d{4}    [01]\\.\\d{4}    \\d\\.\\d{4}        [01]\\.\\d{4} {2,6}[\\d.]+ s(  best)?$`),
      );
    expect(report.at(-1)).toBe('wrote best.onnx, best.safetensors and last.safetensors to learned');
    expect(readdirSync('learned').sort()).toEqual([
      'best.onnx',
      'best.safetensors',
      'best.weights.safetensors',
      'curve.csv',
      'curve.svg',
      'graphs',
      'last.safetensors',
      'log.txt',
      'run.json',
    ]);
    expect(readFileSync('learned/log.txt', 'utf8')).toContain(`Z ${lines[3]}\n`);
    await using session = await Session.load(readFileSync('learned/best.onnx'));
    let right = 0;
    for (let row = 0; row < set.count; row++) {
      const logits = [
        ...((await session.run({ image: { data: scaled(set, row), shape: [1, 3, 24, 24] } })).tensor('logits').data as Float32Array),
      ];
      if (logits.indexOf(Math.max(...logits)) === set.labels[row]) right++;
    }
    const [, accuracy = ''] = /best is epoch \d: val_loss [\d.]+, val_accuracy ([\d.]+)/.exec(out) ?? [];
    expect(right / set.count).toBeCloseTo(Number(accuracy), 3);
    expect(right / set.count).toBeGreaterThan(0.8);
  });

  test('train with changes of the images', async () => {
    const options = ['--epochs', '1', '--lr', '0.001', '--augment', 'flip,crop', '--mean', '0.5', '--std', '0.5,0.5,0.5', '--resize', '28'];
    expect(await train('cnn.arch', '--data', 'digits', ...options, '-o', 'varied')).toMatchObject({ code: 0 });
  });
});

test('PNG and JPEG images may be mixed, and a model with room for more classes is noted', async () => {
  for (const name of ['cat', 'dog']) mkdirSync(join('pets', name), { recursive: true });
  for (let i = 0; i < 8; i++) {
    writeFileSync(join('pets/cat', `${i}.png`), pngOf(new Uint8Array(3 * 40 * 30).fill(20 * i), 40, 30));
    writeFileSync(
      join('pets/dog', `${i}.${i % 2 === 0 ? 'jpg' : 'JPEG'}`),
      encode({ width: 30, height: 50, data: new Uint8Array(4 * 30 * 50).fill(250) }, 90).data,
    );
  }
  writeFileSync('pets/.hidden', '');
  writeFileSync('pets/dog/notes.txt', '');
  const { code, out, err } = await train('cnn.arch', '--data', 'pets', '--lr', '0.001', '--epochs', '1', '-o', 'pets-run');
  expect(code, err).toBe(0);
  expect(out).toContain('14 rows to train, 2 rows held out, 2 classes');
  expect(out).toContain('note: the model has room for 10 classes, and the data have 2\n');
  expect(JSON.parse(readFileSync('pets-run/run.json', 'utf8'))).toMatchObject({ classes: ['cat', 'dog'] });
});

describe('a run', () => {
  test('of a file with one `train` block goes to runs/NAME, and is not overwritten', async () => {
    const { code, out, err } = await train(...netData, '--epochs', '2');
    expect(code, err).toBe(0);
    expect(out).toContain('Fit on net.csv: 36 rows to train, 4 rows held out\nbatches of 32, on cpu\n');
    expect(existsSync('runs/Fit/best.onnx')).toBe(true);
    expect(await refusal(...netData)).toBe(
      'archc: runs/Fit already has a run\n  = help: `archc train --resume runs/Fit` continues it; `-o DIR` starts another\n',
    );
    expect(await refusal('--resume', 'runs/Fit')).toBe(
      'archc: the run in runs/Fit has its 2 epochs\n  = help: `--epochs 4` continues it\n',
    );
  });

  test('with nothing held out gives the model of its end', async () => {
    const { code, out, err } = await train(...netData, '--val', '0', '--epochs', '2', '-o', 'none');
    expect({ code, err }).toEqual({ code: 0, err: '' });
    expect(out).toContain('wrote last.onnx and last.safetensors to none\n');
    expect(out).not.toContain('val_');
    expect(readdirSync('none').sort()).toEqual([
      'curve.csv',
      'curve.svg',
      'graphs',
      'last.onnx',
      'last.safetensors',
      'last.weights.safetensors',
      'log.txt',
      'run.json',
    ]);
    expect(await refusal(...netData, '--val', '0', '--patience', '2', '-o', 'none2')).toBe(
      'archc: `--patience` needs held-out rows\n  = help: leave out `--val 0`\n',
    );
  });

  test('stops early', async () => {
    writeFileSync('val.csv', 'labels,a,b,c,d\n1,0,0,0,0\n0,0,0,0,0\n');
    const { code, out, err } = await train(...netData, '--val-data', 'val.csv', '--epochs', '300', '--patience', '3', '-o', 'early');
    expect(code, err).toBe(0);
    expect(out).toContain('stopped early: the held-out loss has not fallen for 3 epochs\n');
    const best = Number(/best is epoch (\d+)/.exec(out)?.[1]);
    expect(readFileSync('early/curve.csv', 'utf8').trim().split('\n')).toHaveLength(1 + best + 3);
  });

  test('continues with more epochs like one that had them from the beginning', async () => {
    expect(await train(...netData, '--epochs', '5', '-o', 'whole')).toMatchObject({ code: 0 });
    expect(await train(...netData, '--epochs', '2', '-o', 'parts')).toMatchObject({ code: 0 });
    const { code, out, err } = await train('--resume', 'parts', '--epochs', '5');
    expect(code, err).toBe(0);
    expect(epochsIn(out)[0]).toMatch(/^ {2}3\/5 /);
    expect(out).toContain('from step 4 on\n');
    for (const file of ['last.safetensors', 'best.safetensors', 'best.onnx', 'curve.csv', 'curve.svg'])
      expect(readFileSync(join('parts', file)).equals(readFileSync(join('whole', file))), file).toBe(true);
  });

  test('has the learning rate of each epoch in its table, wherever it is computed', async () => {
    for (const [rate, want] of [
      ['linear(0.4, steps = 6, end = 0.25)', [0.35, 0.25, 0.15]],
      ['warmup_cosine(1.0, warmup = 2, steps = 6)', [0.5, 0.5 + Math.SQRT1_2 / 2, 0.5 - Math.SQRT1_2 / 2]],
      ['0.25', [0.25, 0.25, 0.25]],
    ] as const) {
      writeFileSync('rates.arch', net.replace('lr = 0.1', `lr = ${rate}`));
      const name = `rates/${rate.split('(')[0]}`;
      const options = ['--data', 'net.csv', '--columns', 'x=a..d', '--epochs', '3', '-o', name];
      expect(await train('rates.arch', ...options)).toMatchObject({ code: 0 });
      const [head = '', ...lines] = readFileSync(`${name}/curve.csv`, 'utf8').trim().split('\n');
      const rates = lines.map((line) => Number(line.split(',')[head.split(',').indexOf('lr')]));
      // Two steps in each epoch, the last of which counts.
      for (const [i, value] of want.entries()) expect(rates[i]).toBeCloseTo(value, 12);
    }
  });

  test('continues after a crash between run.json and the checkpoint', async () => {
    cpSync('parts', 'crashed', { recursive: true });
    expect(await train('--resume', 'crashed', '--epochs', '6')).toMatchObject({ code: 0 });
    cpSync('parts/last.safetensors', 'crashed/last.safetensors');
    const { code, out } = await train('--resume', 'crashed', '--epochs', '7');
    expect({ code, first: epochsIn(out)[0]?.slice(0, 5) }).toEqual({ code: 0, first: '  6/7' });
    expect(await train(...netData, '--epochs', '7', '-o', 'seven')).toMatchObject({ code: 0 });
    expect(readFileSync('crashed/last.safetensors').equals(readFileSync('seven/last.safetensors'))).toBe(true);
    expect(readFileSync('crashed/curve.csv', 'utf8')).toBe(readFileSync('seven/curve.csv', 'utf8'));
  });

  test('continues from another folder', async () => {
    mkdirSync('elsewhere');
    process.chdir('elsewhere');
    try {
      expect(await train('--resume', '../parts', '--epochs', '6')).toMatchObject({ code: 0, out: expect.stringMatching(/^ {2}6\/6/m) });
    } finally {
      process.chdir(folder);
    }
  });

  test('calls its data the same when it continues', async () => {
    mkdirSync('data');
    cpSync('net.csv', 'data/1.csv');
    for (const [i, path] of ['data', './data/', '.', join(folder, 'data')].entries()) {
      const place = path === '.' ? join(folder, 'data') : folder;
      const model = join(folder, 'net.arch');
      process.chdir(place);
      try {
        const run = join(folder, `called${i}`);
        expect(await commandLine(['train', model, '--data', path, '--columns', 'x=a..d', '--epochs', '1', '-q', '-o', run])).toMatchObject({
          code: 0,
        });
        const { code, out, err } = await commandLine(['train', '--resume', run, '--epochs', '2']);
        expect(code, err).toBe(0);
        expect(out).toContain(`Fit on ${path === '.' ? '.' : 'data'}: 36 rows to train`);
      } finally {
        process.chdir(folder);
      }
    }
    expect(JSON.parse(readFileSync('called0/run.json', 'utf8')).options.data).toEqual([resolve('data')]);
  });

  test('that saved nothing starts again', async () => {
    cpSync('parts', 'early-crash', { recursive: true });
    rmSync('early-crash/last.safetensors');
    const record = JSON.parse(readFileSync('parts/run.json', 'utf8'));
    writeFileSync('early-crash/run.json', JSON.stringify({ ...record, history: [] }));
    expect(epochsIn((await train('--resume', 'early-crash', '--epochs', '7')).out)[0]).toMatch(/^ {2}1\/7 /);
  });

  test('whose checkpoint is missing does not begin again without a word', async () => {
    cpSync('parts', 'lost', { recursive: true });
    rmSync('lost/last.safetensors');
    const before = readFileSync('lost/run.json', 'utf8');
    expect(await refusal('--resume', 'lost', '--epochs', '9')).toBe(
      'archc: the run in lost cannot continue: last.safetensors is missing\n  = help: `--weights lost/best.safetensors` starts another from the best epoch\n',
    );
    rmSync('lost/best.safetensors');
    expect(await refusal('--resume', 'lost', '--epochs', '9')).toContain(
      '  = help: put it back, or start another run; `-o DIR` names its folder\n',
    );
    expect(readFileSync('lost/run.json', 'utf8')).toBe(before);
    expect(existsSync('lost/run.lock')).toBe(false);
  });

  test('names only files that are there', async () => {
    // Without steps, no later epoch is better.
    writeFileSync('flat.arch', net.replace('0.1', '0.0'));
    const data = ['--data', 'net.csv', '--columns', 'x=a..d', '--val-data', 'net.csv'];
    expect(await train('flat.arch', ...data, '--epochs', '1', '-o', 'flat')).toMatchObject({ code: 0 });
    rmSync('flat/best.onnx');
    const { code, out, err } = await train('--resume', 'flat', '--epochs', '2');
    expect(code, err).toBe(0);
    expect(out).toContain(
      'note: best.onnx of an earlier epoch is missing from flat\nwrote best.safetensors and last.safetensors to flat\n',
    );
  });

  test('holds out rows from the model that it exports: with `ema`, that of the averages', async () => {
    writeFileSync('ema.arch', net.replace('optimizer sgd(lr = 0.1)', 'ema 0.9\n  optimizer sgd(lr = 2.0)'));
    const options = ['--data', 'net.csv', '--columns', 'x=a..d', '--val-data', 'net.csv', '--threads', '1', '--epochs', '6'];
    const { code, out, err } = await train('ema.arch', ...options, '-o', 'averaged');
    expect(code, err).toBe(0);
    expect(out).toContain('note: val_loss is that of the moving average of the weights, as in best.onnx\n');
    const losses = readFileSync('averaged/curve.csv', 'utf8')
      .trim()
      .split('\n')
      .slice(1)
      .map((line) => line.split(',').at(-1));
    const best = Math.min(...losses.map(Number));
    await using session = await Session.load(readFileSync('averaged/best.onnx'));
    const { data } = (await session.run({ x: rows.map((row) => row.split(',').slice(1).map(Number)) })).tensor('y');
    const lossOf = (row: string, i: number) => {
      const logits = [...(data as Float32Array).subarray(2 * i, 2 * i + 2)];
      return Math.log(logits.reduce((sum, value) => sum + Math.exp(value), 0)) - logits[Number(row[0])]!;
    };
    // The loss is a mean of floats.
    expect(rows.reduce((sum, row, i) => sum + lossOf(row, i), 0) / rows.length).toBeCloseTo(best, 6);
  });

  test('takes rows of different lengths', async () => {
    const line = (i: number) =>
      JSON.stringify({
        ids: Array.from({ length: 1 + (i % 4) }, (_, k) => (i + k) % 9),
        labels: Array.from({ length: 1 + (i % 4) }, (_, k) => (i + k) % 5),
      });
    writeFileSync('seq.jsonl', `${Array.from({ length: 30 }, (_, i) => line(i)).join('\n')}\n`);
    const { code, out, err } = await train(
      'seq.arch',
      '--data',
      'seq.jsonl',
      '--pad',
      'ids=0,labels=-100',
      '--batch-size',
      '7',
      '--epochs',
      '2',
    );
    expect(code, err).toBe(0);
    expect(out).toMatch(/val_loss +time$/m);
    expect(await refusal('seq.arch', '--data', 'seq.jsonl', '-o', 'seq')).toBe(
      'archc: seq.jsonl:2: `ids` has [2], and the rows before have [1]\n  = help: `--pad ids=0` fills shorter rows up to [T]\n',
    );
  });

  test('evaluates exactly, by the weights of the loss', async () => {
    // Tokens count, not batches: with one batch or several, the mean over held-out rows is the same.
    const results: number[][] = [];
    for (const [i, size] of ['3', '30'].entries()) {
      const options = [
        '--pad',
        'ids=0,labels=-100',
        '--batch-size',
        size,
        '--val-data',
        'seq.jsonl',
        '--epochs',
        '1',
        '--set-from',
        'none.json',
      ];
      writeFileSync('none.json', '{}');
      writeFileSync('still.arch', sequences.replace('0.01', '0.0'));
      expect(await train('still.arch', '--data', 'seq.jsonl', ...options, '-o', `exact${i}`)).toMatchObject({ code: 0 });
      results.push(readFileSync(`exact${i}/curve.csv`, 'utf8').split('\n')[1]!.split(',').slice(4).map(Number));
    }
    expect(results[0]![0]).toBeCloseTo(results[1]![0]!, 6);
  });

  test('takes the files of a folder together', async () => {
    mkdirSync('shards');
    writeFileSync('shards/1.csv', `labels,a,b,c,d\n${rows.slice(0, 25).join('\n')}\n`);
    writeFileSync(
      'shards/2.csv',
      `a,b,c,d,labels\n${rows
        .slice(25)
        .map((row) => [...row.split(',').slice(1), row.split(',')[0]].join(','))
        .join('\n')}\n`,
    );
    expect(
      await train('net.arch', '--data', 'shards', '--columns', 'x=a..d', '--threads', '1', '--epochs', '2', '-o', 'sharded'),
    ).toMatchObject({ code: 0 });
    expect(readFileSync('sharded/last.safetensors').equals(readFileSync('runs/Fit/last.safetensors'))).toBe(true);
  });

  test('of a model with fixed batches leaves out what does not fill one', async () => {
    writeFileSync('fixed.arch', net.replaceAll('N', '7').replaceAll('7et', 'Net'));
    const { code, out, err } = await train(
      'fixed.arch',
      '--data',
      'net.csv',
      '--columns',
      'x=a..d',
      '--val',
      '0.25',
      '--epochs',
      '1',
      '-o',
      'fixed',
    );
    expect(code, err).toBe(0);
    expect(out).toContain('30 rows to train, 10 rows held out\nbatches of 7, on cpu\n');
    expect(out).toContain('note: 3 held-out rows left out: the model takes batches of 7\n');
    expect(await refusal('fixed.arch', '--data', 'net.csv', '--columns', 'x=a..d', '--batch-size', '8', '-o', 'f')).toBe(
      'archc: `--batch-size 8`: the model takes 7 rows at once\n',
    );
  });

  test('shows its progress on a terminal', async () => {
    const { code, err } = await commandLine(['train', ...netData, '--epochs', '1', '-o', 'shown'], { isTerminal: true, columns: 80 });
    expect(code).toBe(0);
    expect(err).toMatch(/archc: epoch 1\/1 {2}step 1\/2 {2}loss [\d.]+ {2}[\d.]+ s left {2}\d+ rows\/s {2}lr 0.1/);
  });

  test('in f16 reports which steps overflowed, and continues as if it had not stopped', async () => {
    writeFileSync('half.arch', net.replace('optimizer', 'precision f16\n  optimizer'));
    // One row is too large for f16, so that a step of each epoch is skipped.
    writeFileSync('outlier.csv', `labels,a,b,c,d\n${rows.join('\n')}\n1,1e30,0,0,0\n`);
    const data = ['half.arch', '--data', 'outlier.csv', '--columns', 'x=a..d', '--val-data', 'net.csv', '--batch-size', '8'];
    const { code, out, err } = await train(...data, '--epochs', '3', '-o', 'half-whole');
    expect(code, err).toBe(0);
    expect(out).toContain('note: 3 of 18 steps overflowed f16 and were skipped; the loss scale is 8192 now\n');
    expect(await train(...data, '--epochs', '1', '-o', 'half-parts')).toMatchObject({ code: 0 });
    const rest = await train('--resume', 'half-parts', '--epochs', '3');
    expect(rest.out).toContain('from step 6 on\n');
    for (const file of ['last.safetensors', 'best.onnx', 'curve.csv'])
      expect(readFileSync(join('half-parts', file)).equals(readFileSync(join('half-whole', file))), file).toBe(true);
  });

  test('ends where the loss is not a number, with the weights from before', async () => {
    writeFileSync('nan.arch', net.replace('cross_entropy(y, labels)', 'mean(log(y - 1000.0)) + cross_entropy(y, labels)'));
    const { code, err } = await train('nan.arch', '--data', 'net.csv', '--columns', 'x=a..d', '-o', 'nan');
    expect(code).toBe(1);
    expect(err).toContain('archc: the loss of step 1 is NaN; the weights are as they were before it.');
    // There is nothing to continue from.
    expect(existsSync('nan')).toBe(false);
  });
});

describe('mistakes', () => {
  test('in the model are reported as by a build', async () => {
    writeFileSync('wrong.arch', net.replace('cross_entropy(y, labels)', 'cross_entropy(z, labels)'));
    const { code, err } = await train('wrong.arch', '--data', 'net.csv', '-o', 'wrong-run');
    expect({ code, err }).toEqual({ code: 1, err: expect.stringContaining('error[unknown-name]') });
    expect(existsSync('wrong-run')).toBe(false);
  });

  test.each([
    ['no data', ['net.arch'], 'archc: `archc train` needs data\n'],
    ['no file', [], 'archc: `archc train` needs a file: there is no archc.json here or above\n'],
    ['standard input', ['-', '--data', 'net.csv'], 'archc: `archc train` needs a file, not standard input\n'],
    ['data that do not exist', ['net.arch', '--data', 'x.csv'], 'archc: cannot read x.csv: there is no such file or folder\n'],
    ['data of another kind', ['net.arch', '--data', 'net.arch'], 'archc: cannot read net.arch: it is not a data file\n'],
    ['an empty folder', ['net.arch', '--data', 'empty'], 'archc: empty has no data\n'],
    ['an unknown column', ['net.arch', '--data', 'net.csv'], 'archc: net.csv has no column `x`\n'],
    ['an unknown input', [...netData, '--columns', 'y=a'], 'archc: `--columns`: the training has no input `y`\n'],
    [
      'a learning rate that is missing',
      ['cnn.arch', '--data', 'digits'],
      'archc: `Finetune` takes its learning rate from outside: give `--lr`\n',
    ],
    ['a learning rate that is not wanted', [...netData, '--lr', '1'], 'archc: `--lr`: `Fit` computes its learning rate itself\n'],
    ...['fast', '-1', '0x10', '1e39', '1e999', 'Infinity'].map(
      (rate) =>
        [
          `a learning rate ${rate}`,
          ['cnn.arch', '--data', 'digits', '--lr', rate],
          `archc: \`--lr\` needs a number from 0, such as 0.001, not \`${rate}\`\n`,
        ] as [string, string[], string],
    ),
    ['a number that is not decimal', [...netData, '--val', '0x0'], 'archc: `--val` needs a number, not `0x0`\n'],
    ['a share', [...netData, '--val', '1'], 'archc: `--val` must be a share of the rows: at least 0 and below 1\n'],
    ['a negative share', [...netData, '--val', '-0.1'], 'archc: `--val` must be a share of the rows: at least 0 and below 1\n'],
    ['held-out rows twice', [...netData, '--val', '0.1', '--val-data', 'net.csv'], 'archc: `--val` and `--val-data` exclude each other\n'],
    ['padding of an unknown input', [...netData, '--pad', 'y=0'], 'archc: `--pad`: the training has no input `y`\n'],
    ['images that are none', [...netData, '--mean', '0.5'], 'archc: `--mean` is for folders of images, and net.csv is none\n'],
    ['an unknown change', [...netData, '--augment', 'turn'], 'archc: `--augment` cannot be `turn`\n'],
    ['a size', [...netData, '--resize', '20x'], 'archc: `--resize` cannot be `20x`\n'],
    [
      'a provider',
      [...netData, '--provider', 'cuda'],
      'archc: `archc train --provider` cannot be `cuda`\n  = help: it is one of cpu, webgpu\n',
    ],
    [
      'an unknown provider',
      [...netData, '--provider', 'gpu'],
      'archc: `archc train --provider` cannot be `gpu`\n  = help: did you mean `cpu`? It is one of cpu, webgpu\n',
    ],
    [
      'standard output',
      [...netData, '-o', '-'],
      'archc: `archc train` writes a folder, not to standard output\n  = help: `-o DIR` names it\n',
    ],
    [
      'no rows',
      [...netData, '--data', 'few.csv', '--val', '0.9'].filter((word) => word !== 'net.csv').toSpliced(1, 1),
      'archc: few.csv has 0 rows to train, too few for a step\n  = help: the training takes 1 batch at once\n',
    ],
    ['no run', ['--resume', 'empty'], 'archc: empty has no run: it has no run.json\n'],
    ['a block that is not there', ['plain.arch', '--data', 'net.csv'], 'archc: plain.arch has no `train` block\n'],
    ['several blocks', ['two.arch', '--data', 'net.csv'], 'archc: two.arch has several `train` blocks\n'],
    [
      'columns of images',
      ['cnn.arch', '--lr', '1', '--data', 'digits', '--columns', 'image=a'],
      'archc: `--columns` has no effect on a folder of images\n',
    ],
    [
      'images for a model without one',
      ['net.arch', '--data', 'digits'],
      'archc: images need inputs [N, 3, H, W] and i64 [N], for image and class\n',
    ],
    ['too few rows', ['fixed.arch', '--data', 'few.csv', '--columns', 'x=a..d'], 'archc: few.csv has 1 row to train, too few for a step\n'],
    ['an empty class', ['cnn.arch', '--lr', '1', '--data', 'hollow'], 'archc: the class hollow/b is empty: it has no PNG or JPEG images\n'],
    ['other images', ['cnn.arch', '--lr', '1', '--data', 'other'], 'archc: other/a/1.webp: only PNG and JPEG images are read\n'],
    [
      'too many classes',
      ['cnn.arch', '--set', 'classes=3', '--lr', '1', '--data', 'digits'],
      'archc: there are 10 classes, and `logits` has room for 3\n',
    ],
    [
      'a class that training does not have',
      ['cnn.arch', '--lr', '1', '--data', 'digits', '--val-data', 'wrong'],
      'archc: wrong/x: the training data have no class `x`\n',
    ],
    [
      'a value outside the type',
      ['net.arch', '--data', 'fraction.csv', '--columns', 'x=a..d'],
      'archc: fraction.csv:3: `labels` is i64, but it is 0.5\n',
    ],
  ])('%s', async (name, args, message) => {
    mkdirSync('empty', { recursive: true });
    writeFileSync('fixed.arch', net.replaceAll('N', '7').replaceAll('7et', 'Net'));
    writeFileSync('plain.arch', net.split('train')[0]!);
    writeFileSync('two.arch', `${net}${net.slice(net.indexOf('train')).replace('Fit', 'Other')}`);
    writeFileSync('few.csv', `labels,a,b,c,d\n${rows.slice(0, 2).join('\n')}\n`);
    writeFileSync('fraction.csv', 'labels,a,b,c,d\n1,1,2,3,4\n0.5,1,2,3,4\n');
    for (const [place, file] of [
      ['hollow/a', '1.png'],
      ['hollow/b', 'notes.txt'],
      ['other/a', '1.webp'],
      ['wrong/x', '1.png'],
    ] as const) {
      mkdirSync(place, { recursive: true });
      writeFileSync(join(place, file), pngOf(new Uint8Array(12), 2, 2));
    }
    const output = args[0] === '--resume' || args.includes('-o') || name === 'no file' ? [] : ['-o', 'refused'];
    expect(await refusal(...args, ...output)).toSatisfy((text: string) => text.startsWith(message), message);
    expect(existsSync('refused')).toBe(false);
  });

  test('an image that cannot be read ends the run with a checkpoint', async () => {
    cpSync('digits', 'broken', { recursive: true });
    const [first = ''] = readdirSync('broken/4');
    writeFileSync(join('broken/4', first), 'no image');
    const { code, err } = await train(
      'cnn.arch',
      '--data',
      'broken',
      '--lr',
      '0.001',
      '--epochs',
      '2',
      '--threads',
      '1',
      '--val',
      '0',
      '-o',
      'mended',
    );
    expect({ code, err }).toEqual({
      code: 2,
      err: expect.stringContaining(`archc: broken/4/${first} is neither a PNG nor a JPEG image\n`),
    });
    cpSync(join('digits/4', first), join('broken/4', first));
    expect(await train('--resume', 'mended')).toMatchObject({
      code: 0,
      out: expect.stringContaining('note: some images have other sizes in bytes than those that the run began with\n'),
    });
    expect(
      await train('cnn.arch', '--data', 'digits', '--lr', '0.001', '--epochs', '2', '--threads', '1', '--val', '0', '-o', 'sound'),
    ).toMatchObject({ code: 0 });
    expect(readFileSync('mended/last.safetensors').equals(readFileSync('sound/last.safetensors'))).toBe(true);
  });

  test('options that cannot change when a run continues', async () => {
    expect(await refusal('--resume', 'parts', '--batch-size', '8')).toContain(
      'archc: `--batch-size` was not given when the run in parts began\n',
    );
    expect(await refusal('--resume', 'parts', '--columns', 'x=a')).toContain(
      'archc: `--columns` was `x=a..d` when the run in parts began\n',
    );
    expect(await refusal('net.arch', '--resume', 'parts')).toBe(
      'archc: `--resume` takes no file: a run continues with its own graphs\n  = help: `archc train net.arch --weights parts/last.safetensors` starts another\n',
    );
    expect(await refusal('--resume', 'parts', '-o', 'x')).toContain('archc: `--output` and `--resume` exclude each other\n');
    writeFileSync('longer.csv', `${readFileSync('net.csv', 'utf8')}${rows[0]}\n`);
    expect(await refusal('--resume', 'parts', '--epochs', '9', '--data', 'longer.csv')).toContain(
      'archc: the data are not those that the run in parts began with\n',
    );
  });

  test('data whose values have changed, in files of the same size', async () => {
    writeFileSync('edited.csv', readFileSync('net.csv'));
    const options = ['net.arch', '--data', 'edited.csv', '--columns', 'x=a..d', '--val-data', 'net.csv', '--epochs', '1'];
    expect(await train(...options, '-o', 'edited')).toMatchObject({ code: 0 });
    writeFileSync('edited.csv', readFileSync('net.csv', 'utf8').replace('\n0,', '\n1,'));
    expect(await refusal('--resume', 'edited', '--epochs', '2')).toContain(
      'archc: the data are not those that the run in edited began with\n',
    );
    // The same contents under another name.
    expect(await train('--resume', 'edited', '--epochs', '2', '--data', 'net.csv')).toMatchObject({ code: 0 });
  });

  test('a folder that another process trains in; a dead one does not count', async () => {
    cpSync('parts', 'shared', { recursive: true });
    // What this process is to others: a process that is alive.
    writeFileSync('shared/run.lock', ownerText().replace(String(process.pid), String(process.ppid)));
    const message = `archc: process ${process.ppid} is training in shared\n  = help: if it is not, remove shared/run.lock\n`;
    expect(await refusal('--resume', 'shared', '--epochs', '9')).toBe(message);
    expect(existsSync('shared/run.lock')).toBe(true);
    mkdirSync('begun');
    cpSync('shared/run.lock', 'begun/run.lock');
    expect(await refusal(...netData, '-o', 'begun')).toBe(message.replaceAll('shared', 'begun'));
    expect(readdirSync('begun')).toEqual(['run.lock']);
    const dead = spawnSync(process.execPath, ['-e', '']).pid;
    writeFileSync('shared/run.lock', ownerText().replace(String(process.pid), String(dead)));
    expect(await train('--resume', 'shared', '--epochs', '9')).toMatchObject({ code: 0 });
    expect(existsSync('shared/run.lock')).toBe(false);
  });

  test('a file that a run would replace', async () => {
    mkdirSync('mine');
    writeFileSync('mine/best.onnx', 'mine');
    expect(await refusal(...netData, '-o', 'mine')).toBe(
      'archc: mine already has `best.onnx`, which a run would replace\n  = help: `-o DIR` names another folder\n',
    );
    expect(readFileSync('mine/best.onnx', 'utf8')).toBe('mine');
  });

  test.each([
    [(record) => ({ ...record, history: [{ ...record.history[0], step: 'two' }] }), '`history[0].step` is not a whole number from 0'],
    [(record) => ({ ...record, history: [{ ...record.history[0], train: [] }] }), '`history[0].train` is not an object'],
    [(record) => ({ ...record, history: [null] }), '`history[0]` is not an object'],
    [(record) => ({ ...record, history: {} }), '`history` is not a list'],
    [(record) => ({ ...record, partial: [{ step: 1, rows: 1, sums: {}, trace: [1] }] }), '`partial[0].trace[0]` is not a list'],
    [(record) => ({ ...record, fingerprints: [1] }), '`fingerprints[0]` is not an object'],
    [(record) => ({ ...record, rows: { train: null, heldOut: 0 } }), '`rows.train` is not a whole number from 0'],
    [(record) => ({ ...record, manifest: undefined }), '`manifest` is missing'],
    [(record) => ({ ...record, classes: 3 }), '`classes` is not a list'],
    [(record) => ({ ...record, options: { ...record.options, epochs: [5] } }), '`options.epochs[0]` is not a text'],
    [
      (record) => ({ ...record, options: { ...record.options, epochs: ['x'] } }),
      '`options.epochs` cannot be: `--epochs` needs a whole number from 1, not `x`',
    ],
    [(record) => ({ ...record, options: { ...record.options, speed: [] } }), '`options.speed` is not an option'],
    [() => [], 'it has no `version`'],
    [() => ({ version: 'one' }), '`version` is not 1'],
  ] as [(record: RunRecord) => unknown, string][])('a run.json that is damaged: %#', async (damage, message) => {
    mkdirSync('damaged', { recursive: true });
    writeFileSync('damaged/run.json', JSON.stringify(damage(JSON.parse(readFileSync('parts/run.json', 'utf8')) as RunRecord)));
    const { code, err } = await train('--resume', 'damaged', '--epochs', '9');
    expect({ code, err }).toEqual({ code: 2, err: `archc: cannot read damaged/run.json: it is damaged: ${message}\n` });
    expect(readdirSync('damaged')).toEqual(['run.json']);
  });

  test('a run.json that archc has not written', async () => {
    mkdirSync('odd', { recursive: true });
    writeFileSync('odd/run.json', '{');
    expect(await refusal('--resume', 'odd')).toBe('archc: cannot read odd/run.json: it is not JSON\n');
    writeFileSync('odd/run.json', '{"version": 2}');
    expect(await refusal('--resume', 'odd')).toBe('archc: cannot read odd/run.json: its version is 2, and archc 0.1.0 knows 1\n');
    writeFileSync('odd/run.json', '{"version": 1, "options": {}}');
    expect(await refusal('--resume', 'odd')).toBe('archc: cannot read odd/run.json: it is damaged: `archc` is missing\n');
  });
});
