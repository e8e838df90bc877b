import { writeFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { commandLine } from '../kit/command-line.js';
import { useOwnFolder } from '../kit/own-folder.js';
import { webgpu } from '../kit/webgpu.js';

const model = 'model M(d = 4, a: int = 1)(x: Tensor[N, d], m: Tensor[N, d]?) -> (y: Tensor[N, d]) { return x -> fc: Linear(d) }\n';
useOwnFolder(() => {
  writeFileSync('m.arch', model);
  writeFileSync('wrong.arch', model.replace('Linear(d)', 'Linaer(d)'));
  writeFileSync('two.arch', `${model}${model.replace('model M', 'model L')}`);
  writeFileSync('open.arch', model.replace('a: int = 1', 'a: int'));
  writeFileSync('latin.arch', Buffer.concat([Buffer.from('# caf\u00e9\n# caf'), Buffer.from([0xe9]), Buffer.from('\n')]));
  writeFileSync('cut.safetensors', Buffer.from([8, 0, 0, 0, 0, 0, 0, 0, 0x7b]));
  writeFileSync('junk.safetensors', 'not a file of weights');
  writeFileSync('model.pth', 'PK');
});

describe('exit code', () => {
  test.each<readonly [code: number, args: readonly string[]]>([
    [0, ['m.arch', '-o', 'm.onnx']],
    [0, ['check', 'm.arch']],
    [1, ['wrong.arch']],
    [1, ['check', 'm.arch', 'wrong.arch']],
    [2, ['m.arch', '--set', 'd=true']],
    [2, ['m.arch', '--model', 'Typo']],
    [2, ['two.arch']],
    [2, ['open.arch']],
    [2, ['m.arch', '--set', 'typo=1']],
    [2, ['m.arch', '--set', 'd=']],
    [2, ['m.arch', '--set', 'd=)']],
    [2, ['m.arch', '--set', 'd=nothing']],
    [2, ['m.arch', '--bind', 'n=2']],
    [2, ['m.arch', '--with', 'x']],
    [2, ['m.arch', '--with', 'typo']],
    [2, ['m.arch', '--weights', 'cut.safetensors']],
    [2, ['m.arch', '--weights', 'junk.safetensors']],
    [2, ['m.arch', '--weights', 'model.pth']],
    [2, ['m.arch', '--weights', 'no.safetensors']],
    [2, ['weights', 'list', 'junk.safetensors']],
    [2, ['weights', 'check', 'm.arch', 'junk.safetensors']],
    [2, ['latin.arch']],
    [2, ['no.arch']],
    [2, ['m.arch', '--nothing']],
    // A mistake in the model counts more.
    [1, ['wrong.arch', '--set', 'd=)']],
  ])('%i: archc %j', async (code, args) => {
    expect(await commandLine(args)).toMatchObject({ code });
  });
});

describe('what ends a command is printed as --format asks', () => {
  const failing: readonly (readonly string[])[] = [
    ['build', 'no.arch'],
    ['check', 'no.arch'],
    ['fmt', 'no.arch'],
    ['m.arch', '--opset', '99'],
    ['m.arch', '--nothing'],
    ['nothing'],
    ['m.arch', '-o', 'm.arch/no/m.onnx'],
  ];

  test.each(failing)('as JSON: archc %s %s %s %s', async (...args) => {
    const { code, out, err } = await commandLine([...args, '--format', 'json']);
    expect({ code, err }).toEqual({ code: 2, err: '' });
    expect(JSON.parse(out)).toEqual([
      expect.objectContaining({ code: 'cannot-run', severity: 'error', file: null, range: null, related: [], fixes: [] }),
    ]);
  });

  test.each(failing)('as SARIF: archc %s %s %s %s', async (...args) => {
    const { code, out, err } = await commandLine([...args, '--format=sarif']);
    expect({ code, err }).toEqual({ code: 2, err: '' });
    const [{ results, invocations }] = JSON.parse(out).runs;
    expect(results).toEqual([]);
    expect(invocations).toEqual([
      {
        executionSuccessful: false,
        exitCode: 2,
        toolExecutionNotifications: [{ level: 'error', message: { text: expect.stringMatching(/\w/) } }],
      },
    ]);
  });

  test('as a workflow command of GitHub, and in short', async () => {
    expect(await commandLine(['check', 'no.arch', '--format', 'github'])).toMatchObject({
      out: '::error::no.arch does not exist\n',
      err: '',
    });
    expect(await commandLine(['check', 'no.arch', '--format', 'short'])).toMatchObject({
      out: '',
      err: 'archc: no.arch does not exist\n',
    });
  });

  test('beside what goes to standard output', async () => {
    for (const args of [
      ['m.arch', '-o', '-', '--opset', '99'],
      ['cost', 'no.arch'],
      ['weights', 'list', 'no.arch'],
      ['run', 'no.arch'],
    ]) {
      const { code, out, err } = await commandLine([...args, '--format', 'json']);
      expect({ code, out }).toEqual({ code: 2, out: '' });
      expect(JSON.parse(err)).toHaveLength(1);
    }
  });
});

test('text that is not UTF-8 has a place', async () => {
  expect((await commandLine(['check', 'latin.arch'])).err).toBe(
    'archc: cannot read latin.arch: it is not UTF-8 text: byte 0xe9 at line 2, column 6\n',
  );
  const [{ file, range }] = JSON.parse((await commandLine(['check', 'latin.arch', '--format', 'json'])).out);
  expect({ file, start: range.start }).toEqual({ file: 'latin.arch', start: { line: 2, column: 6, offset: 12 } });
});

test.each<readonly [bytes: readonly number[], valid: number]>([
  [[0x80], 0],
  [[0x61, 0xc3], 1],
  [[0x61, 0xc0, 0x80], 1],
  [[0xe0, 0x80, 0x80], 0],
  [[0xed, 0xa0, 0x80], 0],
  [[0xf0, 0x9f, 0x98, 0x80, 0xf5], 2],
  [[0xf4, 0x90, 0x80, 0x80], 0],
  [[0xe2, 0x82, 0xac, 0xe2, 0x82], 1],
])('the bytes %j are not UTF-8 after %i units', async (bytes, valid) => {
  writeFileSync('bytes.arch', Uint8Array.from(bytes));
  const [{ range }] = JSON.parse((await commandLine(['check', 'bytes.arch', '--format', 'json'])).out);
  expect(range.start).toEqual({ line: 1, column: valid + 1, offset: valid });
});

// SwiftShader, on which WebGPU is tested, has subgroups of 4 lanes.
test.runIf(webgpu)('a model whose attention is wrong on the GPU is not run there', async () => {
  writeFileSync('attention.arch', 'model M(q: Tensor[1, 1, T, 4]) -> (y: Tensor[1, 1, T, 4]) { return attention(q, q, q) }\n');
  await commandLine(['attention.arch', '--target', 'webgpu']);
  for (const file of ['attention.arch', 'attention.onnx']) {
    const target = file.endsWith('.arch') ? ['--target', 'webgpu'] : [];
    const refused = await commandLine(['run', file, ...target, '--bind', 'T=40', '--provider', 'webgpu']);
    expect(refused.code).toBe(2);
    expect(refused.err).toContain("archc: ONNX Runtime's fused attention, which the model uses, gives wrong results on this GPU");
    expect(refused.err).toContain('load a file that is built with `--target portable`');
    expect((await commandLine(['run', file, ...target, '--bind', 'T=40'])).code).toBe(0);
  }
  expect((await commandLine(['run', 'attention.arch', '--bind', 'T=40', '--provider', 'webgpu'])).code).toBe(0);
});
