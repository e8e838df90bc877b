import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { main } from '../../src/cli/main.js';
import type { Terminal } from '../../src/cli/terminal.js';
import { version } from '../../src/version.js';

const lenet = `## LeNet-5 on 28x28 digits.
model LeNet(classes = 10)(image: Tensor[N, 1, 28, 28]) -> (logits: Tensor[N, classes]) {
  return image
    -> conv1: Conv2d(6, kernel = 5, padding = 2) -> relu -> max_pool2d(2)
    -> conv2: Conv2d(16, kernel = 5)             -> relu -> max_pool2d(2) -> flatten
    -> fc1: Linear(120) -> relu
    -> fc2: Linear(84)  -> relu
    -> fc3: Linear(classes)
}
`;
const broken = lenet.replace('Linear(84)', 'Linaer(84)');

interface Outcome {
  readonly code: number;
  readonly out: string;
  readonly bytes: Uint8Array;
  readonly err: string;
}

/** Runs a command line in this process, in the test's folder; `isTerminal` for both streams. */
async function archc(args: readonly string[], isTerminal = false, env: Terminal['env'] = {}): Promise<Outcome> {
  const out: Uint8Array[] = [];
  let err = '';
  const encoder = new TextEncoder();
  const code = await main(args, {
    env,
    out: {
      isTerminal,
      columns: isTerminal ? 100 : undefined,
      write: (data) => void out.push(typeof data === 'string' ? encoder.encode(data) : data),
    },
    err: {
      isTerminal,
      columns: isTerminal ? 100 : undefined,
      write: (data) => {
        err += data;
      },
    },
  });
  const bytes = Uint8Array.from(out.flatMap((chunk) => [...chunk]));
  return { code, out: new TextDecoder().decode(bytes), bytes, err };
}

const before = process.cwd();
let folder = '';

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'archc-cli-'));
  process.chdir(folder);
  writeFileSync('lenet.arch', lenet);
  writeFileSync('broken.arch', broken);
  writeFileSync('twice.arch', 'model M(a: Tensor[N, 3], b: Tensor[N, 3]) -> (c: Tensor[N, 3]) {\n  return a + b\n}\n');
});

afterAll(() => {
  process.chdir(before);
  rmSync(folder, { recursive: true });
});

describe('archc', () => {
  test('--version prints one line', async () => {
    expect(await archc(['--version'])).toMatchObject({ code: 0, out: `archc ${version}\n`, err: '' });
  });

  test('without arguments it shows its help and fails', async () => {
    const { code, out, err } = await archc([]);
    expect({ code, out }).toEqual({ code: 2, out: '' });
    expect(err).toContain('Usage:');
  });

  test('a wrong command line has exit code 2 and a hint', async () => {
    expect(await archc(['chekc', 'lenet.arch'])).toMatchObject({
      code: 2,
      err: 'archc: there is no command `chekc`\n  = help: did you mean `archc check`?\n',
    });
  });

  test('a file that is not there has exit code 2', async () => {
    const { code, err } = await archc(['check', 'none.arch']);
    expect(code).toBe(2);
    expect(err).toMatch(/^archc: .*none\.arch/);
  });
});

