import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import process from 'node:process';
import { describe, expect, test } from 'vitest';
import { encodeModel, joinChunks } from '../../src/6-emit/onnx/encode.js';
import type { ModelProto } from '../../src/6-emit/onnx/proto.js';
import { commandLine } from '../kit/command-line.js';
import { useOwnFolder } from '../kit/own-folder.js';

/** What terminals and logs take for orders: colours, a bell, a new title, a cleared screen, other directions of the text, and lines of their own. */
const evil = '\u001b[31m\u0007\u001b]0;title\u0007\u009b2J\u0085\u202e\u2066\u2028\u2029\r\n::error file=x::pwned\n\u007f\u{e0041}';
/** The part of it that a source file, and a file system, may hold. */
const name = evil.replaceAll(/[\u202e\u2066]/g, '');

const orders = /(?!\n)\p{Cc}|[\u200e\u200f\u061c\u2028-\u202e\u2066-\u206f\u{e0000}-\u{e007f}]/u;

/** What a model may say of itself. */
const typed = (what: string) => ({ name: what, type: { tensorType: { elemType: 1, shape: { dim: [{ dimValue: 2 }] } } } });
const onnx = (opType = 'Identity'): ModelProto => ({
  irVersion: 10,
  producerName: `producer${evil}`,
  graph: {
    node: [{ input: [`in${evil}`], output: [`out${evil}`], name: `node${evil}`, opType }],
    name: `graph${evil}`,
    input: [typed(`in${evil}`)],
    output: [typed(`out${evil}`)],
    initializer: [
      {
        dims: [1],
        dataType: 1,
        name: `weight${evil}`,
        externalData: [{ key: 'location', value: `file${evil}` }],
        dataLocation: 1,
      },
    ].filter(() => opType !== 'Identity'),
  },
  opsetImport: [
    { domain: '', version: 21 },
    { domain: `domain${evil}`, version: 1 },
  ],
  metadataProps: [{ key: `key${evil}`, value: `value${evil}` }],
});

function safetensors(type = 'F32'): Uint8Array {
  const header = JSON.stringify({ [`tensor${evil}`]: { dtype: type, shape: [1], data_offsets: [0, 4] } });
  const start = Buffer.alloc(8);
  start.writeBigUInt64LE(BigInt(Buffer.byteLength(header)));
  return Buffer.concat([start, Buffer.from(header), Buffer.alloc(4)]);
}

function npy(descr: string): Uint8Array {
  const header = `{'descr': '${descr}', 'fortran_order': False, 'shape': (2,), }\n`;
  const start = Buffer.from([0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59, 1, 0, Buffer.byteLength(header) & 0xff, Buffer.byteLength(header) >> 8]);
  return Buffer.concat([start, Buffer.from(header)]);
}

const good = `model M(x: Tensor[N, 4]) -> (y: Tensor[N, 4]) { return x -> "a${name.replaceAll(/[\r\n]/g, '\\n')}": Linear(4) }\n`;
const wrong = `model M(x: Tensor[N, 4]) -> (y: Tensor[N, 5]) {
  assert 1 > 2, "no${name.replaceAll(/[\r\n]/g, '\\n')}"
  return x -> "a${name.replaceAll(/[\r\n]/g, '\\n')}": Linear(4)
}
`;
const file = `f${name.replaceAll('/', '')}.arch`;

useOwnFolder(() => {
  writeFileSync('good.arch', good);
  writeFileSync('wrong.arch', wrong);
  writeFileSync('plain.arch', 'model M(x: Tensor[N, 4]) -> (y: Tensor[N, 4]) { return x -> fc: Linear(4) }\n');
  writeFileSync('untidy.arch', 'model M(x:Tensor[N])->(y:Tensor[N]){return x}\n');
  if (process.platform !== 'win32') {
    writeFileSync(file, wrong);
    writeFileSync(`good${file}`, good);
    mkdirSync(`d${name.replaceAll('/', '')}`);
  }
  writeFileSync('evil.onnx', joinChunks(encodeModel(onnx()).write()));
  writeFileSync('broken.onnx', joinChunks(encodeModel(onnx(`Op${evil}`)).write()));
  writeFileSync('evil.safetensors', safetensors());
  writeFileSync('type.safetensors', safetensors(`F${evil}`));
  writeFileSync('type.npy', npy(`<${evil}`));
  writeFileSync('junk.onnx', evil);
});

