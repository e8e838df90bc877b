/// <reference types="node" />
import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  chownSync,
  closeSync,
  existsSync,
  ftruncateSync,
  linkSync,
  lstatSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  symlinkSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { hostname } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { OnnxGraph } from '../../src/5-optimize/lowering/onnx-graph.js';
import { decodeOnnx } from '../../src/6-emit/onnx/decode.js';
import { joinChunks } from '../../src/6-emit/onnx/encode.js';
import { rawElements } from '../../src/6-emit/onnx/raw-data.js';
import { initializeWeights } from '../../src/6-emit/weights/initialize-weights.js';
import { matchWeights } from '../../src/6-emit/weights/match-weights.js';
import { openWeights } from '../../src/6-emit/weights/weight-file.js';
import { writeSafetensors } from '../../src/6-emit/weights/write-safetensors.js';
import { Report } from '../../src/diagnostics/report.js';
import { HostError } from '../../src/host.js';
import { createNodeHost } from '../../src/node/node-host.js';
import { writeAtomically } from '../../src/node/write-atomically.js';
import { type WriteModelOptions, writeModel } from '../../src/node/write-model.js';
import { nobody } from '../kit/nobody.js';
import { expectSameAsOracle } from '../kit/oracle.js';
import { useOrt } from '../kit/ort.js';
import { array, linearGraph, parameter, type, wideGraph } from './graphs.js';
import { buildWriterChild, start, temporaryFilesIn, temporaryFolder } from './writer.js';

const root = temporaryFolder();
const child = buildWriterChild(root);
const ort = useOrt();
const place = { file: 'm.arch', start: 0, end: 1 };
const meta = { version: '0.1.0' };

let folders = 0;
function newFolder(): string {
  const folder = join(root, `${folders++}`);
  mkdirSync(folder);
  return folder;
}

function linkTo(target: string, folder: string): string {
  symlinkSync(target, join(folder, 'link'));
  return join(folder, 'link');
}

function fifo(folder: string): string {
  spawnSync('mkfifo', [join(folder, 'pipe')]);
  return join(folder, 'pipe');
}

function fileAsFolder(folder: string): string {
  writeFileSync(join(folder, 'file'), '');
  return join(folder, 'file/m.onnx');
}

type Options = Partial<Pick<WriteModelOptions, 'external' | 'copyWeights'>>;

async function writeInitialised(path: string, graph: OnnxGraph, seed = 0, options: Options = {}) {
  const report = new Report();
  const weights = initializeWeights(
    graph.parameters.map((p) => p.parameter),
    seed,
    report,
  );
  const written = await writeModel(
    path,
    { files: [{ path, graph, place }], weights, meta },
    { external: 'always', copyWeights: false, report, place, ...options },
  );
  expect(report.diagnostics).toEqual([]);
  return written ?? expect.fail();
}

async function writeStored(path: string, graph: OnnxGraph, file: string, options: Options = {}) {
  const report = new Report();
  const stored = openWeights(file, createNodeHost(), report, place) ?? expect.fail(report.diagnostics[0]?.message);
  const { sources } = matchWeights(
    graph.parameters.map((p) => p.parameter),
    stored,
    { patterns: [] },
    report,
    place,
  );
  const written = await writeModel(
    path,
    { files: [{ path, graph, place }], weights: sources, meta },
    { external: 'always', copyWeights: false, report, place, ...options },
  );
  stored.close();
  expect(report.diagnostics).toEqual([]);
  return written ?? expect.fail();
}

/** Where the model says that its weights are: `name -> location, offset, length`. */
function places(path: string) {
  const { graph } = expectSameAsOracle(readFileSync(path));
  return Object.fromEntries(
    (graph?.initializer ?? []).map((tensor) => {
      const { location, offset, length } = Object.fromEntries((tensor.externalData ?? []).map(({ key = '', value }) => [key, value]));
      return [tensor.name ?? '', location === undefined ? 'inline' : { location, offset: Number(offset), length: Number(length) }];
    }),
  );
}

const input = {
  x: array(
    'f32',
    [1, 600],
    Array.from({ length: 600 }, (_, i) => Math.sin(i)),
  ),
};