describe('archc build', () => {
  test('writes the model and says so in one line', async () => {
    const { code, out, err } = await archc(['lenet.arch']);
    expect({ code, out }).toEqual({ code: 0, out: '' });
    expect(err).toMatch(/^lenet\.onnx: 2\d\d KB, 61,706 parameters, image \[N, 1, 28, 28\] -> logits \[N, 10\], \d+ ms\n$/);
    expect(readFileSync('lenet.onnx').length).toBeGreaterThan(61_706 * 4);
  });

  test('--quiet says nothing', async () => {
    expect(await archc(['lenet.arch', '-q', '-o', 'quiet.onnx'])).toMatchObject({ code: 0, out: '', err: '' });
  });

  test('to standard output it gives the same bytes', async () => {
    await archc(['lenet.arch', '-o', 'a.onnx']);
    const { code, bytes } = await archc(['lenet.arch', '-o', '-']);
    expect(code).toBe(0);
    expect(Buffer.compare(bytes, readFileSync('a.onnx'))).toBe(0);
  });

  test('a terminal gets no binary', async () => {
    const { code, bytes, err } = await archc(['lenet.arch', '-o', '-'], true);
    expect({ code, length: bytes.length }).toEqual({ code: 2, length: 0 });
    expect(err).toContain('not written to a terminal');
  });

  test('a wrong model has exit code 1 and leaves the old file', async () => {
    writeFileSync('old.onnx', 'old');
    const { code, out, err } = await archc(['broken.arch', '-o', 'old.onnx']);
    expect({ code, out }).toEqual({ code: 1, out: '' });
    expect(err).toContain('error[unknown-name]');
    expect(err).toMatch(/\n1 error\n$/);
    expect(readFileSync('old.onnx', 'utf8')).toBe('old');
  });

  test('takes hyperparameters, sizes and the float type', async () => {
    const { err } = await archc(['lenet.arch', '--set', 'classes=7', '--bind', 'N=2', '--dtype', 'f16', '-o', 'b.onnx']);
    expect(err).toContain('image f16[2, 1, 28, 28] -> logits f16[2, 7]');
  });

  test('a folder that is not there is made, but not for a build that fails', async () => {
    expect((await archc(['lenet.arch', '-o', 'no/such/folder/x.onnx'])).code).toBe(0);
    expect(existsSync('no/such/folder/x.onnx')).toBe(true);
    expect((await archc(['lenet.arch', '--set', 'clases=7', '-o', 'wrong/x.onnx'])).code).toBe(2);
    expect(existsSync('wrong')).toBe(false);
  });

  test('external data goes beside the model', async () => {
    mkdirSync('outside', { recursive: true });
    const { code, err } = await archc(['lenet.arch', '-o', 'outside/m.onnx', '--external-data', 'always']);
    expect(code).toBe(0);
    expect(err).toMatch(/with m-[0-9a-f]{12}\.data \(\d+ KB\)/);
  });
});