/** Every command, with names, paths and files of an attacker; the code that it ends with. */
const cases: readonly (readonly [args: readonly string[], code: number])[] = [
  [['good.arch', '-o', `o${evil.replaceAll('/', '')}.onnx`], 0],
  [['good.arch', '-o', `good.arch/no${evil}/o.onnx`], 2],
  [['wrong.arch'], 1],
  [[`no${evil}.arch`], 2],
  [[`--evil${evil}`], 2],
  [['good.arch', '--target', evil], 2],
  [['good.arch', '--opset', evil], 2],
  [['good.arch', '--model', evil], 2],
  [['good.arch', '--set', `a${evil}=1`], 2],
  [['good.arch', '--set', `a=${evil}`], 2],
  [['good.arch', '--set', evil], 2],
  [['good.arch', '--with', evil], 2],
  [['good.arch', '--bind', `N${evil}=1`], 2],
  [['good.arch', '--bind', `N=${evil}`], 2],
  [['good.arch', '--limit', `a${evil}=1`], 2],
  [['plain.arch', '--weights', 'evil.safetensors'], 1],
  [['plain.arch', '--weights', 'evil.safetensors', '--map', `tensor*=fc.weight${evil}*`], 1],
  [['plain.arch', '--weights', `no${evil}.safetensors`], 2],
  [['plain.arch', '--weights', 'type.safetensors'], 2],
  [['check', 'good.arch', 'wrong.arch'], 1],
  [['check', `no${evil}.arch`], 2],
  [['fmt', '--check', 'untidy.arch'], 1],
  [['fmt', `no${evil}.arch`], 2],
  [['cost', 'good.arch'], 0],
  [['cost', 'good.arch', '--json'], 0],
  [['weights', 'list', 'good.arch'], 0],
  [['weights', 'list', 'good.arch', '--json'], 0],
  [['weights', 'list', 'evil.safetensors'], 0],
  [['weights', 'list', 'evil.safetensors', '--json'], 0],
  [['weights', 'check', 'good.arch', 'evil.safetensors'], 1],
  [['weights', evil], 2],
  [['inspect', 'evil.onnx'], 0],
  [['inspect', 'evil.onnx', '--json'], 0],
  [['inspect', 'broken.onnx'], 0],
  [['inspect', 'junk.onnx'], 2],
  [['inspect', `no${evil}.onnx`], 2],
  [['run', 'evil.onnx'], 0],
  [['run', 'evil.onnx', '--input', `x${evil}=a.npy`], 2],
  [['run', 'evil.onnx', '--input', `in${evil}=a${evil}.npy`], 2],
  [['run', 'evil.onnx', '--input', `in${evil}=type.npy`], 2],
  [['run', 'evil.onnx', '--input', `in${evil}=evil.safetensors#b${evil}`], 2],
  [['run', 'evil.onnx', '--bind', `N${evil}=1`], 2],
  [['run', 'broken.onnx'], 2],
  [['run', 'good.arch', '--provider', evil], 2],
  [['explain', evil], 2],
  [[`no${evil}`], 2],
  ...(process.platform === 'win32'
    ? []
    : ([
        [['check', file], 1],
        [[`good${file}`], 0],
        [['run', `good${file}`], 0],
        [['cost', `good${file}`], 0],
        [['fmt', '--check', `good${file}`], 1],
        [['run', 'evil.onnx', '--save-outputs', `d${name.replaceAll('/', '')}`], 0],
      ] as const)),
];

test('outputs whose names differ in special characters only are saved as two files', async () => {
  const names = ['a/b', 'a_b', 'a%b', '..'];
  const node = names.map((output) => ({ input: ['x'], output: [output], opType: 'Identity' }));
  const graph = { node, name: 'g', input: [typed('x')], output: names.map(typed), initializer: [] };
  writeFileSync('names.onnx', joinChunks(encodeModel({ ...onnx(), graph }).write()));
  const outcome = await commandLine(['run', 'names.onnx', '--save-outputs', 'saved'], { isTerminal: false, env: {} });
  expect(outcome.code, outcome.err).toBe(0);
  expect(readdirSync('saved').sort()).toEqual(['...npy', 'a%25b.npy', 'a%2Fb.npy', 'a_b.npy']);
});

describe.each([false, true])('nothing from outside drives a terminal or begins a line of a log (on a terminal: %s)', (isTerminal) => {
  test.each(cases)('archc %j', async (args, code) => {
    const outcome = await commandLine(args, { isTerminal, env: { NO_COLOR: '1' } });
    expect(outcome.code, outcome.err).toBe(code);
    // The lines that show progress on a terminal are rewritten in place.
    const err = outcome.err.replaceAll('\r\u001b[K', '');
    for (const text of [outcome.out, err]) {
      expect(orders.exec(text)).toBeNull();
      expect(text.split('\n').filter((line) => line.trimStart().startsWith('::'))).toEqual([]);
    }
    expect(outcome.code === 0 || err !== '').toBe(true);
  });
});

describe.each(['human', 'short', 'json', 'sarif', 'github'])('nor with --format %s', (format) => {
  const files = process.platform === 'win32' ? ['wrong.arch'] : ['wrong.arch', file];
  test.each(files)('of %j', async (path) => {
    const { code, out, err } = await commandLine(['check', path, '--format', format]);
    expect(code).toBe(1);
    expect(orders.exec(out + err)).toBeNull();
    const lines = (out + err).split('\n').filter((line) => line !== '');
    const commands = lines.filter((line) => line.trimStart().startsWith('::'));
    expect(commands).toHaveLength(format === 'github' ? lines.length : 0);
    if (format === 'json') expect(JSON.parse(out)[0].file).toBe(path);
  });
});