describe('external data', () => {
  test('has the same values as inline weights, aligned, and ONNX Runtime reads it', async () => {
    const folder = newFolder();
    const graph = linearGraph(600, 500);
    await writeInitialised(join(folder, 'inline.onnx'), graph, 3, { external: 'never' });
    const written = await writeInitialised(join(folder, 'outside.onnx'), graph, 3);
    expect(written.dataFile?.name).toMatch(/^outside-[0-9a-f]{12}\.data$/);
    expect(readdirSync(folder).sort()).toEqual(['inline.onnx', written.dataFile?.name, 'outside.onnx'].sort());
    const location = written.dataFile?.name;
    expect(places(join(folder, 'outside.onnx'))).toEqual({
      // 1.2 MB at a multiple of 64 KiB; 2 KB at the next multiple of 4 KiB.
      'fc.weight': { location, offset: 0, length: 1_200_000 },
      'fc.bias': { location, offset: 293 * 4096, length: 2000 },
    });
    const inline = await ort.run(join(folder, 'inline.onnx'), input);
    expect(await ort.run(join(folder, 'outside.onnx'), input)).toEqual(inline);
    expect(new Set(inline.y?.data).size).toBeGreaterThan(400);
  });

  test('leaves small tensors in the model, and everything where no data is asked for', async () => {
    const folder = newFolder();
    await writeInitialised(join(folder, 'm.onnx'), linearGraph(300, 10));
    expect(places(join(folder, 'm.onnx'))).toMatchObject({ 'fc.bias': 'inline', 'fc.weight': { length: 12_000 } });
    expect((await writeInitialised(join(folder, 'auto.onnx'), linearGraph(300, 10), 0, { external: 'auto' })).dataFile).toBeUndefined();
  });

  test('is the same, byte for byte and by name, for the same weights', async () => {
    const [a, b] = [newFolder(), newFolder()];
    const first = await writeInitialised(join(a, 'm.onnx'), linearGraph(300, 200), 5);
    const second = await writeInitialised(join(b, 'm.onnx'), linearGraph(300, 200), 5);
    expect(second).toEqual(first);
    for (const name of ['m.onnx', first.dataFile?.name ?? ''])
      expect(readFileSync(join(a, name)).equals(readFileSync(join(b, name)))).toBe(true);
  });

  test('of the model that is replaced is removed, and nothing else', async () => {
    const folder = newFolder();
    const out = join(folder, 'm.onnx');
    const first = await writeInitialised(out, linearGraph(300, 200), 1);
    // Not referred to by the model: not ours to remove.
    for (const name of ['m-0123456789ab.data', 'other-0123456789ab.data', 'm.data']) writeFileSync(join(folder, name), 'x');
    const second = await writeInitialised(out, linearGraph(300, 200), 2);
    expect(second.dataFile?.name).not.toBe(first.dataFile?.name);
    expect(readdirSync(folder).sort()).toEqual(
      [second.dataFile?.name, 'm-0123456789ab.data', 'm.data', 'm.onnx', 'other-0123456789ab.data'].sort(),
    );
    // Once more the same: the data file stays.
    expect(await writeInitialised(out, linearGraph(300, 200), 2)).toEqual(second);
    expect(existsSync(join(folder, second.dataFile?.name ?? ''))).toBe(true);
    // And without data outside there is none left.
    await writeInitialised(out, linearGraph(300, 200), 2, { external: 'never' });
    expect(readdirSync(folder).sort()).toEqual(['m-0123456789ab.data', 'm.data', 'm.onnx', 'other-0123456789ab.data']);
  });
});