describe('diagnostics', () => {
  test.each(['json', 'sarif', 'github'])('--format %s goes to standard output', async (format) => {
    const { code, out, err } = await archc(['check', 'broken.arch', '--format', format]);
    expect({ code, err }).toEqual({ code: 1, err: '' });
    expect(out).toContain('Linaer');
    if (format !== 'github') expect(() => JSON.parse(out)).not.toThrow();
  });

  test('--format json is an empty array for a right file', async () => {
    expect(await archc(['check', 'lenet.arch', '--format', 'json'])).toEqual({
      code: 0,
      out: '[]\n',
      err: '',
      bytes: new TextEncoder().encode('[]\n'),
    });
  });

  test('are not mixed with the model', async () => {
    const { code, out, err } = await archc(['broken.arch', '-o', '-', '--format', 'json']);
    expect({ code, out }).toEqual({ code: 1, out: '' });
    expect(JSON.parse(err)).toHaveLength(1);
  });

  test('--format short prints a line each', async () => {
    expect((await archc(['check', 'broken.arch', '--format', 'short'])).err).toMatch(
      /^broken\.arch:7:13: error\[unknown-name\]: [^\n]*\n$/,
    );
  });

  test('have colours on a terminal, unless NO_COLOR is set', async () => {
    expect((await archc(['check', 'broken.arch'], true)).err).toContain('\u001b[1;31m');
    expect((await archc(['check', 'broken.arch'], true, { NO_COLOR: '1' })).err).not.toContain('\u001b');
    expect((await archc(['check', 'broken.arch'], false, { FORCE_COLOR: '1' })).err).toContain('\u001b[1;31m');
    expect((await archc(['check', 'broken.arch', '--color', 'never'], true)).err).not.toContain('\u001b');
  });

  test('--max-diagnostics cuts the list and says so', async () => {
    writeFileSync('many.arch', `model M(x: Tensor[N, 8]) -> (y: Tensor[N, 8]) {\n${'  y = nothing(x)\n'.repeat(5)}  return x\n}\n`);
    const { err } = await archc(['check', 'many.arch', '--max-diagnostics', '2']);
    expect(err.match(/^error\[/gm)).toHaveLength(2);
    expect(err).toMatch(/\n5 errors \(2 shown; `--max-diagnostics 5` shows all\)\n$/);
  });
});

describe('archc fmt', () => {
  test('formats in place, once', async () => {
    writeFileSync('ugly.arch', 'model   M(x:Tensor[N,8])->(y:Tensor[N,8]){\nreturn relu( x )\n}');
    expect((await archc(['fmt', '--check', 'ugly.arch'])).code).toBe(1);
    expect(await archc(['fmt', 'ugly.arch'])).toMatchObject({ code: 0, err: 'formatted 1 file of 1\n' });
    expect(readFileSync('ugly.arch', 'utf8')).toBe('model M(x: Tensor[N, 8]) -> (y: Tensor[N, 8]) {\n  return relu(x)\n}\n');
    expect((await archc(['fmt', '--check', 'ugly.arch'])).code).toBe(0);
  });

  test.skipIf(process.platform === 'win32')('keeps the mode of a file, and refuses one that is read-only', async () => {
    const text = 'model M(x:Tensor[N])->(y:Tensor[N]){return x}\n';
    writeFileSync('private.arch', text);
    chmodSync('private.arch', 0o600);
    expect((await archc(['fmt', 'private.arch'])).code).toBe(0);
    expect(statSync('private.arch').mode & 0o777).toBe(0o600);
    writeFileSync('protected.arch', text);
    chmodSync('protected.arch', 0o444);
    expect(await archc(['fmt', 'protected.arch'])).toMatchObject({
      code: 2,
      err: 'archc: cannot write protected.arch: the file is read-only\n',
    });
    expect(readFileSync('protected.arch', 'utf8')).toBe(text);
  });

  test('leaves a file with syntax errors alone', async () => {
    const text = 'model M(x: Tensor[N) {\n';
    writeFileSync('syntax.arch', text);
    expect((await archc(['fmt', 'syntax.arch'])).code).toBe(1);
    expect(readFileSync('syntax.arch', 'utf8')).toBe(text);
  });
});

describe('archc explain', () => {
  test('prints the page of a code, even if it is copied from a message', async () => {
    const { code, out } = await archc(['explain', 'shape-mismatch']);
    expect(code).toBe(0);
    expect(out).toMatch(/^# shape-mismatch\n/);
    expect((await archc(['explain', 'error[shape-mismatch]'])).out).toBe(out);
  });

  test('knows what was meant', async () => {
    expect(await archc(['explain', 'shape-missmatch'])).toMatchObject({
      code: 2,
      err: expect.stringContaining('did you mean `archc explain shape-mismatch`?'),
    });
    expect((await archc(['explain', '../../package'])).code).toBe(2);
  });
});

describe('archc check', () => {
  const parts = {
    layer: 'layer L(x: Tensor[N, D]) -> Tensor[N, D] {\n  param b: Tensor[D] = kaiming_uniform\n  return x + b\n}\n',
    a: 'model A(x: Tensor[N, 4]) -> (y: Tensor[N, 4]) {\n  return x -> a: L\n}\n',
    b: 'model B(x: Tensor[N, 8]) -> (y: Tensor[N, 8]) {\n  return x -> b: L\n}\n',
  };
  const short = ['--format', 'short'];

  test('says once for all models what a build says of initial values', async () => {
    writeFileSync('initial.arch', parts.layer + parts.a + parts.b);
    const { code, err } = await archc(['check', 'initial.arch', ...short]);
    expect(code).toBe(1);
    expect(err).toMatch(/^initial\.arch:2:3: error\[weights-init\]: .*`a\.b` is \[4\]\n$/);
    const built = await archc(['build', 'initial.arch', '--model', 'A', '-o', 'initial.onnx', ...short]);
    expect(built.err).toBe(err);
    const other = await archc(['check', 'initial.arch', '--model', 'B', ...short]);
    expect(other.err).toContain('`b.b` is [8]');
  });

  test('says what a build says of constants beyond the limit', async () => {
    writeFileSync('table.arch', 'model M(x: Tensor[N, 4]) -> (y: Tensor[N, 4]) {\n  return x * 3\n}\n');
    const limit = ['--limit', 'inline-constant=2', ...short];
    const { code, err } = await archc(['check', 'table.arch', ...limit]);
    expect(err).toContain('error[constant-too-large]');
    expect(code).toBe(1);
    expect((await archc(['build', 'table.arch', '-o', 'table.onnx', ...limit])).err).toBe(err);
    expect((await archc(['check', 'table.arch', ...short])).code).toBe(0);
  });

  test('checks each model, even after one that is wrong', async () => {
    writeFileSync(
      'each.arch',
      [5, 9].map((n) => `model M${n}(x: Tensor[N, 4]) -> (y: Tensor[N, ${n}]) {\n  return x -> fc: Linear(8)\n}\n`).join(''),
    );
    const { err } = await archc(['check', 'each.arch', ...short]);
    expect(err.match(/each\.arch:\d:\d+: error\[result-mismatch\]/g)).toEqual([
      'each.arch:2:10: error[result-mismatch]',
      'each.arch:5:10: error[result-mismatch]',
    ]);
  });

  test('takes the target, the opset and the types of a build, and refuses what a build refuses', async () => {
    for (const args of [
      ['--target', 'webgpu'],
      ['--opset', '23'],
      ['--dtype', 'bf16', '--io', 'f32'],
    ])
      expect(await archc(['check', 'lenet.arch', ...args])).toMatchObject({ code: 0 });
    for (const args of [
      ['--target', 'tpu'],
      ['--opset', '5'],
      ['--dtype', 'f8'],
    ]) {
      const [checked, built] = [await archc(['check', 'lenet.arch', ...args]), await archc(['build', 'lenet.arch', ...args])];
      expect(checked.code).toBe(2);
      expect(checked.err).toBe(built.err);
    }
  });
});

describe('archc inspect, cost and weights', () => {
  test('inspect gives an overview', async () => {
    await archc(['lenet.arch', '-o', 'i.onnx']);
    const { out } = await archc(['inspect', 'i.onnx']);
    expect(out).toMatch(/^producer +archc /m);
    expect(out).toMatch(/^ {2}image +f32 +\[N, 1, 28, 28\]$/m);
    expect(out).toMatch(/^ {2}Conv +2$/m);
    const json = JSON.parse((await archc(['inspect', 'i.onnx', '--json'])).out);
    expect(json).toMatchObject({
      name: 'LeNet',
      opsets: { 'ai.onnx': 21 },
      inputs: [{ name: 'image', dtype: 'f32', shape: ['N', 1, 28, 28] }],
    });
  });

  test('inspect refuses what is not a model', async () => {
    expect(await archc(['inspect', 'lenet.arch'])).toMatchObject({ code: 2 });
    writeFileSync('junk.onnx', 'hello');
    expect((await archc(['inspect', 'junk.onnx'])).err).toContain('this is not an ONNX model');
  });

  test('cost counts in formulas, and in numbers where sizes are bound', async () => {
    const formulas = (await archc(['cost', 'lenet.arch'])).out;
    expect(formulas).toMatch(/^fc3 +Linear +850 .*\*N /m);
    const numbers = JSON.parse((await archc(['cost', 'lenet.arch', '--bind', 'N=1', '--json'])).out);
    expect(numbers.layers[0]).toMatchObject({ path: '', parameters: 61_706, weightBytes: 246_824, flops: expect.any(Number) });
  });

  test('weights lists a model', async () => {
    const { out } = await archc(['weights', 'list', 'lenet.arch']);
    expect(out).toMatch(/^conv1\.weight +f32 +\[6, 1, 5, 5\]$/m);
    expect(out).toContain('10 tensors, 61,706 parameters');
  });
});

test.each([
  ['check', 'device.arch', '--deny-fallback'],
  ['check', 'device.arch', '--deny-fallback', '--target', 'portable'],
  ['build', 'device.arch', '--deny-fallback'],
])('archc %s needs a device that nodes could leave', async (...args) => {
  writeFileSync('device.arch', 'model M(x: Tensor[N]) -> (y: Tensor[N]) { return round(x) }\n');
  expect(await archc(args)).toMatchObject({
    code: 2,
    out: '',
    err: 'archc: `--deny-fallback` needs a target: a portable file is for any device, so no node of it leaves one\n  = help: say where it will run: `--target webgpu`, in archc.json `"target": "webgpu"`\n',
  });
  expect(await archc(['check', 'device.arch', '--deny-fallback', '--target', 'webgpu'])).toMatchObject({ code: 1 });
  expect(await archc(['check', 'device.arch', '--deny-fallback', '--target', 'cpu'])).toMatchObject({ code: 0 });
});

describe('archc compare', () => {
  test('reports what fewer bits save and what they cost', async () => {
    writeFileSync('wide.arch', 'model M(x: Tensor[N, 64]) -> (y: Tensor[N, 64]) { return x -> fc: Linear(64) }\n');
    const args = ['compare', 'wide.arch', '--target', 'cpu', '--bind', 'N=2', '--runs', '3'];
    const { code, out, err } = await archc([...args, '--quantize', 'int8/64', '--quiet']);
    expect(code, err).toBe(0);
    expect(out).toMatch(/^size: \d+ KB -> \d\.\d KB, 0\.\d\d of the original$/m);
    expect(out).toMatch(/^ {2}int8\/64 +4,096 numbers +16 KB -> 4\.4 KB$/m);
    expect(out).toMatch(/^y +0\.\d+ % /m);
    expect(out).toMatch(/^time: .* \(medians of 3 calls each, alternating, on cpu\)$/m);
    const wrong = await archc([...args, '--quantize', 'int4 on head']);
    expect(wrong).toMatchObject({ code: 2, out: '' });
    expect(wrong.err).toContain('`head` matches no weight of `M`');
    expect((await archc(args)).err).toContain('`archc compare` needs `--quantize`');
  });

  test('leaves out rows that are NaN in the original, and says which input makes them so', async () => {
    writeFileSync(
      'masked.arch',
      `model M(x: Tensor[N, 64], mask: Tensor<bool>[N]) -> (y: Tensor[N, 64]) {
  kept = cast(unsqueeze(mask, -1), f32)
  return (x -> fc: Linear(64)) * kept / kept
}
`,
    );
    writeFileSync('mask.json', '[true, false, true]');
    writeFileSync('unkept.json', '[false, false]');
    const args = ['compare', 'masked.arch', '--quantize', 'int8', '--runs', '1', '--quiet'];
    const some = await archc([...args, '--input', 'mask=mask.json']);
    expect(some.code, some.err).toBe(0);
    expect(some.out).toContain(
      '1 of 3 rows of `y` ([1]) is NaN in the original, too, and is not compared: `x` is random, give it with `--input x=FILE`',
    );
    expect(some.out).toMatch(/^y +0\.\d+ % .* 0\.9999\d\d|1\.000000 /m);
    const drawn = await archc([...args, '--bind', 'N=8']);
    expect(drawn.out).toMatch(/of 8 rows of `y`.* NaN in the original, too, .*: `mask` is random, give it with `--input mask=FILE`/);
    const nothing = await archc([...args, '--input', 'mask=unkept.json']);
    expect(nothing.code).toBe(1);
    expect(nothing.err).toBe('archc: nothing could be compared: the original has no row without NaN\n');
  });

  test('fails where the quantized model alone has no numbers', async () => {
    // Elements near 0 become exactly 0 in few bits.
    writeFileSync(
      'lost.arch',
      'model M(ids: Tensor<i64>[N, 4]) -> (y: Tensor[N, 4, 32]) { w = ids -> e: Embedding(8, 32)\n return 1 / w }\n',
    );
    const { code, out, err } = await archc(['compare', 'lost.arch', '--quantize', 'int4', '--target', 'cpu', '--runs', '1', '--quiet']);
    expect(code, out + err).toBe(1);
    expect(err).toMatch(/^archc: `y` is -?Infinity at \[\d, \d, \d+\] with int4, but a finite number in the original\n$/);
  });

  test('says which sizes it chose, why much is not quantized, and that other devices have other times', async () => {
    writeFileSync(
      'odd.arch',
      'model M(ids: Tensor<i64>[N, T]) -> (y: Tensor[N, T, 384], k: Tensor<i64>[N]) { x = ids -> tok: Embedding(1000, 384)\n return (x, argmax(x[:, 0], -1)) }\n',
    );
    const { code, out, err } = await archc([
      'compare',
      'odd.arch',
      '--quantize',
      'int4/128',
      '--target',
      'webgpu',
      '--provider',
      'cpu',
      '--runs',
      '1',
      '--quiet',
    ]);
    expect(code, err).toBe(0);
    expect(out).toContain('  archc chose N, T: `--bind N=..,T=..` sets them\n');
    expect(out).toContain('much of this is not quantized:\n  `tok`: its rows have 3 blocks');
    expect(out).toMatch(/^k +- +- +- +- +100 %$/m);
    expect(out).toContain('these are times on cpu; on webgpu, for which the model is built, they can be quite different');
    expect(out).not.toContain('is slower here');
  });
});

describe('archc run', () => {
  test('refuses two inputs that share a size and differ in it, before the runtime is asked', async () => {
    writeFileSync(
      'a.json',
      JSON.stringify([
        [1, 2, 3],
        [4, 5, 6],
      ]),
    );
    writeFileSync('b.json', JSON.stringify([[1, 2, 3]]));
    const { code, out, err } = await archc(['run', 'twice.arch', '--input', 'a=a.json', '--input', 'b=b.json']);
    expect({ code, out }).toEqual({ code: 1, out: '' });
    expect(err).toContain('error[input-sizes-conflict]: `a` has N = 2, but `b` has N = 1');
    expect(err).toContain('twice.arch:1:');
  });

  test('refuses an input that the model does not have', async () => {
    expect((await archc(['run', 'twice.arch', '--input', 'aa=a.json'])).err).toContain('did you mean `a`?');
  });
});

describe('settings from files', () => {
  const llama = `config Llama {
  D = 64 from "hidden_size"
  heads = 4 from "num_attention_heads"
  kv = heads from "num_key_value_heads"
  act: fn = silu from "hidden_act"
  pool = "mean"
} where D % heads == 0

model M(c: Llama, classes = 10 from "num_labels")(x: Tensor[N, c.D]) -> (y: Tensor[N, classes]) {
  param w: Tensor[c.heads, c.kv]
  return x -> c.act -> head: Linear(classes)
}
`;
  const shapes = async (...args: string[]): Promise<Record<string, string>> => {
    const { code, out, err } = await archc(['weights', 'list', 'llama.arch', '--json', ...args]);
    expect({ code, err }).toEqual({ code: 0, err: '' });
    const rows = JSON.parse(out) as readonly { readonly name: string; readonly shape: readonly number[] }[];
    return Object.fromEntries(rows.map(({ name, shape }) => [name, shape.join('x')]));
  };

  beforeAll(() => {
    writeFileSync('llama.arch', llama);
    writeFileSync(
      'config.json',
      '\uFEFF{\n  "hidden_size": 32,\n  "num_attention_heads": 8,\n  "num_key_value_heads": null,\n  "num_labels": 3,\n  "rope": {"a": [1]}\n}\n',
    );
    writeFileSync('mine.json', '{"c": {"heads": 2, "pool": "max"}, "classes": 5}\n');
  });

  test('defaults, --config, --set-from and --set, where later ones win', async () => {
    expect(await shapes()).toEqual({ w: '4x4', 'head.weight': '10x64', 'head.bias': '10' });
    expect(await shapes('--config', 'config.json')).toEqual({ w: '8x8', 'head.weight': '3x32', 'head.bias': '3' });
    expect(await shapes('--config', 'config.json', '--set-from', 'mine.json')).toEqual({
      w: '2x2',
      'head.weight': '5x32',
      'head.bias': '5',
    });
    expect(await shapes('--set', 'D=16,c.kv=1', '--set-from', 'mine.json', '--set', 'D=24', '--config', 'config.json')).toEqual({
      w: '2x1',
      'head.weight': '5x24',
      'head.bias': '5',
    });
    expect(await shapes('--set', 'pool=last, act=gelu')).toEqual(await shapes());
  });

  test('every command that takes --set takes them', async () => {
    for (const args of [['check'], ['cost'], ['weights', 'list'], ['build', '-o', 'llama.onnx'], ['run']]) {
      const [command = '', ...rest] = args;
      const place = command === 'weights' ? [command, 'list', 'llama.arch'] : [command, 'llama.arch', ...rest];
      expect(await archc([...place, '--config', 'config.json', '--set-from', 'mine.json', '--set', 'c.D=8'])).toMatchObject({ code: 0 });
    }
  });

  test('what is wrong in a file is said with its place there', async () => {
    const complaint = async (text: string, option = '--config'): Promise<string> => {
      writeFileSync('wrong.json', text);
      const { code, err } = await archc(['check', 'llama.arch', option, 'wrong.json', '--format', 'short']);
      expect(code, err).toBe(2);
      return err;
    };
    expect(await complaint('{\n  "hidden_size": "64"\n}')).toContain(
      'wrong.json:2:18: error[setting-kind]: `c.D` of `Llama` is an integer, not the string "64"',
    );
    expect(await complaint('{"hidden_size": 8,\n "hidden_size": 9}')).toContain(
      'wrong.json:2:2: error[bad-json]: the key "hidden_size" appears twice',
    );
    expect(await complaint('{"hidden_size": NaN}')).toContain('wrong.json:1:17: error[bad-json]: `NaN` is not a value of JSON');
    expect(await complaint(`${'['.repeat(300)}`)).toContain('wrong.json:1:129: error[bad-json]: brackets are nested more than 128 deep');
    expect(await complaint(`"${'x'.repeat(5_000_000)}"`)).toContain(
      'error[settings-too-large]: the settings file has 5000002 characters; the limit is 4194304',
    );
    expect(await complaint('')).toContain('wrong.json:1:1: error[bad-json]: a value is missing here');
    expect(await complaint('{"c": {"D": 8, "width": 9}}', '--set-from')).toContain(
      'wrong.json:1:16: error[unknown-setting]: `M` has no hyperparameter `c.width`',
    );
    expect(await complaint('{"hidden_size": 8}', '--set-from')).toContain('wrong.json:1:2: error[unknown-setting]');
    expect(await complaint('{"model_type": "llama"}')).toContain('wrong.json:1:1: error[unused-config]: `M` reads no key of this file');
    writeFileSync('binary.json', Uint8Array.of(0xff, 0xfe, 0));
    expect(await archc(['check', 'llama.arch', '--config', 'binary.json'])).toMatchObject({
      code: 2,
      err: 'archc: cannot read binary.json: it is not UTF-8 text\n',
    });
    expect(await archc(['check', 'llama.arch', '--config', 'none.json'])).toMatchObject({
      code: 2,
      err: expect.stringContaining('cannot read none.json'),
    });
  });

  test('a model does not reveal where its configuration was', async () => {
    await archc(['llama.arch', '--config', 'config.json', '-o', 'a.onnx']);
    await archc(['llama.arch', '--config', join(folder, 'config.json'), '-o', 'b.onnx']);
    expect(readFileSync('a.onnx').equals(readFileSync('b.onnx'))).toBe(true);
    expect(readFileSync('a.onnx').includes(folder)).toBe(false);
  });
});
