import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  linkSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { writeSafetensors } from '../../src/6-emit/weights/write-safetensors.js';
import { createNodeHost } from '../../src/node/node-host.js';
import { writeAtomically } from '../../src/node/write-atomically.js';
import { bundleCli } from '../kit/bundled-cli.js';
import { nobody } from '../kit/nobody.js';

/**
 * Names that lead elsewhere, and things that are not files: in weights, in outputs, in imports. Each ends in words, with its exit code,
 * leaves nothing behind and waits for nobody.
 */
let root = '';
let cli = '';
/** The user's folder; `outside` is next to it. */
let folder = '';
let outside = '';

beforeAll(async () => {
  root = mkdtempSync(join(tmpdir(), 'archc-paths-'));
  cli = await bundleCli(join(root, 'cli'));
  chmodSync(root, 0o755);
});

afterAll(() => {
  rmSync(root, { recursive: true, force: true });
});

const weightBytes = Buffer.concat(
  writeSafetensors([
    { name: 'fc.weight', dtype: 'f32', shape: [8, 8], bytes: new Uint8Array(256) },
    { name: 'fc.bias', dtype: 'f32', shape: [8], bytes: new Uint8Array(32) },
  ]),
);

beforeEach(() => {
  const place = mkdtempSync(join(root, 'case-'));
  chmodSync(place, 0o755);
  folder = join(place, 'user');
  outside = join(place, 'outside');
  for (const path of [folder, outside]) mkdirSync(path);
  writeFileSync(join(folder, 'm.arch'), 'model M(x: Tensor[N, 8]) -> (y: Tensor[N, 8]) { return x -> fc: Linear(8) }\n');
  writeFileSync(join(outside, 'w.safetensors'), weightBytes);
  writeFileSync(join(folder, 'w.safetensors'), weightBytes);
});

/** Each makes something in the user's folder and gives its name. */
function madeFolder(name: string): string {
  mkdirSync(join(folder, name));
  return name;
}

function fifo(name: string): string {
  spawnSync('mkfifo', [join(folder, name)]);
  return name;
}

function linkTo(target: string, name: string): string {
  symlinkSync(target, join(folder, name));
  return name;
}

function fileOf(content: string | Uint8Array, name: string): string {
  writeFileSync(join(folder, name), content);
  return name;
}

interface Outcome {
  readonly code: number | null;
  readonly err: string;
}

function archc(...args: readonly string[]): Outcome {
  return run(args, {});
}

function archcAsNobody(...args: readonly string[]): Outcome {
  return run(args, nobody ?? {});
}

function run(args: readonly string[], user: { readonly uid?: number; readonly gid?: number }): Outcome {
  const before = filesOf(folder);
  const { status, stderr } = spawnSync(process.execPath, [cli, ...args], { cwd: folder, encoding: 'utf8', timeout: 20_000, ...user });
  if (status !== 0) expect(filesOf(folder), 'nothing is left behind').toEqual(before);
  expect(stderr).not.toMatch(/internal error|^\s+at /m);
  return { code: status, err: stderr };
}

function filesOf(place: string): readonly string[] {
  return readdirSync(place).sort();
}

