import { closeSync, ftruncateSync, openSync, writeFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { encodeModel, joinChunks } from '../../src/6-emit/onnx/encode.js';
import type { ModelProto } from '../../src/6-emit/onnx/proto.js';
import { limitFlag, limitTable } from '../../src/limit-table.js';
import { defaultLimits, highestLimits, type Limits } from '../../src/limits.js';
import { commandLine } from '../kit/command-line.js';
import { useOwnFolder } from '../kit/own-folder.js';

const source = 'model M(x: Tensor[N, 4]) -> (y: Tensor[N, 4]) { return x -> fc: Linear(4) }\n';
useOwnFolder(() => {
  writeFileSync('m.arch', source);
});

function writeOnnx(path: string, graph: ModelProto['graph']): void {
  writeFileSync(path, joinChunks(encodeModel({ irVersion: 10, graph: graph ?? {}, opsetImport: [{ domain: '', version: 21 }] }).write()));
}

function sparse(path: string, size: number): void {
  const descriptor = openSync(path, 'w');
  ftruncateSync(descriptor, size);
  closeSync(descriptor);
}

describe('limits', () => {
  const names = Object.keys(limitTable) as (keyof Limits)[];

  test.each(names)('%s can be what is documented, and nothing else', async (name) => {
    const most = highestLimits[name];
    expect(most).toBeGreaterThanOrEqual(defaultLimits[name]);
    expect(await commandLine(['check', 'm.arch', '--limit', `${limitFlag(name)}=${most}`])).toMatchObject({ code: 0 });
    if (most === Number.MAX_SAFE_INTEGER) return;
    const { code, err } = await commandLine(['check', 'm.arch', '--limit', `${limitFlag(name)}=${most + 1}`]);
    expect({ code, err }).toEqual({
      code: 2,
      err: expect.stringMatching(new RegExp(`^archc: \`--limit ${limitFlag(name)}=${most + 1}\`: .*${most}`)),
    });
  });

  test.each(['100_000', '-1', '1.5', '1e3', '99999999999999999999', ''])('are whole numbers, not "%s"', async (text) => {
    expect(await commandLine(['check', 'm.arch', '--limit', `tokens=${text}`])).toMatchObject({ code: 2 });
  });

  test('that are high do not make room for what the stack cannot hold', async () => {
    const [open, close] = ['('.repeat(100_000), ')'.repeat(100_000)];
    writeFileSync('deep.arch', source.replace('x ->', `${open}x${close} ->`));
    for (const command of ['check', 'fmt', 'cost']) {
      expect(await commandLine([command, 'deep.arch', '--limit', 'nesting=1000000', '--limit', 'operators=1000000'])).toMatchObject({
        code: 2,
      });
      expect(await commandLine([command, 'deep.arch', '--limit', `nesting=${highestLimits.nesting}`])).toMatchObject({ code: 1 });
    }
  });
});

describe('files of other programs', () => {
  test('with lists of any depth', async () => {
    expect((await commandLine(['m.arch', '-o', 'm.onnx', '-q'])).code).toBe(0);
    for (const depth of [65, 5000, 100_000]) {
      writeFileSync('deep.json', '['.repeat(depth) + ']'.repeat(depth));
      expect(await commandLine(['run', 'm.onnx', '--input', 'x=deep.json'])).toEqual(
        expect.objectContaining({ code: 2, err: 'archc: cannot read deep.json: its lists are nested more than 64 deep\n' }),
      );
    }
  });

  test('with more tensors, inputs and operators than a call has room for', async () => {
    const many = Array.from({ length: 130_000 }, (_, i) => `${i}`);
    const header = Buffer.from(
      JSON.stringify(Object.fromEntries(many.map((name) => [name, { dtype: 'F32', shape: [0], data_offsets: [0, 0] }]))),
    );
    const start = Buffer.alloc(8);
    start.writeBigUInt64LE(BigInt(header.length));
    writeFileSync('many.safetensors', Buffer.concat([start, header]));
    const list = await commandLine(['weights', 'list', 'many.safetensors']);
    expect(list.code).toBe(0);
    expect(list.out.trimEnd().split('\n').at(-1)).toBe('130,000 tensors, 0 elements');
    writeOnnx('many.onnx', { input: many.map((name) => ({ name })), node: many.map((opType) => ({ opType })) });
    const overview = await commandLine(['inspect', 'many.onnx']);
    expect(overview.code).toBe(0);
    expect(overview.out.split('\n').length).toBeGreaterThan(260_000);
  });

  test('with sizes that no machine has', async () => {
    const dims = [2 ** 50, 2 ** 50, 2 ** 50];
    const huge = { name: 'x', type: { tensorType: { elemType: 1, shape: { dim: dims.map((dimValue) => ({ dimValue })) } } } };
    writeOnnx('huge.onnx', {
      input: [huge],
      initializer: [
        { name: 'w', dataType: 1, dims },
        ...Array.from({ length: 40 }, (_, i) => ({
          name: `v${i}`,
          dataType: 11,
          dims: [...dims, ...dims, ...dims, ...dims, ...dims, ...dims, ...dims],
        })),
      ],
    });
    const { code, out } = await commandLine(['inspect', 'huge.onnx']);
    expect(code).toBe(0);
    expect(out).toContain('more than 9,007,199,254,740,990 elements, more than 9 PB');
    expect(out).not.toMatch(/Infinity|NaN|e\+/);
    const { weights } = JSON.parse((await commandLine(['inspect', 'huge.onnx', '--json'])).out);
    expect(Number.isSafeInteger(weights.elements) && Number.isSafeInteger(weights.bytes)).toBe(true);
  });

  test('that are sparse, and larger than a model can be, are not read', async () => {
    sparse('sparse.onnx', 3 * 2 ** 30);
    sparse('zeros.onnx', 2 ** 31 - 1);
    sparse('sparse.npy', 3 * 2 ** 30);
    for (const [command, words] of [
      [['inspect', 'sparse.onnx'], 'an ONNX file has at most 2147483647 bytes'],
      [['inspect', 'zeros.onnx'], 'this is not an ONNX model'],
      [['run', 'sparse.onnx'], 'an ONNX file has at most 2147483647 bytes'],
      [['run', 'm.onnx', '--input', 'x=sparse.npy'], 'it is no .npy file'],
    ] as const) {
      const started = performance.now();
      expect(await commandLine(command)).toMatchObject({ code: 2, err: expect.stringContaining(words) });
      expect(performance.now() - started).toBeLessThan(2000);
    }
  });

  test('with a header of blanks', async () => {
    for (const text of [
      ' '.repeat(60_000),
      `{${' '.repeat(60_000)}`,
      `{'descr': '<f4',${' '.repeat(60_000)}x}`,
      `{${"'a':True,".repeat(6_000)}}`,
      `${'{'.repeat(60_000)}}`,
    ]) {
      const length = Buffer.alloc(2);
      length.writeUInt16LE(text.length);
      writeFileSync('blank.npy', Buffer.concat([Buffer.from([0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59, 1, 0]), length, Buffer.from(text)]));
      const started = performance.now();
      expect(await commandLine(['run', 'm.onnx', '--input', 'x=blank.npy'])).toMatchObject({
        code: 2,
        err: expect.stringContaining('its header'),
      });
      expect(performance.now() - started).toBeLessThan(500);
    }
  });
});
