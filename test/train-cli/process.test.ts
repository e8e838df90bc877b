import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import process from 'node:process';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { RunRecord } from '../../src/cli/train/run-record.js';
import { digits, writePngFolder } from '../kit/digit-files.js';

/** What only a process of its own shows: signals, and the child that trains. */
const cli = resolve(import.meta.dirname, '../../dist/archc.cjs');
const common = ['cnn.arch', '--data', 'digits', '--lr', '0.001', '--threads', '1', '--augment', 'flip,crop'];
let folder = '';

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'archc-train-process-'));
  cpSync(resolve(import.meta.dirname, '../../examples/cnn/model.arch'), join(folder, 'cnn.arch'));
  writePngFolder(join(folder, 'digits'), digits(200));
  mkdirSync(join(folder, 'tmp'));
  writeFileSync(
    join(folder, 'table.arch'),
    `model Net(x: Tensor[N, 4]) -> (y: Tensor[N, 2]) { return x -> fc: Linear(2) }
train Fit for Net {
  input labels: Tensor<i64>[N]
  loss = cross_entropy(y, labels)
  optimizer sgd(lr = 0.1)
}
`,
  );
  // It takes seconds to read.
  writeFileSync(join(folder, 'large.csv'), `labels,a,b,c,d\n${'1,0.25,0.5,0.75,1.25\n'.repeat(1_500_000)}`);
});

afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

interface Ended {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

function start(args: readonly string[]): { readonly child: ChildProcess; readonly ended: Promise<Ended>; said(): string } {
  // A group of its own, to which a terminal would send Ctrl-C.
  const child = spawn(process.execPath, [cli, 'train', ...args], {
    cwd: folder,
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, TMPDIR: join(folder, 'tmp') },
  });
  let [out, err] = ['', ''];
  child.stdout?.on('data', (data) => {
    out += data;
  });
  child.stderr?.on('data', (data) => {
    err += data;
  });
  return { child, ended: new Promise((done) => child.on('close', (code) => done({ code, out, err }))), said: () => out + err };
}

function archc(...args: readonly string[]): Ended {
  const { status, stdout, stderr } = spawnSync(process.execPath, [cli, 'train', ...args], { cwd: folder });
  return { code: status, out: stdout.toString(), err: stderr.toString() };
}

async function until(holds: () => boolean): Promise<void> {
  for (let i = 0; i < 600 && !holds(); i++) await sleep(50);
  expect(holds()).toBe(true);
}

function record(run: string): RunRecord {
  return JSON.parse(readFileSync(join(folder, run, 'run.json'), 'utf8')) as RunRecord;
}

/** What a command has in the folder for temporary files. */
function temporaryFolders(): readonly string[] {
  return readdirSync(join(folder, 'tmp'));
}

/** The process that trains for `parent`. */
function childOf(parent: number): number | undefined {
  const { stdout } = spawnSync('ps', ['-A', '-o', 'pid=,ppid=,args='], { encoding: 'utf8' });
  const line = stdout.split('\n').find((row) => Number(row.trim().split(/\s+/)[1]) === parent && row.includes('train-child'));
  return line === undefined ? undefined : Number(line.trim().split(/\s+/)[0]);
}

function isAlive(pid: number): boolean {
  const { stdout } = spawnSync('ps', ['-o', 'stat=', '-p', String(pid)], { encoding: 'utf8' });
  return stdout.trim() !== '' && !stdout.trim().startsWith('Z');
}