describe('--weights', () => {
  const things: readonly (readonly [what: string, make: () => string, code: number, words: RegExp])[] = [
    ['a file in another folder, by `..`: the user may name any file', () => '../outside/w.safetensors', 0, /out\.onnx/],
    ['a file by its absolute name', () => join(outside, 'w.safetensors'), 0, /out\.onnx/],
    [
      'a link to a file',
      () => {
        symlinkSync(join(outside, 'w.safetensors'), join(folder, 'link.safetensors'));
        return 'link.safetensors';
      },
      0,
      /out\.onnx/,
    ],
    ['a missing file', () => 'none.safetensors', 2, /^archc: cannot read none\.safetensors: there is no such file/],
    ['a file below a file', () => 'm.arch/w.safetensors', 2, /a part of the path is not a folder/],
    ['a folder', () => '.', 2, /it is a folder/],
    ['a folder called like an index', () => madeFolder('d.json'), 2, /it is a folder/],
    ['an endless device', () => '/dev/zero', 2, /it is not a regular file/],
    ['an empty device', () => '/dev/null', 2, /it is not a regular file/],
    ['a FIFO that nobody writes to', () => fifo('pipe'), 2, /it is not a regular file/],
    ['a link to itself', () => linkTo('loop', 'loop'), 2, /too many symbolic links/],
    ['a link to a device', () => linkTo('/dev/zero', 'z.safetensors'), 2, /it is not a regular file/],
    ['a name that is too long', () => `${'n'.repeat(300)}.safetensors`, 2, /the name is too long/],
    ['an empty file', () => fileOf('', 'e.safetensors'), 2, /0 bytes, less than a header/],
    ['text', () => 'm.arch', 2, /its header has \d+ bytes by its own account/],
  ];

  test.each(things)('%s', (_, make, code, words) => {
    const result = archc('m.arch', '-o', 'out.onnx', '--weights', make());
    expect(result.err).toMatch(words);
    expect(result.code).toBe(code);
  });

  test.runIf(nobody !== undefined)('a file without permission', () => {
    chmodSync(join(folder, 'w.safetensors'), 0);
    expect(archcAsNobody('m.arch', '-o', 'out.onnx', '--weights', 'w.safetensors')).toMatchObject({
      code: 2,
      err: expect.stringMatching(/permission denied/),
    });
  });
});

describe('the index of sharded weights', () => {
  const index = (shard: unknown): string => JSON.stringify({ weight_map: { 'fc.weight': shard, 'fc.bias': shard } });
  const shards: readonly (readonly [shard: unknown, words: RegExp])[] = [
    ['../outside/w.safetensors', /is not the name of a .safetensors file in the same folder/],
    ['./../outside/w.safetensors', /is not the name of/],
    ['sub/../../outside/w.safetensors', /is not the name of/],
    ['..\\outside\\w.safetensors', /is not the name of/],
    ['/etc/w.safetensors', /is not the name of/],
    ['//server/share/w.safetensors', /is not the name of/],
    ['C:\\w.safetensors', /is not the name of/],
    ['C:w.safetensors', /is not the name of/],
    ['file:///etc/w.safetensors', /is not the name of/],
    ['w.safetensors::$DATA', /is not the name of/],
    ['..', /is not the name of/],
    ['', /is not the name of/],
    ['..safetensors', /is not the name of/],
    ['\u2024\u2024/w.safetensors', /is not the name of/],
    ['w\u0000.safetensors', /is not the name of/],
    ['w.safetensors\u0000.txt', /is not the name of/],
    ['w.safetensors\n', /is not the name of/],
    ['W~1.SAFETENSORS', /is not the name of/],
    ['/dev/zero', /is not the name of/],
    [7, /is not the name of/],
    [['w.safetensors'], /is not the name of/],
    ['none.safetensors', /there is no such file/],
  ];

  test.each(shards)('that names %j', (shard, words) => {
    writeFileSync(join(folder, 'w.safetensors.index.json'), index(shard));
    const result = archc('m.arch', '-o', 'out.onnx', '--weights', 'w.safetensors.index.json');
    expect(result.err).toMatch(words);
    expect(result.code).toBe(2);
  });

  test.each([
    ['a folder', (path: string) => mkdirSync(path), /it is a folder/],
    ['a FIFO', (path: string) => spawnSync('mkfifo', [path]), /it is not a regular file/],
    ['a link to a device', (path: string) => symlinkSync('/dev/zero', path), /it is not a regular file/],
  ])('that names %s', (_, make, words) => {
    make(join(folder, 's.safetensors'));
    writeFileSync(join(folder, 'i.json'), index('s.safetensors'));
    expect(archc('m.arch', '-o', 'out.onnx', '--weights', 'i.json')).toMatchObject({ code: 2, err: expect.stringMatching(words) });
  });

  test.each([
    ['symbolic', symlinkSync],
    ['hard', linkSync],
  ])('that names a %s link to a file elsewhere reads it: the user made the link', (_, link) => {
    link(join(outside, 'w.safetensors'), join(folder, 's.safetensors'));
    writeFileSync(join(folder, 'i.json'), index('s.safetensors'));
    expect(archc('m.arch', '-o', 'out.onnx', '--weights', 'i.json')).toMatchObject({ code: 0 });
  });

  test('that is endless is not read', () => {
    symlinkSync('/dev/zero', join(folder, 'i.json'));
    expect(archc('m.arch', '-o', 'out.onnx', '--weights', 'i.json')).toMatchObject({
      code: 2,
      err: expect.stringMatching(/not a regular file/),
    });
  });
});