describe('weights from safetensors', () => {
  function safetensors(path: string, dtype: 'f32' | 'f16' = 'f32'): void {
    const values = (count: number) => Float64Array.from({ length: count }, (_, i) => ((i * 37) % 101) / 64 - 0.5);
    writeFileSync(
      path,
      joinChunks(
        writeSafetensors([
          { name: 'fc.weight', dtype, shape: [500, 600], bytes: rawElements(dtype, values(300_000)) },
          { name: 'fc.bias', dtype, shape: [500], bytes: rawElements(dtype, values(500)) },
        ]),
      ),
    );
  }

  test('in the output folder are referred to in place, elsewhere or on request copied, with equal results', async () => {
    const folder = newFolder();
    const elsewhere = newFolder();
    safetensors(join(folder, 'w.safetensors'));
    safetensors(join(elsewhere, 'w.safetensors'));
    const graph = linearGraph(600, 500);
    const inPlace = await writeStored(join(folder, 'in-place.onnx'), graph, join(folder, 'w.safetensors'));
    expect(inPlace).toMatchObject({ dataFile: undefined, referenced: ['w.safetensors'] });
    const at = places(join(folder, 'in-place.onnx'))['fc.weight'];
    expect(at).toMatchObject({ location: 'w.safetensors', length: 1_200_000 });
    const copied = await writeStored(join(folder, 'copied.onnx'), graph, join(elsewhere, 'w.safetensors'));
    expect(copied).toMatchObject({ referenced: [], dataFile: { name: expect.stringMatching(/^copied-/) } });
    const asked = await writeStored(join(folder, 'asked.onnx'), graph, join(folder, 'w.safetensors'), { copyWeights: true });
    expect(asked).toMatchObject({ referenced: [], dataFile: { name: expect.stringMatching(/^asked-/) } });
    const inline = await writeStored(join(folder, 'inline.onnx'), graph, join(folder, 'w.safetensors'), { external: 'never' });
    expect(inline).toMatchObject({ referenced: [], dataFile: undefined });
    const expected = await ort.run(join(folder, 'inline.onnx'), input);
    for (const name of ['in-place', 'copied', 'asked']) expect(await ort.run(join(folder, `${name}.onnx`), input), name).toEqual(expected);
  });

  test('that are links into another folder are copied: the model could not follow them', async () => {
    const folder = newFolder();
    const elsewhere = newFolder();
    safetensors(join(elsewhere, 'w.safetensors'));
    symlinkSync(join(elsewhere, 'w.safetensors'), join(folder, 'w.safetensors'));
    const written = await writeStored(join(folder, 'm.onnx'), linearGraph(600, 500), join(folder, 'w.safetensors'));
    expect(written).toMatchObject({ referenced: [], dataFile: { name: expect.stringMatching(/^m-/) } });
  });

  test('of another width are converted into the data file, though they lie in the output folder', async () => {
    const folder = newFolder();
    safetensors(join(folder, 'half.safetensors'), 'f16');
    safetensors(join(folder, 'full.safetensors'), 'f32');
    const written = await writeStored(join(folder, 'm.onnx'), linearGraph(600, 500), join(folder, 'half.safetensors'));
    expect(written).toMatchObject({ referenced: [], dataFile: { name: expect.stringMatching(/^m-/) } });
    // All values are multiples of 1/64 below 2: float16 holds them exactly.
    await writeStored(join(folder, 'full.onnx'), linearGraph(600, 500), join(folder, 'full.safetensors'));
    expect(await ort.run(join(folder, 'm.onnx'), input)).toEqual(await ort.run(join(folder, 'full.onnx'), input));
  });

  test('of 768 MiB are copied with less than 200 MiB of memory', async () => {
    const folder = newFolder();
    const file = join(folder, 'w.safetensors');
    const header = JSON.stringify(
      Object.fromEntries(
        Array.from({ length: 3 }, (_, i) => [`w${i}`, { dtype: 'F32', shape: [2 ** 26], data_offsets: [i * 2 ** 28, (i + 1) * 2 ** 28] }]),
      ),
    );
    const descriptor = openSync(file, 'w');
    const prefix = Buffer.alloc(8);
    prefix.writeBigUInt64LE(BigInt(header.length));
    writeSync(descriptor, prefix);
    writeSync(descriptor, header);
    // A sparse file: reading and writing it is real, keeping it on the disk is not.
    ftruncateSync(descriptor, 8 + header.length + 3 * 2 ** 28);
    closeSync(descriptor);
    const { stdout, stderr } = await start(process.execPath, [child, join(folder, 'm.onnx'), '3', '256', '0', file]).finished;
    expect(stderr).toBe('');
    const { written, peakMiB } = JSON.parse(stdout.split('\n')[1] ?? '');
    expect(written.dataFile.size).toBe(3 * 2 ** 28);
    expect(peakMiB).toBeLessThan(200);
  });

  test('a file that becomes shorter while it is copied is an error, and nothing is left', async () => {
    const folder = newFolder();
    const elsewhere = newFolder();
    const file = join(elsewhere, 'w.safetensors');
    safetensors(file);
    const report = new Report();
    const stored = openWeights(file, createNodeHost(), report, place) ?? expect.fail();
    const graph = linearGraph(600, 500);
    const weights = matchWeights(
      graph.parameters.map((p) => p.parameter),
      stored,
      { patterns: [] },
      report,
      place,
    ).sources;
    ftruncateSync(openSync(file, 'r+'), 1000);
    const writing = writeModel(
      join(folder, 'm.onnx'),
      { files: [{ path: join(folder, 'm.onnx'), graph, place }], weights, meta },
      { external: 'always', copyWeights: false, report, place },
    );
    await expect(writing).rejects.toThrow(/w\.safetensors: it became shorter while it was being read/);
    expect(readdirSync(folder)).toEqual([]);
  });
});

