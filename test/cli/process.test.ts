import { spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import process from 'node:process';
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

  test('runs a model on ONNX Runtime', () => {
    const { code, out, err } = archc(['run', 'm.arch', '--bind', 'N=3', '--runs', '3', '--save-outputs', 'outputs']);
    expect(code, err).toBe(0);
    expect(out.toString()).toMatch(/^y {2}f32 {2}\[3, 8\] {2}min /);
    expect(err).toMatch(/input x: f32 \[3, 8\]\nlatency [\d.]+ ms \(median of 3, [\d.]+ to [\d.]+\) on cpu/);
    expect(readFileSync(join(folder, 'outputs/y.npy')).length).toBe(128 + 3 * 8 * 4);
    expect(archc(['run', 'm.arch', '--input', 'x=outputs/y.npy']).out.toString()).toContain('[3, 8]');
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
    const child = spawn(process.execPath, [cli, 'm.arch', '-o', 'watched.onnx', '--watch'], { cwd: folder });
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
    const ready = await until(/watching for changes/);
    writeFileSync(join(folder, 'act.arch'), 'fn act(x: Tensor[*S]) -> Tensor[*S] { return gelux(x) }\n');
    const failed = await until(/act\.arch changed[\s\S]*error\[unknown-name\][\s\S]*watching/, ready);
    writeFileSync(join(folder, 'act.arch'), 'fn act(x: Tensor[*S]) -> Tensor[*S] { return gelu(x) }\n');
    await until(/act\.arch changed[\s\S]*watched\.onnx: [\s\S]*watching/, failed);
    child.kill('SIGINT');
    expect(await new Promise((done) => child.on('close', (code, signal) => done({ code, signal })))).toEqual({ code: 0, signal: null });
  });
});