describe('-o', () => {
  const outputs: readonly (readonly [what: string, make: () => string, words: RegExp])[] = [
    ['a device', () => '/dev/null', /cannot write \/dev\/null: it is not a regular file/],
    ['a FIFO that nobody reads', () => fifo('pipe'), /cannot write pipe: it is not a regular file/],
    ['a link to a device', () => linkTo('/dev/full', 'l'), /cannot write l: it is not a regular file/],
    ['a link to itself', () => linkTo('l', 'l'), /cannot write l: too many symbolic links/],
    ['a link to nowhere', () => linkTo('nowhere', 'l'), /cannot write l: there is no such file/],
    ['a place below a file', () => 'm.arch/out.onnx', /a part of the path is not a folder/],
    ['a name that is too long', () => `${'n'.repeat(300)}.onnx`, /the name is too long/],
  ];

  test.each(outputs)('%s', (_, make, words) => {
    const result = archc('m.arch', '-o', make());
    expect(result.err).toMatch(words);
    expect(result.code).toBe(2);
    expect(filesOf(outside)).toEqual(['w.safetensors']);
  });

  test('a folder that is not there is made, also for what `--emit` writes', () => {
    expect(archc('m.arch', '-o', 'new/inner/out.onnx', '--emit', 'onnx,js', '-q')).toEqual({ code: 0, err: '' });
    expect(filesOf(join(folder, 'new/inner'))).toEqual(['out.arch.js', 'out.onnx']);
    expect(archc('m.arch', '-o', 'types/out.onnx', '--emit', 'dts', '-q')).toEqual({ code: 0, err: '' });
    expect(filesOf(join(folder, 'types'))).toEqual(['out.arch.d.ts']);
  });

  test('a folder takes the name of the source, and one that ends in a slash is made', () => {
    mkdirSync(join(folder, 'there'));
    expect(archc('m.arch', '-o', 'there', '-q')).toEqual({ code: 0, err: '' });
    expect(archc('m.arch', '-o', 'new/inner/', '-q')).toEqual({ code: 0, err: '' });
    expect([filesOf(join(folder, 'there')), filesOf(join(folder, 'new/inner'))]).toEqual([['m.onnx'], ['m.onnx']]);
  });

  test('a name as long as names may be', () => {
    const name = `${'n'.repeat(250)}.onnx`;
    expect(archc('m.arch', '-o', name, '-q')).toEqual({ code: 0, err: '' });
    expect(existsSync(join(folder, name))).toBe(true);
  });

  test('the source itself is refused', () => {
    const source = readFileSync(join(folder, 'm.arch'), 'utf8');
    expect(archc('m.arch', '-o', 'm.arch')).toMatchObject({ code: 2, err: expect.stringMatching(/the build reads this file/) });
    expect(readFileSync(join(folder, 'm.arch'), 'utf8')).toBe(source);
  });

  test('the weights themselves are refused', () => {
    expect(archc('m.arch', '-o', 'w.safetensors', '--weights', './w.safetensors')).toMatchObject({
      code: 2,
      err: expect.stringMatching(/the build reads this file/),
    });
    expect(readFileSync(join(folder, 'w.safetensors')).equals(weightBytes)).toBe(true);
  });

  test('a disk that is too small is not filled up first', () => {
    const body = '  for i in 0..1000 {\n    param w: Tensor[65536, 1048576] = zeros named "w{i}"\n    x = x + w[0, 0]\n  }\n';
    fileOf(`model M(x: Tensor[N, 8]) -> (y: Tensor[N, 8]) {\n${body}  return x\n}\n`, 'huge.arch');
    const words = /cannot write out\.onnx: its data has 274877906944000 bytes, and the disk has room for \d+$/m;
    expect(archc('huge.arch', '-o', 'out.onnx')).toMatchObject({ code: 2, err: expect.stringMatching(words) });
  });

  test('a link to a file elsewhere writes there, and the link stays', () => {
    writeFileSync(join(outside, 'target'), 'old');
    symlinkSync(join(outside, 'target'), join(folder, 'l'));
    expect(archc('m.arch', '-o', 'l')).toMatchObject({ code: 0 });
    expect(filesOf(outside)).toEqual(['target', 'w.safetensors']);
  });

  describe('of a model with several entries', () => {
    const source = (first: string) => {
      const entry = (name: string) => `  entry ${name}(x: Tensor[N, 64]) -> (y: Tensor[N, 64]) { return fc(x) }\n`;
      return `model Several {\n  fc = Linear(64)\n${entry(first)}${entry('step')}}\n`;
    };
    const locationIn = (file: string) => /out[-+][0-9a-f]{12}\.data/.exec(readFileSync(join(folder, file), 'latin1'))?.[0];

    test.each(['out', 'out.onnx'])('%s keeps the weights of an entry that the model no longer has', (out) => {
      fileOf(source('encode'), 'several.arch');
      expect(archc('several.arch', '-o', out, '-q')).toEqual({ code: 0, err: '' });
      const old = `out.encode${out.slice('out'.length)}`;
      const location = locationIn(old);
      fileOf(source('other'), 'several.arch');
      expect(archc('several.arch', '-o', out, '-q', '--seed', '1')).toEqual({ code: 0, err: '' });
      expect(locationIn(old)).toBe(location);
      expect(filesOf(folder)).toContain(location);
    });

    test('is not written through links to other folders, where it would not find the weights', () => {
      fileOf(source('encode'), 'several.arch');
      writeFileSync(join(outside, 'target'), 'old');
      symlinkSync(join(outside, 'target'), join(folder, 'out.encode.onnx'));
      const words =
        'archc: cannot write out.step.onnx: it is in another folder than out.encode.onnx after links are followed, and both need the same file of weights\n';
      expect(archc('several.arch', '-o', 'out.onnx')).toEqual({ code: 2, err: words });
      expect(filesOf(outside)).toEqual(['target', 'w.safetensors']);
      expect(archc('several.arch', '-o', 'out.onnx', '-q', '--external-data', 'never')).toEqual({ code: 0, err: '' });
    });

    test('is not written through two links to one file', () => {
      fileOf(source('encode'), 'several.arch');
      writeFileSync(join(folder, 'one'), 'old');
      for (const entry of ['encode', 'step']) symlinkSync('one', join(folder, `out.${entry}.onnx`));
      const words = 'archc: cannot write out.step.onnx: it is a link to the file of another entry\n';
      expect(archc('several.arch', '-o', 'out.onnx')).toEqual({ code: 2, err: words });
      expect(readFileSync(join(folder, 'one'), 'utf8')).toBe('old');
    });
  });

  test.runIf(nobody !== undefined)('a folder without permission', () => {
    mkdirSync(join(folder, 'shut'), 0o500);
    expect(archcAsNobody('m.arch', '-o', 'shut/out.onnx')).toMatchObject({ code: 2, err: expect.stringMatching(/permission denied/) });
  });
});