describe('the output', () => {
  const bytes = (text: string) => [new TextEncoder().encode(text)];

  test('is made with the file mode of a new file, and replaced in one step', () => {
    const path = join(newFolder(), 'f');
    writeAtomically(path, bytes('old'));
    const before = lstatSync(path).ino;
    writeAtomically(path, bytes('new'));
    expect(readFileSync(path, 'utf8')).toBe('new');
    expect(lstatSync(path).ino).not.toBe(before);
    writeFileSync(`${path}2`, '');
    expect(lstatSync(path).mode).toBe(lstatSync(`${path}2`).mode);
  });

  test.skipIf(process.platform === 'win32').each([0o600, 0o640, 0o660, 0o666, 0o755, 0o604])('keeps the mode %o', async (mode) => {
    const folder = newFolder();
    const path = join(folder, 'm.onnx');
    writeFileSync(path, 'old');
    chmodSync(path, mode);
    writeAtomically(path, bytes('new'));
    expect(lstatSync(path).mode & 0o777).toBe(mode);
    await writeInitialised(path, linearGraph(300, 200));
    const modes = readdirSync(folder).map((name) => lstatSync(join(folder, name)).mode & 0o777);
    expect(modes).toEqual([mode, mode]);
  });

  test.runIf(nobody?.uid !== undefined)('keeps its owner and group, as far as the system allows', async () => {
    const path = join(newFolder(), 'm.onnx');
    writeFileSync(path, 'old');
    chownSync(path, 65534, 65534);
    writeAtomically(path, bytes('new'));
    expect(lstatSync(path)).toMatchObject({ uid: 65534, gid: 65534 });
    // Somebody else who may write the file, but cannot give files to its group: another group gets what everybody has.
    const shared = newFolder();
    const other = join(shared, 'm.onnx');
    writeFileSync(other, 'old');
    chownSync(other, 65534, 12345);
    chmodSync(other, 0o664);
    chmodSync(shared, 0o777);
    chmodSync(root, 0o755);
    const { code } = await start(process.execPath, [child, other, '1', '1', '1'], { uid: 65534, gid: 65534 }).finished;
    expect(code).toBe(0);
    expect(lstatSync(other)).toMatchObject({ uid: 65534, gid: 65534 });
    expect(lstatSync(other).mode & 0o777).toBe(0o644);
  });

  test('that is read-only is refused before anything is written', async () => {
    const folder = newFolder();
    const path = join(folder, 'm.onnx');
    writeFileSync(path, 'old');
    chmodSync(path, 0o444);
    expect(() => writeAtomically(path, bytes('new'))).toThrow('the file is read-only');
    await expect(writeInitialised(path, linearGraph(300, 200))).rejects.toThrow(`cannot write ${path}: the file is read-only`);
    expect(readFileSync(path, 'utf8')).toBe('old');
    expect(readdirSync(folder)).toEqual(['m.onnx']);
  });

  test('replaces the target of a link; the link stays', () => {
    const folder = newFolder();
    mkdirSync(join(folder, 'there'));
    writeFileSync(join(folder, 'there/target'), 'old');
    symlinkSync('there/target', join(folder, 'link'));
    writeAtomically(join(folder, 'link'), bytes('new'));
    expect(readlinkSync(join(folder, 'link'))).toBe('there/target');
    expect(readFileSync(join(folder, 'there/target'), 'utf8')).toBe('new');
    expect(readdirSync(join(folder, 'there'))).toEqual(['target']);
  });

  test('gets its folder', async () => {
    const folder = newFolder();
    writeAtomically(join(folder, 'a/b/text'), bytes('new'));
    expect(readFileSync(join(folder, 'a/b/text'), 'utf8')).toBe('new');
    await writeInitialised(join(folder, 'c/d/m.onnx'), linearGraph(300, 200));
    expect(readdirSync(join(folder, 'c/d'))).toContain('m.onnx');
  });

  test('with another name keeps its old content under that name', () => {
    const folder = newFolder();
    writeFileSync(join(folder, 'a'), 'old');
    linkSync(join(folder, 'a'), join(folder, 'b'));
    writeAtomically(join(folder, 'a'), bytes('new'));
    expect(readFileSync(join(folder, 'b'), 'utf8')).toBe('old');
  });

  test.each<[string, (folder: string) => string, RegExp]>([
    ['a folder', (folder) => folder, /it is a folder/],
    ['a link to a folder', (folder) => linkTo('.', folder), /it is a folder/],
    ['a link to nowhere', (folder) => linkTo('nowhere', folder), /there is no such file or folder/],
    ['a link to itself', (folder) => linkTo('link', folder), /too many symbolic links/],
    ['a device', () => '/dev/null', /it is not a regular file/],
    ['a link to a device', (folder) => linkTo('/dev/null', folder), /it is not a regular file/],
    ['a FIFO', fifo, /it is not a regular file/],
    ['a file as folder', fileAsFolder, /a part of the path is not a folder/],
    ['a name of 300 characters', (folder) => join(folder, 'x'.repeat(300)), /the name is too long/],
  ])('cannot be %s', async (_, make, message) => {
    const folder = newFolder();
    const path = make(folder);
    const before = readdirSync(folder);
    expect(() => writeAtomically(path, bytes('new'))).toThrow(HostError);
    expect(() => writeAtomically(path, bytes('new'))).toThrow(message);
    await expect(writeInitialised(path, linearGraph(300, 10))).rejects.toThrow(message);
    expect(readdirSync(folder)).toEqual(before);
  });

  test('stays as it is if the weights fail', async () => {
    const folder = newFolder();
    const out = join(folder, 'm.onnx');
    await writeInitialised(out, linearGraph(300, 200));
    const before = readdirSync(folder);
    const old = readFileSync(out);
    const failing = {
      length: 240_000,
      *blocks() {
        yield new Uint8Array(1000);
        throw new HostError('the disk is on fire');
      },
    };
    const graph = linearGraph(300, 200);
    const weights = initializeWeights(
      graph.parameters.map((p) => p.parameter),
      1,
      new Report(),
    );
    const writing = writeModel(
      out,
      { files: [{ path: out, graph, place }], weights: new Map([...weights, ['fc.weight', failing]]), meta },
      { external: 'always', copyWeights: false, report: new Report(), place },
    );
    await expect(writing).rejects.toThrow('the disk is on fire');
    expect(readFileSync(out).equals(old)).toBe(true);
    expect(readdirSync(folder)).toEqual(before);
  });

  test('is not begun if the model would be too large', async () => {
    const folder = newFolder();
    const graph = { ...linearGraph(), parameters: [parameter('w', type('f32', 2 ** 30))] };
    const report = new Report();
    const weights = initializeWeights(
      graph.parameters.map((p) => p.parameter),
      0,
      report,
    );
    expect(
      await writeModel(
        join(folder, 'm.onnx'),
        { files: [{ path: join(folder, 'm.onnx'), graph, place }], weights, meta },
        { external: 'never', copyWeights: false, report, place },
      ),
    ).toBeUndefined();
    expect(report.diagnostics.map((d) => d.code)).toEqual(['onnx-too-large']);
    expect(readdirSync(folder)).toEqual([]);
  });

  test('may be written by two processes at once', async () => {
    const folder = newFolder();
    const out = join(folder, 'm.onnx');
    const runs = Array.from({ length: 4 }, (_, i) => start(process.execPath, [child, out, '2', '8', `${i}`]).finished);
    for (const run of await Promise.all(runs)) expect(run).toMatchObject({ code: 0, stderr: '' });
    const { graph } = decodeOnnx(readFileSync(out));
    expect(graph?.initializer).toHaveLength(2);
    const [first] = Object.values(places(out));
    expect(existsSync(join(folder, (first as { location: string }).location))).toBe(true);
    expect(temporaryFilesIn(folder)).toEqual([]);
    const result = await ort.run(out, {});
    // Which of the four is last is open; it is one of them, not a mixture: w0 + w1 = 2*level + 1.
    expect(new Set(result.y?.data).size).toBe(1);
    expect(result.y?.data[0]).toBeOneOf([1, 3, 5, 7]);
  });
});