describe('Ctrl-C', () => {
  test('writes a checkpoint from which the run continues as if it had not stopped', async () => {
    expect(archc(...common, '--epochs', '4', '-o', 'whole')).toMatchObject({ code: 0 });
    const { child, ended, said } = start([...common, '--epochs', '4', '-o', 'parts']);
    await until(() => /^ +1\/4 /m.test(said()));
    process.kill(-child.pid!, 'SIGINT');
    const { code, out, err } = await ended;
    expect(code, err).toBe(130);
    expect(err).toBe('archc: stopping after this step, with a checkpoint; Ctrl-C again ends at once\n');
    expect(out).toMatch(/stopped after step \d+; `archc train --resume parts` continues\n$/);
    expect(record('parts').history.length).toBeLessThan(4);
    const rest = archc('--resume', 'parts');
    expect(rest.code, rest.err).toBe(0);
    for (const file of ['last.safetensors', 'best.safetensors', 'best.onnx', 'curve.csv', 'curve.svg'])
      expect(readFileSync(join(folder, 'parts', file)).equals(readFileSync(join(folder, 'whole', file))), file).toBe(true);
    expect(record('parts').history).toEqual(record('whole').history);
    expect(readFileSync(join(folder, 'parts/log.txt'), 'utf8')).toMatch(/stopped after step \d+/);
  });

  test('twice ends at once, and leaves nothing running', async () => {
    const { child, ended, said } = start([...common, '--epochs', '4000', '-o', 'twice']);
    await until(() => /^ +1\/4000 /m.test(said()));
    const trainer = childOf(child.pid!)!;
    // A step that does not end.
    process.kill(trainer, 'SIGSTOP');
    child.kill('SIGINT');
    await until(() => said().includes('stopping'));
    await sleep(200);
    expect(child.exitCode).toBe(null);
    child.kill('SIGINT');
    expect((await ended).code).toBe(130);
    await until(() => !isAlive(trainer));
    const done = record('twice').history.length;
    expect(archc('--resume', 'twice', '--epochs', String(done + 1))).toMatchObject({ code: 0 });
  });

  test.each([
    ['while the data are read', 'SIGINT', 130],
    ['while the data are read', 'SIGTERM', 143],
  ] as const)('%s ends at once (%s), and leaves nothing', async (_, signal, want) => {
    const { child, ended } = start(['table.arch', '--data', 'large.csv', '--columns', 'x=a..d', '-o', 'new/reading']);
    await until(() => temporaryFolders().length > 0);
    await sleep(300);
    process.kill(-child.pid!, signal);
    const sent = performance.now();
    expect(await ended).toEqual({ code: want, out: '', err: '' });
    expect(performance.now() - sent).toBeLessThan(1500);
    expect(existsSync(join(folder, 'new'))).toBe(false);
    expect(temporaryFolders()).toEqual([]);
  });

  test('while the training is loaded ends at once, and leaves nothing new', async () => {
    expect(archc(...common, '--epochs', '1', '-o', 'base')).toMatchObject({ code: 0 });
    const before = readdirSync(join(folder, 'base')).sort();
    for (const [args, run] of [
      [[...common, '-o', 'loading'], 'loading'],
      [['--resume', 'base', '--epochs', '400'], 'base'],
    ] as const) {
      const { child, ended, said } = start(args);
      await until(() => childOf(child.pid!) !== undefined);
      // As a terminal does, in the first moments of the other process.
      process.kill(-child.pid!, 'SIGINT');
      expect(await ended, said()).toMatchObject({ code: 130, err: '' });
      expect(existsSync(join(folder, run)) ? readdirSync(join(folder, run)).sort() : []).toEqual(run === 'base' ? before : []);
    }
  });

  test('SIGTERM does the same, with its own code', async () => {
    const { child, ended, said } = start([...common, '--epochs', '400', '-o', 'term']);
    await until(() => /^ +1\/400 /m.test(said()));
    child.kill('SIGTERM');
    expect((await ended).code).toBe(143);
    expect(existsSync(join(folder, 'term/last.safetensors'))).toBe(true);
  });
});

describe('the process that trains', () => {
  test('may die: the run says so, and continues from the last checkpoint', async () => {
    const { child, ended, said } = start([...common, '--epochs', '400', '-o', 'died']);
    await until(() => /^ +1\/400 /m.test(said()));
    process.kill(childOf(child.pid!)!, 'SIGKILL');
    const { code, err } = await ended;
    expect(code).toBe(2);
    expect(err).toContain('archc: ONNX Runtime could not continue, because its worker has ended: it was ended by SIGKILL\n');
    expect(err).toContain('  = help: `archc train --resume died` continues from the last checkpoint\n');
    const done = record('died').history.length;
    expect(archc('--resume', 'died', '--epochs', String(done + 1))).toMatchObject({ code: 0 });
  });

  test('ends when the command is killed', async () => {
    const { child, ended, said } = start([...common, '--epochs', '400', '-o', 'killed']);
    await until(() => /^ +1\/400 /m.test(said()));
    const trainer = childOf(child.pid!)!;
    child.kill('SIGKILL');
    await ended;
    await until(() => !isAlive(trainer));
  });
});

describe('a run that fails before its first checkpoint', () => {
  // A limit on the size of files, as a full disk has the same effect at a place that can be chosen.
  test.skipIf(process.platform === 'win32').each([8, 16, 32, 64, 128, 256])('leaves nothing: files of at most %i KB', (limit) => {
    const command = `ulimit -f ${limit}; exec "$0" "$@"`;
    const args = ['-c', command, process.execPath, cli, 'train', ...common, '--epochs', '1', '-o', 'new/full'];
    const { status, stderr } = spawnSync('bash', args, {
      cwd: folder,
      encoding: 'utf8',
      env: { ...process.env, TMPDIR: join(folder, 'tmp') },
    });
    expect({ status, stderr }).toEqual({ status: 2, stderr: expect.stringMatching(/cannot write|EFBIG/) });
    expect(existsSync(join(folder, 'new'))).toBe(false);
    expect(temporaryFolders()).toEqual([]);
  });
});
