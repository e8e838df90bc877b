import { spawn, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import process from 'node:process';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { encodeModel, joinChunks } from '../../src/6-emit/onnx/encode.js';
import { attributeType } from '../../src/6-emit/onnx/proto.js';

/** What only a process of its own shows: pipes, signals, the child that runs models. */
const cli = resolve(import.meta.dirname, '../../dist/archc.cjs');
const model = (layer: string): string =>
  `import { act } from "./act.arch"\n\nmodel M(x: Tensor[N, 8]) -> (y: Tensor[N, 8]) {\n  return x -> ${layer} -> act\n}\n`;

let folder = '';

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'archc-process-'));
  writeFileSync(join(folder, 'act.arch'), 'fn act(x: Tensor[*S]) -> Tensor[*S] { return relu(x) }\n');
  writeFileSync(join(folder, 'm.arch'), model('fc: Linear(8)'));
});

afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

function archc(args: readonly string[], input = ''): { readonly code: number | null; readonly out: Buffer; readonly err: string } {
  const { status, stdout, stderr } = spawnSync(process.execPath, [cli, ...args], { cwd: folder, input });
  return { code: status, out: stdout, err: stderr.toString() };
}

/** The process that `parent` has started, if it has. */
function childOf(parent: number): number | undefined {
  const { stdout } = spawnSync('ps', ['-A', '-o', 'pid=,ppid='], { encoding: 'utf8' });
  const line = stdout.split('\n').find((row) => Number(row.trim().split(/\s+/)[1]) === parent);
  return line === undefined ? undefined : Number(line.trim().split(/\s+/)[0]);
}

function isAlive(pid: number): boolean {
  const { stdout } = spawnSync('ps', ['-o', 'stat=', '-p', String(pid)], { encoding: 'utf8' });
  // A dead process that nobody has asked for yet is a zombie.
  return stdout.trim() !== '' && !stdout.trim().startsWith('Z');
}

