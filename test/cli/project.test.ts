import { existsSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import process from 'node:process';
import { describe, expect, test } from 'vitest';
import { ParsedOptions } from '../../src/cli/arguments.js';
import { optionOf, withBuild } from '../../src/cli/build-settings.js';
import { commands } from '../../src/cli/commands.js';
import { compileOptions } from '../../src/cli/compile-options.js';
import { main } from '../../src/cli/main.js';
import { weightsOptions } from '../../src/cli/model-weights.js';
import type { OptionName } from '../../src/cli/options.js';
import { createMemoryHost, readProject } from '../../src/index.js';
import { buildKeys } from '../../src/project/keys.js';
import { useFolderForEach } from '../kit/own-folder.js';

const mlp = `model Mlp(width = 16)(x: Tensor[N, 4]) -> (y: Tensor[N, 3]) {
  return x -> fc1: Linear(width) -> relu -> fc2: Linear(3)
}

train Fit for Mlp {
  input labels: Tensor<i64>[N]
  loss = cross_entropy(y, labels)
  optimizer sgd(lr = 0.1)
}
`;

useFolderForEach(() => {
  mkdirSync('app/src', { recursive: true });
  process.chdir('app');
  writeFileSync('src/mlp.arch', mlp);
});

function project(builds: object): void {
  writeFileSync('archc.json', JSON.stringify({ builds }, undefined, 2));
}

async function archc(...args: readonly string[]): Promise<{ readonly code: number; readonly out: string; readonly err: string }> {
  let [out, err] = ['', ''];
  const decoder = new TextDecoder();
  const stream = (take: (text: string) => void) => ({
    isTerminal: false,
    columns: undefined,
    write: (data: string | Uint8Array) => take(typeof data === 'string' ? data : decoder.decode(data)),
  });
  const code = await main(args, {
    env: {},
    out: stream((text) => {
      out += text;
    }),
    err: stream((text) => {
      err += text;
    }),
  });
  return { code, out, err };
}

const two = { small: { model: 'src/mlp.arch', set: { width: 8 }, out: 'dist/small.onnx' }, large: { model: 'src/mlp.arch', out: 'out/' } };

describe('archc build', () => {
  test('builds everything in the project if no file is given', async () => {
    project(two);
    const { code, err } = await archc('build');
    expect({ code, files: ['dist/small.onnx', 'out/mlp.onnx'].map((file) => existsSync(file)) }).toEqual({ code: 0, files: [true, true] });
    expect(err).toMatch(/^dist\/small\.onnx: [^\n]*67 parameters[^\n]*\nout\/mlp\.onnx: [^\n]*131 parameters[^\n]*\n$/);
  });

  test('writes the same bytes whatever else is in the project file, and those of the command line', async () => {
    const bytes = async (builds: object, ...args: readonly string[]) => {
      project(builds);
      expect(await archc('build', ...args, '--quiet')).toMatchObject({ code: 0 });
      return readFileSync('dist/small.onnx');
    };
    const first = await bytes(two, 'small');
    const second = await bytes({ other: { model: 'src/mlp.arch', set: { width: 9 }, out: 'dist/other.onnx' }, ...two }, 'small');
    const third = await bytes({}, 'src/mlp.arch', '--set', 'width=8', '-o', 'dist/small.onnx');
    expect([second.equals(first), third.equals(first)]).toEqual([true, true]);
  });

  test('builds what is named, only once, even from a subfolder', async () => {
    project(two);
    process.chdir('src');
    const { code, err } = await archc('build', 'small', 'small');
    expect({ code, lines: err.split('\n').length - 1 }).toEqual({ code: 0, lines: 1 });
    expect([existsSync('../dist/small.onnx'), existsSync('../out')]).toEqual([true, false]);
  });

  test('builds a file without the settings of the project', async () => {
    project(two);
    expect((await archc('build', 'src/mlp.arch', '-o', 'm.onnx')).err).toContain('131 parameters');
    expect((await archc('src/mlp.arch', '-o', 'm.onnx')).err).toContain('131 parameters');
  });

  test('lets the command line win', async () => {
    project(two);
    writeFileSync('given.json', '{ "width": 2 }');
    expect((await archc('build', 'small', '--set', 'width=4', '-o', 'x.onnx')).err).toMatch(/^x\.onnx: .*35 parameters/);
    expect((await archc('build', 'small', '--set-from', 'given.json')).err).toContain('19 parameters');
    expect((await archc('build', '--set', 'width=4')).err.match(/35 parameters/g)).toHaveLength(2);
  });

  test('reports the mistakes of all builds together, in the requested format', async () => {
    writeFileSync('src/bad.arch', mlp.replace('relu', 'rellu'));
    project({ ...two, bad: { model: 'src/bad.arch' }, worse: { model: 'src/bad.arch', out: 'worse.onnx', set: { width: 3 } } });
    const { code, out, err } = await archc('build', '--format', 'json');
    expect({ code, codes: JSON.parse(out).map((d: { code: string }) => d.code) }).toEqual({ code: 1, codes: ['unknown-name'] });
    expect(err.split('\n')).toHaveLength(3);
  });

  test.each([
    [
      'weights',
      { weights: 'missing.safetensors' },
      '"missing.safetensors"',
      'cannot read missing.safetensors: there is no such file or folder',
    ],
    ['a folder', { weights: '.' }, '"."', 'cannot read .: it is a folder'],
    ['a configuration', { config: 'gone.json' }, '"gone.json"', 'gone.json'],
    ['the model', { model: 'src/gone.arch' }, '"src/gone.arch"', 'src/gone.arch does not exist'],
  ])('reports %s that cannot be read at its place, and goes on with the other builds', async (_, broken, text, message) => {
    project({ late: { model: 'src/mlp.arch', out: 'late.onnx', ...broken }, ...two });
    for (const command of ['build', 'check']) {
      const { code, out, err } = await archc(command, '--format', 'json');
      expect(code, err).toBe(2);
      const [found, ...others] = JSON.parse(out);
      expect(others).toEqual([]);
      expect(found).toMatchObject({
        code: 'build-file',
        file: 'archc.json',
        message: expect.stringContaining(`cannot build \`late\`: `),
      });
      expect(found.message).toContain(message);
      const { start, end } = found.range;
      expect(readFileSync('archc.json', 'utf8').slice(start.offset, end.offset)).toBe(text);
      if (command === 'build') expect(err).toMatch(/^dist\/small.*\nout\/mlp.*$/m);
    }
  });

  test('reports an output that cannot be written at its place', async () => {
    writeFileSync('file', '');
    project({ late: { model: 'src/mlp.arch', out: 'file/late.onnx' }, ...two });
    const { code, err } = await archc('build');
    expect(code).toBe(2);
    expect(err).toMatch(/error\[build-file\]: cannot build `late`: /);
    expect(err).toContain('dist/small.onnx: ');
  });

  test.each([
    [
      'through a link',
      { a: { model: 'src/mlp.arch', out: 'dist/m.onnx' }, b: { model: 'src/mlp.arch', out: 'link/m.onnx' } },
      'link/m.onnx',
    ],
    [
      'as a file of a training',
      { a: { model: 'src/mlp.arch', out: 'dist/m.onnx', train: 'Fit' }, b: { model: 'src/mlp.arch', out: 'dist/m.eval.onnx' } },
      'dist/m.eval.onnx',
    ],
  ])('notices two builds that write one file %s', async (_, builds, file) => {
    project(builds);
    mkdirSync('dist');
    symlinkSync('dist', 'link');
    expect(await archc('build')).toMatchObject({ code: 2, err: expect.stringContaining(`the builds \`a\` and \`b\` both wrote ${file}`) });
  });

  test('shows the place of a mistake in the project', async () => {
    project({ web: { model: 'src/mlp.arch', set: { widht: 8 } } });
    process.chdir('src');
    const { code, err } = await archc('build', 'web');
    expect(code).toBe(2);
    expect(err).toContain('--> ../archc.json:6:9');
    // A place on the command line is one there.
    for (const [key, value, at] of [
      ['train', 'Fti', 1],
      ['entry', 'enc', 1],
      ['quantize', 'int4 on fcc.*', 9],
      ['quantize', 'int5', 1],
    ] as const) {
      const line = `{ "builds": { "web": { "model": "src/mlp.arch", "${key}": "${value}" } } }`;
      writeFileSync('../archc.json', line);
      expect((await archc('build', 'web')).err).toContain(`--> ../archc.json:1:${line.indexOf(`"${value}"`) + 1 + at}\n`);
      const given = value.replace(/.$/, 'q');
      expect((await archc('build', 'web', `--${key}`, given)).err).toContain(`--> --${key}:1:${`--${key} `.length + at}\n`);
    }
    writeFileSync('../archc.json', '{ "builds": { "web": { "model": "src/mlp.arch", "targets": 1 } } }');
    for (const command of ['build', 'check', 'cost', 'run', 'train']) {
      const { code: end, err: said } = await archc(command, 'web');
      expect({ command, end }).toEqual({ command, end: 2 });
      expect(said).toContain('error[unknown-project-key]');
    }
  });
});

describe('words that are not files', () => {
  const failures: readonly (readonly [string, object | undefined, readonly string[], string])[] = [
    ['no project', undefined, ['build'], '`archc build` needs a file: there is no archc.json here or above'],
    ['no project for a name', undefined, ['check', 'web'], 'web is neither a source file nor a build: there is no archc.json'],
    ['an unknown build', two, ['build', 'smal'], 'archc.json has no build `smal`\n  = help: did you mean `small`?'],
    ['another unknown build', two, ['cost', 'x'], 'archc.json has no build `x`\n  = help: it has small, large'],
    ['no builds', {}, ['check'], 'archc.json has no builds'],
    ['one output for several', two, ['build', '-o', 'x.onnx'], '`-o` is for one build'],
    ['a file among builds', two, ['build', 'small', 'src/mlp.arch'], '`archc build` takes one file'],
    ['several for one', two, ['cost'], '`archc cost` takes one build\n  = help: choose one: small, large'],
    ['two words', two, ['run', 'small', 'large'], '`archc run` takes one file, so `large` is one too many'],
    ['no such file', { web: { model: 'src/gone.arch' } }, ['run', 'web'], 'cannot build `web`: src/gone.arch does not exist'],
  ];

  test.each(failures)('%s', async (_, builds, args, message) => {
    if (builds !== undefined) project(builds);
    const { code, err } = await archc(...args);
    expect({ code, err }).toEqual({ code: 2, err: expect.stringContaining(message) });
  });

  test.each([
    ['an empty file', ''],
    ['nonsense', 'builds:'],
  ])('%s is no project', async (_, text) => {
    writeFileSync('archc.json', text);
    expect(await archc('build')).toMatchObject({ code: 2, err: expect.stringContaining('error[bad-json]') });
  });

  test('a folder called archc.json is skipped', async () => {
    mkdirSync('archc.json');
    expect((await archc('build')).err).toContain('there is no archc.json');
    writeFileSync('../archc.json', '{ "builds": { "web": { "model": "app/src/mlp.arch" } } }');
    expect((await archc('check')).err).toBe('checked 1 build\n');
    rmSync('../archc.json');
  });

  test('a project that is not UTF-8, or that is a broken link, is not the same as no project', async () => {
    writeFileSync('archc.json', Uint8Array.of(0x7b, 0xff));
    expect((await archc('build')).err).toContain('archc.json: it is not UTF-8 text');
    rmSync('archc.json');
    symlinkSync('nowhere', 'archc.json');
    expect(await archc('build')).toMatchObject({ code: 2, err: expect.stringContaining('archc.json') });
  });
});

describe('other commands', () => {
  test('check takes builds and files together, each with its settings', async () => {
    project({ f16: { model: 'src/mlp.arch', set: { width: -1 } } });
    expect(await archc('check', 'src/mlp.arch')).toMatchObject({ code: 0, err: 'checked 1 file\n' });
    expect((await archc('check', 'src/mlp.arch', 'f16')).code).toBe(1);
    expect((await archc('check')).code).toBe(1);
  });

  test('check reports what a build would report: a model without values, and several models', async () => {
    writeFileSync('src/open.arch', 'model Open(D: int)(x: Tensor[N, D]) -> (y: Tensor[N, D]) { return relu(x) }\n');
    writeFileSync('src/both.arch', readFileSync('src/open.arch', 'utf8') + mlp);
    project({ open: { model: 'src/open.arch' }, given: { model: 'src/open.arch', set: { D: 2 }, out: 'given.onnx' } });
    expect(await archc('check', 'open')).toMatchObject({ code: 2, err: expect.stringContaining('missing-setting') });
    expect(await archc('check', 'given')).toMatchObject({ code: 0 });
    project({ both: { model: 'src/both.arch' } });
    expect(await archc('check')).toMatchObject({ code: 2, err: expect.stringContaining('several-models') });
    for (const [settings, said] of [
      [{ quantize: 'int4 on zz' }, 'unmatched-quantize'],
      [{ train: 'Fti' }, 'unknown-train'],
      [{ entry: 'encode' }, 'unknown-entry'],
      [{ tap: ['zz'] }, 'unmatched-tap'],
      [{ bind: { Q: 3 } }, 'unknown-size'],
      [{ weights: 'none.safetensors' }, 'cannot read none.safetensors'],
    ] as const) {
      project({ mlp: { model: 'src/mlp.arch', ...settings } });
      const { code, err } = await archc('check');
      expect({ said, err }).toEqual({ said, err: expect.stringContaining(said) });
      expect(code).not.toBe(0);
    }
  });

  test('cost, run and weights take the only build of a project if it is not named', async () => {
    project({ small: two.small });
    expect(JSON.parse((await archc('cost', '--json')).out)).toEqual(JSON.parse((await archc('cost', 'small', '--json')).out));
    expect((await archc('weights', 'list', 'small')).out).toContain('67 parameters');
  });

  test('weights check compares a build with its weights', async () => {
    project({ small: two.small });
    await archc('build', '--train', 'Fit');
    project({ small: { ...two.small, weights: 'dist/small.train.safetensors' } });
    expect((await archc('weights', 'check', 'small')).err).toContain('all 4 weights fit');
    project({ small: two.small });
    expect((await archc('weights', 'check', 'small')).err).toContain('needs a weights file');
  });

  test('train takes the block and the settings of a build, and writes to a folder of its own', async () => {
    project({ small: { ...two.small, train: 'Fit' } });
    const row = (i: number) => JSON.stringify({ x: [i % 3, 1, 0, 2], labels: i % 3 });
    writeFileSync('d.jsonl', Array.from({ length: 40 }, (_, i) => row(i)).join('\n'));
    const { code, err } = await archc('train', 'small', '--data', 'd.jsonl', '--epochs', '1', '--quiet');
    expect({ code, err }).toEqual({ code: 0, err: '' });
    expect([existsSync('runs/Fit/best.onnx'), existsSync('dist')]).toEqual([true, false]);
    expect(JSON.parse(readFileSync('runs/Fit/run.json', 'utf8'))).toMatchObject({ model: 'src/mlp.arch', train: 'Fit' });
  });
});

describe('the options of a build', () => {
  const given = (values: Partial<Record<OptionName, readonly string[]>>) => new ParsedOptions(new Map(Object.entries(values) as []));
  const build = (settings: object) => {
    const text = JSON.stringify({ builds: { b: { model: 'm.arch', ...settings } } });
    const found = readProject('archc.json', createMemoryHost({ 'archc.json': text })).project?.builds[0];
    if (found === undefined) throw new Error(text);
    return found;
  };

  test('are options of archc build, except for the source and its hyperparameters', () => {
    const own = buildKeys.filter((key) => optionOf(key) === undefined);
    expect(own).toEqual(['model', 'set']);
    for (const key of buildKeys) expect([...commands.build.options, undefined]).toContain(optionOf(key));
  });

  test('mean the same as on the command line', () => {
    const settings = {
      bind: { N: 1, T: 2 },
      with: ['a', 'b'],
      tap: ['l[*]'],
      dtype: 'f16',
      io: 'f32',
      opset: 23,
      strict: true,
      gradients: true,
    };
    const rest = { optimize: 0, denyFallback: true, target: 'cpu', entry: 'e', train: 'T', name: 'M' };
    const made = compileOptions(withBuild(given({}), 'build', build({ ...settings, ...rest })));
    expect(made).toMatchObject({ ...settings, optimize: 0, denyFallback: true, target: 'cpu', entry: 'e', train: 'T', model: 'M' });
  });

  test('are merged by name if their values have names', () => {
    const merged = withBuild(
      given({ bind: ['T=5'], map: ['a=c'], weights: ['t=own.safetensors'], tap: ['x'] }),
      'build',
      build({
        bind: { N: 1, T: 2 },
        map: { a: 'b', d: 'e' },
        weights: 'a=b',
        frozenWeights: { t: 't', s: 's' },
        tap: ['y', 'z'],
        emit: ['onnx', 'js'],
      }),
    );
    expect(Object.fromEntries(merged.sizes('bind'))).toEqual({ N: 1, T: 5 });
    expect(merged.values('tap')).toEqual(['x']);
    expect(merged.value('emit')).toBe('onnx,js');
    const { file, frozen, patterns } = weightsOptions(merged);
    expect({ file, frozen: Object.fromEntries(frozen) }).toEqual({ file: './a=b', frozen: { s: 's', t: 'own.safetensors' } });
    expect(patterns).toEqual([
      { from: 'd', to: 'e' },
      { from: 'a', to: 'c' },
    ]);
  });

  test('are limited to those that the command has', () => {
    const all = build({ out: 'x.onnx', weights: 'w', copyWeights: true, emit: ['onnx'], seed: 3 });
    expect(withBuild(given({}), 'cost', all).names).toEqual([]);
    expect(withBuild(given({}), 'train', all).names).toEqual(['weights', 'seed']);
  });
});

describe('a setting of archc.json that is wrong', () => {
  test.each([
    ['entry', { entry: 'q' }],
    ['train', { train: 'q' }],
    ['quantize, whose block has no size', { quantize: 'int8/0' }],
    ['quantize, whose pattern matches nothing', { quantize: 'int8 on head' }],
    ['set, with a number that is too large', { set: { width: 12345678901234567890n } }],
    ['set, with null for a number', { set: { width: null } }],
  ])('ends with exit code 2, as on the command line: %s', async (_, settings) => {
    const text = JSON.stringify({ builds: { a: { model: 'src/mlp.arch', out: 'dist/a.onnx', ...settings } } }, (__, value) =>
      typeof value === 'bigint' ? Number(value) : value,
    );
    writeFileSync('archc.json', text.replace('12345678901234567000', '12345678901234567890'));
    for (const command of ['build', 'check']) expect(await archc(command), command).toMatchObject({ code: 2 });
  });
});