describe('import', () => {
  const imports: readonly (readonly [what: string, make: () => string, code: string, words: RegExp])[] = [
    ['a missing file', () => './none.arch', 'unknown-module', /does not exist/],
    ['a file below a file', () => './m.arch/a.arch', 'unknown-module', /does not exist/],
    ['a folder', () => './', 'unreadable-module', /only files whose names end in \.arch are imported/],
    ['a folder with the name of a source', () => madeFolder('./f.arch'), 'unreadable-module', /it is a folder/],
    ['the folder above', () => '..', 'unreadable-module', /only files whose names end/],
    ['nothing', () => '', 'unknown-module', /the file "" does not exist/],
    ['a device', () => '/dev/zero', 'unreadable-module', /only files whose names end/],
    ['a link to a device', () => linkTo('/dev/zero', './z.arch'), 'unreadable-module', /it is not a regular file/],
    ['a FIFO', () => fifo('./pipe.arch'), 'unreadable-module', /it is not a regular file/],
    ['a link to itself', () => linkTo('l.arch', './l.arch'), 'unreadable-module', /too many symbolic links/],
    ['a file of the system', () => '/etc/passwd', 'unreadable-module', /only files whose names end/],
    [
      'a link to a file of the system',
      () => linkTo('/etc/passwd', './p.arch'),
      'unreadable-module',
      /it is a link to a file whose name does not end/,
    ],
    [
      'a link to a link to a file of the system',
      () => linkTo(linkTo('/etc/passwd', 'q.arch'), './p.arch'),
      'unreadable-module',
      /it is a link/,
    ],
    ['a file that is not UTF-8', () => fileOf(Buffer.of(0x6c, 0xff, 0xfe), './b.arch'), 'unreadable-module', /not UTF-8/],
    ['weights', () => './w.safetensors', 'unreadable-module', /only files whose names end/],
    ['a name with an escaped NUL', () => './a\u0000b.arch', 'bad-escape', /`\\u` is not an escape/],
    ['a name that is too long', () => `./${'n'.repeat(300)}.arch`, 'unreadable-module', /the name is too long/],
  ];

  test.each(imports)('%s', (_, make, code, words) => {
    writeFileSync(join(folder, 'i.arch'), `import { a } from ${JSON.stringify(make())}\n${readFileSync(join(folder, 'm.arch'), 'utf8')}`);
    const result = archc('i.arch', '-o', 'out.onnx');
    expect(result.err).toContain(`[${code}]`);
    expect(result.err).toMatch(words);
    expect(result.err).not.toContain('root:');
    expect(result.code).toBe(1);
  });

  test('a file above the folder is the choice of the source', () => {
    writeFileSync(join(outside, 'a.arch'), 'let a = 8\n');
    writeFileSync(
      join(folder, 'i.arch'),
      'import { a } from "../outside/a.arch"\nmodel M(x: Tensor[N, 8]) -> (y: Tensor[N, 8]) { return x * a }\n',
    );
    expect(archc('i.arch', '-o', 'out.onnx')).toMatchObject({ code: 0 });
  });
});