describe('archc as a process', () => {
  test('compiles from standard input to standard output', () => {
    const text = readFileSync(join(folder, 'm.arch'), 'utf8');
    const { code, out, err } = archc(['-', '-o', '-'], text);
    expect({ code, err }).toMatchObject({ code: 0, err: expect.stringMatching(/^<stdout>: /) });
    archc(['m.arch', '-o', 'file.onnx']);
    // The name of the source differs, and with it the hash and the places in the metadata; the weights do not.
    expect(Math.abs(out.length - readFileSync(join(folder, 'file.onnx')).length)).toBeLessThan(200);
    expect(archc(['inspect', 'file.onnx']).out.toString()).toContain('Relu');
  });

  test('names standard input in messages', () => {
    expect(archc(['check', '-'], 'model M(x: Tensor[N]) -> (y: Tensor[N]) {\n  return z\n}\n').err).toContain('--> <stdin>:2:10');
  });

  test('formats standard input to standard output', () => {
    expect(archc(['fmt', '-'], 'let   x=1').out.toString()).toBe('let x = 1\n');
  });

  test('ends quietly when its reader goes away', async () => {
    const child = spawn('sh', ['-c', `"${process.execPath}" "${cli}" explain | head -n 1`], { cwd: folder });
    let err = '';
    child.stderr.on('data', (data) => {
      err += data;
    });
    const code = await new Promise((done) => child.on('close', done));
    expect({ code, err }).toEqual({ code: 0, err: '' });
  });

  test('an output that cannot be written is a message, and a reader that goes away hides no mistake', () => {
    const shell = (line: string) => spawnSync('bash', ['-c', `archc() { "${process.execPath}" "${cli}" "$@"; }; ${line}`], { cwd: folder });
    const { status, stderr } = shell('archc explain > /dev/full');
    expect({ status, err: stderr.toString() }).toEqual({
      status: 2,
      err: 'archc: cannot write standard output: there is no space left on the disk\n',
    });
    writeFileSync(join(folder, 'wrong.arch'), 'model M(x: Tensor[N]) -> (y: Tensor[N]) {\n  return z\n}\n');
    expect(shell('set -o pipefail; archc check wrong.arch --format json | head -n 1').status).toBe(1);
    expect(shell('archc check - < .')).toMatchObject({ status: 2 });
  });

  test('runs a model on ONNX Runtime', () => {
    const { code, out, err } = archc(['run', 'm.arch', '--bind', 'N=3', '--runs', '3', '--save-outputs', 'outputs']);
    expect(code, err).toBe(0);
    expect(out.toString()).toMatch(/^y {2}f32 {2}\[3, 8\] {2}min /);
    expect(err).toMatch(/input x: f32 \[3, 8\]\nlatency [\d.]+ ms \(median of 3, [\d.]+ to [\d.]+\) on cpu/);
    expect(readFileSync(join(folder, 'outputs/y.npy')).length).toBe(128 + 3 * 8 * 4);
    expect(archc(['run', 'm.arch', '--input', 'x=outputs/y.npy']).out.toString()).toContain('[3, 8]');
  });

  test('runs a model with inputs and outputs of f16', () => {
    const { code, out, err } = archc(['run', 'm.arch', '--dtype', 'f16', '--bind', 'N=3']);
    expect(code, err).toBe(0);
    expect(err).toContain('input x: f16 [3, 8]');
    expect(out.toString()).toMatch(/^y {2}f16 {2}\[3, 8\] {2}min /);
  });

  test('sizes that break what was left open are refused before the runtime is called', () => {
    // ONNX Runtime would run this pooling on images that are smaller than its window.
    writeFileSync(join(folder, 'pool.arch'), 'model M(x: Tensor[N, 3, H, H]) -> (y: Tensor[N, 3, A, A]) { return x -> max_pool2d(7) }\n');
    archc(['pool.arch', '-o', 'pool.onnx']);
    const small = archc(['run', 'pool.arch', '--bind', 'H=6']);
    expect(small).toMatchObject({ code: 1, err: expect.stringContaining('error[shape-mismatch]') });
    expect(small.err).toContain('[4, 3, 6, 6] in this run');
    const file = archc(['run', 'pool.onnx', '--bind', 'H=6']);
    expect(file).toMatchObject({ code: 1, err: expect.stringContaining('the model needs H >= 7, which does not hold for H = 6') });
    // Sizes that nobody gave are chosen so that all holds.
    expect(archc(['run', 'pool.arch'])).toMatchObject({ code: 0, err: expect.stringContaining('input x: f32 [8, 3, 8, 8]') });
    expect(archc(['run', 'pool.onnx'])).toMatchObject({ code: 0, err: expect.stringContaining('input x: f32 [8, 3, 8, 8]') });
  });

  test('names of --bind have to be sizes of the model, and sizes at least 1', () => {
    expect(archc(['run', 'm.arch', '--bind', 'M=2'])).toMatchObject({ code: 2, err: expect.stringContaining('error[unknown-size]') });
    expect(archc(['run', 'm.arch', '--bind', 'N=0'])).toMatchObject({ code: 1, err: expect.stringContaining('the model needs N >= 1') });
    archc(['m.arch', '-o', 'bound.onnx']);
    expect(archc(['run', 'bound.onnx', '--bind', 'M=2'])).toMatchObject({
      code: 2,
      err: 'archc: the model has no size `M`\n  = help: it has N\n',
    });
  });

  test('a name of --entry has to be an entry of the model', () => {
    const wrong = `error[unknown-entry]: \`M\` has no entry \`forwards\`
  --> --entry:1:9
1 | --entry forwards
  |         ^^^^^^^^ not an entry
  = help: did you mean \`forward\`?
`;
    for (const command of ['build', 'run', 'cost'])
      expect(archc([command, 'm.arch', '--entry', 'forwards'])).toMatchObject({ code: 2, err: expect.stringContaining(wrong) });
  });

  test('what has no effect is refused', () => {
    archc(['m.arch', '-o', 'built.onnx']);
    expect(archc(['run', 'built.onnx', '--dtype', 'f16'])).toMatchObject({
      code: 2,
      err: expect.stringContaining('`--dtype` has no effect on an ONNX file'),
    });
    expect(archc(['m.arch', '--map', 'a=b'])).toMatchObject({ code: 2, err: 'archc: `--map` is of use with `--weights` only\n' });
    expect(archc(['check', 'built.onnx'])).toMatchObject({ code: 2, err: expect.stringContaining('built.onnx is not a source file') });
    expect(archc(['run', 'm.arch', '-i', 'x=m.arch'])).toMatchObject({
      code: 2,
      err: expect.stringContaining('a .npy, .safetensors or .json file'),
    });
    expect(archc(['m.arch', '--weights', 'none.safetensors'])).toMatchObject({
      code: 2,
      err: 'archc: cannot read none.safetensors: there is no such file or folder\n',
    });
  });

  test('what --set says is a value, and --deny-warnings keeps the old model', () => {
    writeFileSync(
      join(folder, 'set.arch'),
      'model M(mode = "a")(x: Tensor[N]) -> (y: Tensor[N]) { return if mode == "a" { x * 2 } else { x * 3 } }\n',
    );
    expect(archc(['set.arch', '--set', 'mode=[same]']).err).toContain('or a string in double quotes');
    expect(archc(['set.arch', '--set', 'mode=same', '-o', 'word.onnx']).code).toBe(0);
    expect(archc(['set.arch', '--set', 'mode="a" 2']).err).toContain('expected the end of the value');
    expect(archc(['set.arch', '--set', 'mode="same"', '-o', 'set.onnx']).code).toBe(0);
    const before = readFileSync(join(folder, 'set.onnx'));
    const denied = archc(['set.arch', '-o', 'set.onnx', '--limit', 'many-nodes=1', '--deny-warnings']);
    expect(denied).toMatchObject({
      code: 1,
      err: expect.stringMatching(/warning\[many-nodes\][\s\S]*1 warning\nwarnings fail this command because of `--deny-warnings`\n$/),
    });
    expect(readFileSync(join(folder, 'set.onnx'))).toEqual(before);
  });

  test('a reader that goes away does not change the exit code', () => {
    writeFileSync(join(folder, 'wrong.arch'), 'model M(x: Tensor[N]) -> (y: Tensor[N]) { return z }\n');
    const codes = (command: string) =>
      spawnSync('bash', ['-c', `${command} | true; echo \${PIPESTATUS[0]}`], { cwd: folder, encoding: 'utf8' }).stdout.trim();
    const archcHere = `${JSON.stringify(process.execPath)} ${JSON.stringify(cli)}`;
    expect(codes(`${archcHere} check wrong.arch --format json`)).toBe('1');
    expect(codes(`${archcHere} check wrong.arch 2>&1`)).toBe('1');
    expect(codes(`${archcHere} check m.arch 2>&1`)).toBe('0');
  });

  test('a folder for outputs that cannot be made is said before the run', () => {
    expect(archc(['run', 'm.arch', '--save-outputs', 'm.arch'])).toMatchObject({
      code: 2,
      err: 'archc: cannot write m.arch: it is not a folder\n',
    });
    expect(archc(['run', 'm.arch', '--save-outputs', '/proc/outputs'])).toMatchObject({
      code: 2,
      err: expect.stringMatching(/^archc: cannot write \/proc/),
    });
    expect(archc(['run', 'm.arch', '--save-outputs', 'deep/er', '-q'])).toMatchObject({ code: 0, err: '' });
    expect(readdirSync(join(folder, 'deep/er'))).toEqual(['y.npy']);
  });

  test('an operator that the runtime has not got for a type is named with its place', () => {
    writeFileSync(join(folder, 'f64.arch'), 'model M(x: Tensor<f64>[N]) -> (y: Tensor<f64>[N]) {\n  return x -> erf\n}\n');
    expect(archc(['run', 'f64.arch'])).toMatchObject({
      code: 2,
      err: expect.stringMatching(
        /^warning\[no-kernel\]: [\s\S]*\narchc: ONNX Runtime has no Erf for f64 on cpu: the node \/Erf from f64\.arch:2:\d+\n {2}= help: use f32 there/,
      ),
    });
    expect(archc(['run', 'm.arch', '--dtype', 'bf16']).err).toContain('run it with `--dtype f32`');
  });

  test.each(['SIGINT', 'SIGTERM', 'SIGKILL'] as const)('%s ends a run, and leaves no process behind', async (signal) => {
    const temporary = join(folder, `temporary-${signal}`);
    mkdirSync(temporary);
    const env = { ...process.env, TMPDIR: temporary };
    const parent = spawn(process.execPath, [cli, 'run', 'm.arch', '--runs', '1000000000'], { cwd: folder, env, stdio: 'ignore' });
    const ended = new Promise((done) => parent.on('close', (_, by) => done(by)));
    let child: number | undefined;
    while (child === undefined) {
      await sleep(20);
      child = childOf(parent.pid ?? 0);
    }
    // It is inside the runtime by now, or on the way there.
    await sleep(500);
    parent.kill(signal);
    expect(await ended).toBe(signal);
    // Nobody can clean up after SIGKILL.
    if (signal !== 'SIGKILL') expect(readdirSync(temporary)).toEqual([]);
    for (const start = Date.now(); isAlive(child) && Date.now() - start < 10_000; ) await sleep(20);
    expect(isAlive(child)).toBe(false);
  });

  test('what the runtime refuses is a message', () => {
    archc(['m.arch', '-o', 'good.onnx']);
    const bytes = readFileSync(join(folder, 'good.onnx')).toString('latin1').replaceAll('Relu', 'Rexx');
    writeFileSync(join(folder, 'bad.onnx'), bytes, 'latin1');
    const { code, err } = archc(['run', 'bad.onnx']);
    expect(code).toBe(2);
    expect(err).toContain('archc: ONNX Runtime could not run the model: ');
    expect(err).toContain('Rexx');
  });

  test('an abort of the runtime does not take archc with it', () => {
    // An output of four-bit integers: onnxruntime-node throws where nothing catches it.
    const int4 = 22;
    const tensor = (name: string, elemType: number) => ({ name, type: { tensorType: { elemType, shape: { dim: [{ dimValue: 2 }] } } } });
    const cast = { input: ['x'], output: ['y'], opType: 'Cast', attribute: [{ name: 'to', i: int4, type: attributeType.int }] };
    const graph = { name: 'g', node: [cast], input: [tensor('x', 1)], output: [tensor('y', int4)] };
    const model = encodeModel({ irVersion: 10, opsetImport: [{ domain: '', version: 21 }], graph });
    writeFileSync(join(folder, 'int4.onnx'), joinChunks(model.write()));
    const { code, err } = archc(['run', 'int4.onnx']);
    expect(code).toBe(2);
    expect(err).toContain('archc: ONNX Runtime could not run the model: ');
  });

  test('--watch builds again after a change of an imported file, and ends on SIGINT', async () => {
    const { child, until } = watched(['m.arch', '-o', 'watched.onnx', '--watch']);
    const ready = await until(/watching for changes/);
    writeFileSync(join(folder, 'act.arch'), 'fn act(x: Tensor[*S]) -> Tensor[*S] { return gelux(x) }\n');
    const failed = await until(/act\.arch changed[\s\S]*error\[unknown-name\][\s\S]*watching/, ready);
    writeFileSync(join(folder, 'act.arch'), 'fn act(x: Tensor[*S]) -> Tensor[*S] { return gelu(x) }\n');
    await until(/act\.arch changed[\s\S]*watched\.onnx: [\s\S]*watching/, failed);
    child.kill('SIGINT');
    expect(await new Promise((done) => child.on('close', (code, signal) => done({ code, signal })))).toEqual({ code: 0, signal: null });
  });

  test('check --watch continues from the previous check, even after the file was missing', async () => {
    const place = join(folder, 'checked.arch');
    const text = 'layer L(x: Tensor[N, 4]) -> Tensor[N, 4] { return x }\n';
    writeFileSync(place, text);
    const { child, until } = watched(['check', 'checked.arch', '--watch']);
    const ready = await until(/watching for changes/);
    writeFileSync(place, `# one more line\n${text.replace('return x', 'return y')}`);
    const failed = await until(/error\[unknown-name\][\s\S]*checked\.arch:2:[\s\S]*watching/, ready);
    rmSync(place);
    const missing = await until(/checked\.arch does not exist\n[\s\S]*watching/, failed);
    writeFileSync(place, text);
    const mended = await until(/checked\.arch changed\n[^\n]*watching/, missing);
    writeFileSync(place, text.replace('-> Tensor[N, 4]', '-> Tensor[N, 5]'));
    await until(/error\[result-mismatch\][\s\S]*checked\.arch:1:[\s\S]*watching/, mended);
    child.kill('SIGINT');
    expect(await new Promise((done) => child.on('close', (code, signal) => done({ code, signal })))).toEqual({ code: 0, signal: null });
  });

  /** A process that watches, and a way to wait for what it prints after an offset, which returns the offset after that. */
  function watched(args: readonly string[]) {
    const child = spawn(process.execPath, [cli, ...args], { cwd: folder });
    let said = '';
    let wake = (): void => {};
    child.stderr.on('data', (data) => {
      said += data;
      wake();
    });
    const until = async (pattern: RegExp, from = 0): Promise<number> => {
      for (;;) {
        const found = pattern.exec(said.slice(from));
        if (found !== null) return from + found.index + found[0].length;
        await new Promise<void>((done) => {
          wake = done;
        });
      }
    };
    return { child, until };
  }
});