describe('many builds of one output', () => {
  /** The model is complete, and nothing else lies in its folder. */
  const expectOneModel = (out: string) => {
    const [first] = Object.values(places(out));
    const { location = '' } = first as { location?: string };
    expect(readdirSync(dirname(out)).sort()).toEqual([basename(out), location].sort());
  };

  test('that alternate between the same weights leave one complete model, in every round', async () => {
    const out = join(newFolder(), 'm.onnx');
    for (let round = 0; round < 40; round++) {
      await Promise.all([1, 2, 1, 3].map((seed) => writeInitialised(out, linearGraph(300, 10), (seed + round) % 3)));
      expectOneModel(out);
    }
  });

  test('in processes of their own do, too', async () => {
    const out = join(newFolder(), 'm.onnx');
    for (let round = 0; round < 5; round++) {
      const runs = [0, 1, 0, 2].map((level) => start(process.execPath, [child, out, '1', '2', `${(level + round) % 3}`]).finished);
      for (const run of await Promise.all(runs)) expect(run).toMatchObject({ code: 0, stderr: '' });
      expectOneModel(out);
    }
  });

  test('take the lock of a process that was killed, and remove what it had announced', async () => {
    const folder = newFolder();
    const out = join(folder, 'm.onnx');
    await writeInitialised(out, linearGraph(300, 10), 1);
    const before = readdirSync(folder);
    const place = `${hostname()} ${existsSync('/proc/self/ns/pid') ? readlinkSync('/proc/self/ns/pid') : ''}`.trim();
    const gone = spawnSync(process.execPath, ['-e', '']).pid;
    // What it had made, another file of the user, and a name that leads elsewhere.
    for (const name of ['m-00000000aaaa.data', 'n-00000000aaaa.data']) writeFileSync(join(folder, name), '');
    writeFileSync(
      join(folder, '.m.onnx.lock'),
      `${gone} ${place} 0123\nm-00000000aaaa.data\nn-00000000aaaa.data\n../m-00000000bbbb.data\n`,
    );
    await writeInitialised(out, linearGraph(300, 10), 1);
    expect(readdirSync(folder)).toEqual([...before, 'n-00000000aaaa.data']);
  });

  test('wait for a process that holds the lock', async () => {
    const folder = newFolder();
    const out = join(folder, 'm.onnx');
    const lock = join(folder, '.m.onnx.lock');
    writeFileSync(lock, `${process.pid} ${hostname()} 0123\n`);
    let isWritten = false;
    const writing = writeInitialised(out, linearGraph(300, 10)).then(() => {
      isWritten = true;
    });
    await new Promise((resolve) => setTimeout(resolve, 300));
    expect([isWritten, existsSync(out)]).toEqual([false, false]);
    rmSync(lock);
    await writing;
    expectOneModel(out);
  });

  test('with names that differ in the ending share no data', async () => {
    const folder = newFolder();
    await writeInitialised(join(folder, 'm.onnx'), linearGraph(300, 10), 1);
    await writeInitialised(join(folder, 'm'), linearGraph(300, 10), 1);
    await writeInitialised(join(folder, 'm'), linearGraph(300, 10), 2);
    for (const { location } of Object.values(places(join(folder, 'm.onnx'))) as { location?: string }[])
      if (location !== undefined) expect(readdirSync(folder)).toContain(location);
  });
});