test('a name with NUL is refused in words by everything that opens files', () => {
  const host = createNodeHost(folder);
  const words = /: the name contains a NUL character$/;
  expect(() => host.read('m.arch\0')).toThrow(words);
  expect(() => host.openBinary('w.safetensors\0.json')).toThrow(words);
  expect(() => writeAtomically(join(folder, 'out\0.onnx'), [])).toThrow(words);
  expect(fileOf('import { a } from "./a\0.arch"\n', 'nul.arch')).toBe('nul.arch');
  expect(archc('check', 'nul.arch')).toMatchObject({
    code: 1,
    err: expect.stringMatching(/^error\[forbidden-character\]: the source contains a NUL character$/m),
  });
});

describe('the source', () => {
  const sources: readonly (readonly [what: string, make: () => string, words: RegExp])[] = [
    ['missing', () => 'none.arch', /none\.arch does not exist/],
    ['a folder', () => './', /\.\/ is not a source file/],
    ['a folder with the name of a source', () => madeFolder('f.arch'), /it is a folder/],
    ['a device', () => '/dev/zero', /\/dev\/zero is not a source file/],
    ['a link to a device', () => linkTo('/dev/zero', 'z.arch'), /it is not a regular file/],
    ['a FIFO', () => fifo('pipe.arch'), /it is not a regular file/],
    ['a file of the system', () => '/etc/passwd', /\/etc\/passwd is not a source file/],
    ['a link to a file of the system', () => linkTo('/etc/passwd', 'p.arch'), /it is a link to a file whose name does not end in \.arch/],
    ['not UTF-8', () => fileOf(Buffer.of(0xff), 'b.arch'), /it is not UTF-8/],
  ];

  test.each(sources)('%s', (_, make, words) => {
    const source = make();
    for (const command of ['build', 'check', 'fmt', 'cost', 'run', 'weights list']) {
      const result = archc(...command.split(' '), source);
      expect(result.err).toMatch(words);
      expect(result.err).not.toContain('root:');
      expect(result.code).toBe(2);
    }
  });
});