describe('failures of the system', () => {
  test('a file that may not grow: an error in words, the old model stays, nothing is left', async () => {
    const folder = newFolder();
    const out = join(folder, 'm.onnx');
    await writeInitialised(out, wideGraph(1, 1000, 0));
    const before = readdirSync(folder);
    const old = readFileSync(out);
    // In blocks of 512 bytes or of 1 KiB, as the shell likes: 2 MiB at most, for 20.
    const command = `trap '' XFSZ; ulimit -f 2048; exec "$@"`;
    const { code, stdout } = await start('sh', ['-c', command, 'sh', process.execPath, child, out, '5', '4', '1']).finished;
    expect(stdout).toMatch(/"error":"cannot write .*m-?.*: the file would be larger than is allowed"/);
    expect(code).toBe(2);
    expect(readFileSync(out).equals(old)).toBe(true);
    expect(readdirSync(folder)).toEqual(before);
  });

  test.runIf(nobody !== undefined)('a folder without permission to write: an error in words', async () => {
    const folder = newFolder();
    const out = join(folder, 'm.onnx');
    writeFileSync(out, 'old');
    chmodSync(folder, 0o555);
    chmodSync(root, 0o755);
    const { code, stdout } = await start(process.execPath, [child, out, '1', '1', '1'], nobody).finished;
    chmodSync(folder, 0o755);
    expect(stdout).toMatch(/"error":"cannot write .*: permission denied"/);
    expect(code).toBe(2);
    expect(readFileSync(out, 'utf8')).toBe('old');
  });

  test.each(['SIGINT', 'SIGTERM', 'SIGHUP'] as const)(
    '%s ends the process in the usual way, after the temporary file is removed',
    async (signal) => {
      const folder = newFolder();
      const out = join(folder, 'm.onnx');
      writeFileSync(out, 'old');
      const { child: process_, finished } = start(process.execPath, [child, out, '50', '40', '1']);
      await new Promise((resolve) => process_.stdout?.once('data', resolve));
      while (temporaryFilesIn(folder).length === 0) await new Promise((resolve) => setTimeout(resolve, 5));
      process_.kill(signal);
      expect(await finished).toMatchObject({ code: null, signal });
      expect(readdirSync(folder)).toEqual(['m.onnx']);
      expect(readFileSync(out, 'utf8')).toBe('old');
    },
  );
});

describe('reading', () => {
  test('text, and the reasons why not', () => {
    const folder = newFolder();
    const host = createNodeHost(folder);
    writeFileSync(join(folder, 'a.arch'), 'größe');
    writeFileSync(join(folder, 'latin1.arch'), Uint8Array.of(0xe9));
    expect(host.read('a.arch')).toBe('größe');
    expect(host.read('b.arch')).toBeUndefined();
    expect(() => host.read('latin1.arch')).toThrow(/cannot read latin1\.arch: it is not UTF-8 text/);
    expect(() => host.read('.')).toThrow(/it is a folder/);
    expect(() => host.read('/dev/zero')).toThrow(/it is not a regular file/);
    fifo(folder);
    // Must not wait for somebody to write into it.
    expect(() => host.read('pipe')).toThrow(/it is not a regular file/);
    expect(host.resolve('./b.arch', 'dir/a.arch')).toBe('dir/b.arch');
    expect(host.resolve('../b.arch', 'dir/a.arch')).toBe('b.arch');
  });

  test('parts of a file', () => {
    const folder = newFolder();
    writeFileSync(join(folder, 'f'), 'abcdef');
    const file = createNodeHost(folder).openBinary('f');
    expect(new TextDecoder().decode(file.read(2, 3))).toBe('cde');
    expect(() => file.read(4, 3)).toThrow(/it ends at byte 6/);
    file.close();
    file.close();
    expect(() => file.read(0, 1)).toThrow(/it is closed/);
    expect(() => createNodeHost(folder).openBinary('g')).toThrow(/cannot read .*g: there is no such file or folder/);
  });
});
