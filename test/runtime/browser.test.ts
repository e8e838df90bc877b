/// <reference types="node" />
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { build } from 'esbuild';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { RestoreReport } from '../../src/api/runtime.js';
import { buildFile } from '../../src/node.js';
import { Model, Trainer } from '../../src/runtime.js';
import { builtFiles } from '../kit/built-files.js';
import { hasChromium, launchChromium } from '../kit/chromium.js';
import { builtModel } from '../kit/model-run.js';
import { exampleBatch, exampleTraining, type TrainingSet, trainingOf, wideModel } from '../kit/training-files.js';
import { type SiteServer, serve } from '../web/server.js';

const root = resolve(import.meta.dirname, '../..');

/** Three models with the same input. `y` is downloaded by the run, `z` stays on the device. */
const models: Readonly<Record<string, string>> = {
  a: 'model A(x: Tensor[N, 3, 8, 8]) -> (y: Tensor[N, 4, 8, 8], z: Tensor[N, 4, 8, 8]) { h = x -> conv: Conv2d(4, kernel = 3, padding = 1)\n return (relu(h), h) }',
  b: 'model B(x: Tensor[N, 3, 8, 8]) -> (y: Tensor[N, 5], z: Tensor[N, 192]) { f = x -> flatten\n return (f -> fc: Linear(5) -> softmax(axis = -1), f * 2) }',
  c: 'model C(x: Tensor[N, 3, 8, 8]) -> (y: Tensor[N, 3, 8, 8], z: Tensor[N, 3, 8, 8]) { return (x -> norm: LayerNorm(), x @ x) }',
};

/** Positions turn the halves of each head: their sines are computed while the model runs. */
const turning =
  'import { rope } from "std/attention"\nmodel M(q: Tensor[1, 2, 4, 8], pos: Tensor<i64>[1, 4]) -> (y: Tensor[1, 2, 4, 8]) { return rope(q, pos) }';

const turningTargets = ['portable', 'webgpu'] as const;

/** Attention over any number of positions, and over few. */
const attentions = {
  long: 'model M(x: Tensor[N, T, 8]) -> (y: Tensor[N, T, 8]) { return x -> encoder: TransformerEncoder(1, heads = 2, ff = 16) }',
  short: 'model M(x: Tensor[N, 4, 8]) -> (y: Tensor[N, 4, 8]) { return x -> encoder: TransformerEncoder(1, heads = 2, ff = 16) }',
};

/** Models for `Model`, which take the same input. */
const modules: Readonly<Record<string, string>> = {
  cell: 'model Cell(x: Tensor[3, 4]) -> (y: Tensor[3, 2]) { state h: Tensor[3, 2] = zeros\n z = tanh((x -> fc: Linear(2)) + h)\n next h = z\n return z }',
  dense: 'model Dense(x: Tensor[N, 4]) -> (y: Tensor[N, 5]) { return x -> fc: Linear(5) -> softmax(axis = -1) }',
  norm: 'model Norm(x: Tensor[N, 4]) -> (y: Tensor[N, 4]) { return x -> norm: LayerNorm() -> relu }',
};

/** A model with enough weights for a file of their own. */
const wide = 'model Wide(x: Tensor[N, 4]) -> (y: Tensor[N, 9000]) { return x -> fc: Linear(9000) }';

type Loss = { readonly loss: number; readonly accuracy: number };

/** What the cases of browser-page.js return. */
interface Cases {
  readonly turned: { readonly provider: string; readonly y: readonly number[] };
  readonly refusal: string;
  readonly overlappingModels: { readonly apart: unknown[]; readonly together: unknown[] };
  readonly modelInWorker: {
    readonly provider: string;
    readonly first: { readonly data: readonly number[] };
    readonly second: { readonly data: readonly number[] };
    readonly refused: string;
  };
  readonly jsep: readonly string[];
  readonly builds: { readonly provider: string; readonly fallback: { readonly reason: string }; readonly builds: readonly string[] };
  readonly kept: {
    readonly told: readonly boolean[];
    readonly after: readonly string[];
    readonly without: readonly string[];
    readonly warnings: readonly string[];
  };
  readonly overlapping: { readonly apart: unknown[]; readonly together: unknown[]; readonly ended: readonly string[] };
  readonly training: {
    readonly provider: string;
    readonly before: Loss;
    readonly losses: readonly number[];
    readonly after: Loss;
    readonly again: readonly number[];
    readonly same: boolean;
    readonly report: RestoreReport;
    readonly refused: string;
    readonly end: readonly number[];
    readonly logits: readonly number[];
  };
  readonly convolutions: Pick<Cases['training'], 'provider' | 'losses'> & { readonly after: number; readonly accuracy: number };
  readonly half: { readonly losses: readonly number[]; readonly skipped: number; readonly refused: string };
  readonly worker: Pick<Cases['training'], 'provider' | 'losses' | 'after' | 'end' | 'refused'> & { readonly isSaved: boolean };
  readonly fullDisk: { readonly error: string; readonly isKept: boolean; readonly loss: number };
  readonly tooLarge: { readonly error: string; readonly isUsable: boolean };
  readonly defaultProvider: string;
  readonly lostDevice: {
    readonly step: string;
    readonly save: string;
    readonly disposed: string;
    readonly isKept: boolean;
    readonly restored: number;
    readonly loss: number;
  };
}

describe.runIf(hasChromium)('in a browser tab', { timeout: 180_000 }, () => {
  const batches = [0, 1, 2, 3].map((i) => exampleBatch('lstm', 4, i));
  const images = [0, 1, 2].map((i) => exampleBatch('cnn', 4, i));
  let set: TrainingSet;
  let cnn: TrainingSet;
  let half: TrainingSet;
  let folder: string;
  let server: SiteServer;
  let browser: Browser;
  let page: Page;
  const problems: string[] = [];

  /** What the worker loads. */
  function chunks(): readonly string[] {
    return readdirSync(join(root, 'dist/chunks')).filter((name) => name.startsWith('browser-'));
  }

  async function opened(): Promise<Page> {
    const opening = await browser.newPage();
    opening.on('pageerror', (error) => problems.push(String(error)));
    opening.on('console', (message) => {
      if (message.type() === 'error') problems.push(message.text());
    });
    await opening.goto(server.url);
    await opening.waitForSelector('html[data-done]', { state: 'attached', timeout: 60_000 }).catch((error: unknown) => {
      throw new Error(`the page did not start: ${problems.join('; ')}`, { cause: error });
    });
    return opening;
  }

  async function bundled(): Promise<Uint8Array> {
    const { outputFiles } = await build({
      entryPoints: [join(import.meta.dirname, 'browser-page.js')],
      bundle: true,
      format: 'esm',
      platform: 'browser',
      alias: { 'archc/runtime': join(root, 'dist/runtime-browser.js') },
      write: false,
      logLevel: 'error',
    });
    return outputFiles[0]!.contents;
  }

  function run<K extends keyof Cases>(name: K, argument: unknown = '', where = page): Promise<Cases[K]> {
    return where.evaluate(`globalThis.cases.${name}(${JSON.stringify(argument)})`).catch((error: unknown) => {
      throw new Error(problems.join('; '), { cause: error });
    }) as Promise<Cases[K]>;
  }

  beforeAll(async () => {
    set = exampleTraining('lstm', { target: 'webgpu' });
    cnn = exampleTraining('cnn', { target: 'webgpu' });
    half = exampleTraining('cnn', { target: 'webgpu', precision: 'f16' });
    const text = (value: unknown) => Buffer.from(JSON.stringify(value));
    const plain = (tensor: ReturnType<typeof exampleBatch>[string] | undefined) => ({ ...tensor, data: [...tensor!.data].map(Number) });
    const site = (folder: string, { manifest, files }: TrainingSet) => ({
      [`/${folder}/training.json`]: text(manifest),
      ...Object.fromEntries(Object.entries(files).map(([name, bytes]) => [`/${folder}/${name}`, bytes])),
    });
    folder = mkdtempSync(join(tmpdir(), 'archc-browser-'));
    writeFileSync(join(folder, 'm.arch'), wide);
    await buildFile(join(folder, 'm.arch'), join(folder, 'out/m.onnx'), { externalData: 'always' });
    const built = Object.fromEntries(Object.entries(modules).map(([name, source]) => [name, builtFiles(source)]));
    const contents: Readonly<Record<string, Uint8Array>> = {
      '/models.json': text({
        ...Object.fromEntries(Object.entries(built).map(([name, { manifest }]) => [name, manifest])),
        cached: builtFiles(wide).manifest,
      }),
      ...Object.fromEntries(
        Object.entries(built).flatMap(([name, { files }]) =>
          Object.entries(files).map(([file, bytes]) => [`/models/${name}/${file}`, bytes]),
        ),
      ),
      ...Object.fromEntries(
        readdirSync(join(folder, 'out')).map((name) => [`/models/cached/${name}`, readFileSync(join(folder, 'out', name))]),
      ),
      ...Object.fromEntries(chunks().map((name) => [`/chunks/${name}`, readFileSync(join(root, 'dist/chunks', name))])),
      '/': Buffer.from('<!doctype html><title>archc</title><script type="module" src="/page.js"></script>'),
      '/page.js': await bundled(),
      '/runtime-browser-worker.js': readFileSync(join(root, 'dist/runtime-browser-worker.js')),
      '/batches.json': text(batches.map(({ x, labels }) => ({ x: plain(x), labels: plain(labels).data }))),
      '/images.json': text(images.map(({ image, labels }) => ({ image: plain(image), labels: plain(labels).data }))),
      ...site('training', set),
      ...site('cnn', cnn),
      ...site('wide', trainingOf(...wideModel, { target: 'webgpu' })),
      ...site('half', half),
      ...Object.fromEntries(Object.entries(models).map(([name, source]) => [`/models/${name}.onnx`, builtModel(source).bytes])),
      ...Object.fromEntries(turningTargets.map((target) => [`/models/${target}.onnx`, builtModel(turning, { target }).bytes])),
      ...Object.fromEntries(
        Object.entries(attentions).map(([name, source]) => [`/models/${name}.onnx`, builtModel(source, { target: 'webgpu' }).bytes]),
      ),
    };
    server = await serve((path) => {
      const runtime = /^\/onnxruntime-web\/([\w.-]+\.(?:mjs|wasm))$/.exec(path)?.[1];
      const file = runtime === undefined ? undefined : join(root, 'node_modules/onnxruntime-web/dist', runtime);
      return file !== undefined && existsSync(file) ? file : contents[path];
    });
    browser = await launchChromium();
    page = await opened();
  });

  afterAll(async () => {
    await browser?.close();
    await server?.close();
    rmSync(folder, { recursive: true, force: true });
  });

  test.each(['webgpu', 'cpu'])(
    'twenty overlapping calls on three models give what they give one after the other, on %s',
    async (provider) => {
      const { apart, together, ended } = await run('overlapping', provider);
      expect(apart.length).toBe(20);
      expect(new Set(apart.map((result) => JSON.stringify(result))).size).toBe(20);
      expect(together).toEqual(apart);
      // The first call had begun.
      expect(ended).toEqual(['fulfilled ', 'rejected taken back', 'rejected taken back']);
    },
  );

  test.each(['webgpu', 'cpu'])('so do twenty calls that run, step and load three models, on %s', async (provider) => {
    const { apart, together } = await run('overlappingModels', provider);
    expect(apart.length).toBe(20);
    expect(together).toEqual(apart);
  });

  test.each(['webgpu', 'cpu'])('a model in a worker keeps its state, on %s', async (provider) => {
    const { first, second, refused, ...found } = await run('modelInWorker', provider);
    expect([found.provider, refused]).toEqual([provider, 'FeedError: the input `x` is missing']);
    const { files, manifest } = builtFiles(modules.cell ?? '');
    await using model = await Model.load(files, manifest);
    for (const { data } of [first, second]) {
      const wanted = (await model.call('forward', { x: new Float32Array(12).fill(1) })).y?.data ?? expect.fail();
      for (const [i, value] of data.entries()) expect(value).toBeCloseTo(Number(wanted[i]), 5);
    }
  });

  test('a page loads one build of ONNX Runtime, and runs on the processor where the GPU cannot run the model', async () => {
    const other = await opened();
    const loaded: string[] = [];
    other.on('request', (request) => loaded.push(...(/[\w.-]+\.wasm$/.exec(request.url()) ?? [])));
    const { provider, fallback, builds } = await run('builds', '', other);
    await other.close();
    expect([provider, builds, loaded]).toEqual(['cpu', ['jspi'], ['ort-wasm-simd-threaded.jspi.wasm']]);
    expect(fallback.reason).toMatch(/^ONNX Runtime's fused attention/);
  });

  test('the bare import is refused with the line to write', async () => {
    const [url, module, wasm] = await run('jsep');
    for (const said of [url, module])
      expect(said).toMatch(
        /^SessionError: the option `ort` has the JSEP build .*: write `import \* as ort from 'onnxruntime-web\/webgpu'`/,
      );
    expect(wasm).toBe('loaded');
  });

  test('weights with a hash in their name are kept for the next visit, if the browser keeps anything', async () => {
    const { told, after, without, warnings } = await run('kept');
    expect(told).toEqual([true, true]);
    const kept = expect.stringMatching(/^\/models\/cached\/m-(?!0{12})[0-9a-f]{12}\.data$/);
    expect(after).toEqual([kept, kept]);
    expect(without).toEqual([]);
    expect(warnings).toEqual([
      expect.stringContaining('this site has used up its storage'),
      expect.stringContaining('not in private mode'),
    ]);
  });

  test.each(turningTargets.flatMap((target) => ['cpu', 'webgpu'].map((provider) => [target, provider])))(
    'rotary positions in a file for %s are computed on %s',
    async (target, provider) => {
      const turned = await run('turned', { target, provider });
      expect(turned.provider).toBe(provider);
      // The first number of each head begins as 1, and the number that is turned with it as 0.
      const cosines = [0, 1, 1000, 90_000].map(Math.cos);
      const first = turned.y.filter((_, i) => i % 8 === 0);
      for (const [i, cosine] of [...cosines, ...cosines].entries()) expect(first[i]).toBeCloseTo(cosine, 6);
    },
  );

  // SwiftShader has subgroups of 4 lanes.
  test('attention over many positions is refused on a GPU that computes it wrongly', async () => {
    const refusal = /^SessionError: ONNX Runtime's fused attention, which the model uses, gives wrong results on this GPU/;
    expect(await run('refusal', { model: 'long', provider: 'webgpu' })).toMatch(refusal);
    expect(await run('refusal', { model: 'long', provider: 'cpu' })).toBe('');
    expect(await run('refusal', { model: 'short', provider: 'webgpu' })).toBe('');
  });

  test.each(['cpu', 'webgpu'] as const)(
    'a training on %s has the losses that it has in Node, and goes on from a checkpoint of the site bit by bit',
    async (provider) => {
      const started = performance.now();
      const found = await run('training', provider);
      console.log(`${provider}: ${Math.round(performance.now() - started)} ms, losses ${found.losses.join(', ')}`);
      await using inNode = await Trainer.load(set.files, set.manifest, { lr: 1e-2 });
      const wanted: number[] = [];
      for (const batch of batches) wanted.push((await inNode.step(batch)).loss);
      const after = await inNode.evaluate(batches);
      expect(found.provider).toBe(provider);
      for (const [i, loss] of wanted.entries()) expect(Math.abs(found.losses[i]! - loss)).toBeLessThanOrEqual(1e-5 * loss);
      expect(Math.abs(found.after.loss - after.loss)).toBeLessThanOrEqual(1e-5 * after.loss);
      expect(found.report).toEqual({ step: 2, restarted: false, missing: [], different: [], frozen: [], unused: [] });
      expect(found.again).toEqual(found.losses.slice(2));
      expect(found.same).toBe(true);
      expect(found.refused).toBe('FeedError: the input `labels` is i32, but its element [0] is 0.5');
      expect(found.logits.length).toBe(8);
      // Node reads the checkpoint of the page.
      expect((await inNode.restore(Uint8Array.from(found.end))).missing).toEqual([]);
      expect(Math.abs((await inNode.evaluate(batches)).loss - found.after.loss)).toBeLessThanOrEqual(1e-5 * after.loss);
    },
  );

  test('convolutions on WebGPU have the losses that they have in Node on the processor', async () => {
    const found = await run('convolutions');
    await using inNode = await Trainer.load(cnn.files, cnn.manifest, { lr: 1e-3 });
    const wanted: number[] = [];
    for (const batch of images) wanted.push((await inNode.step(batch)).loss);
    const after = await inNode.evaluate(images);
    console.log(`losses ${found.losses.join(', ')}; in Node ${wanted.join(', ')}`);
    expect(found.provider).toBe('webgpu');
    expect(found.losses.length).toBe(3);
    for (const [i, loss] of wanted.entries()) expect(Math.abs(found.losses[i]! - loss)).toBeLessThanOrEqual(1e-5 * loss);
    expect(after.loss).toBeLessThan(wanted[0]!);
    expect(Math.abs(found.after - after.loss)).toBeLessThanOrEqual(1e-5 * after.loss);
    expect(found.accuracy).toBe(after.accuracy);
  });

  test('f16 has the losses of Node on the processor, and is refused by a GPU without it', async () => {
    const onGpu = await run('half', 'webgpu');
    expect(onGpu.refused).toMatch(/^SessionError: this GPU cannot compute in f16, because its WebGPU adapter does not have `shader-f16`/);
    const found = await run('half', 'cpu');
    expect([found.refused, found.skipped]).toEqual(['', 0]);
    await using inNode = await Trainer.load(half.files, half.manifest, { lr: 1e-3 });
    for (const [i, batch] of images.entries()) {
      const { loss } = await inNode.step(batch);
      // What is rounded to f16 differs where sums differ in their last bits.
      expect(Math.abs(found.losses[i]! - loss)).toBeLessThanOrEqual(2 ** -11 * loss);
    }
  });

  test.each(['cpu', 'webgpu'] as const)('a worker on %s gives the same as the page', async (provider) => {
    const [inPage, inWorker] = [await run('training', provider), await run('worker', provider)];
    expect(inWorker).toEqual({
      provider,
      losses: inPage.losses,
      after: inPage.after,
      end: inPage.end,
      isSaved: true,
      refused: 'FeedError: the input `labels` is missing',
    });
  });

  test.each([
    ['cpu', /needs at least 4\.0 TB, and WebAssembly has 4\.3 GB/],
    ['webgpu', /has a tensor of 4\.0 TB, and the GPU holds tensors of up to [\d.]+ .B/],
  ] as const)('a batch for which %s has no room is refused, and the next one is not', async (provider, reason) => {
    const { error, isUsable } = await run('tooLarge', provider);
    expect(error).toMatch(/^TrainingError: a step of `Finetune` /);
    expect(error).toMatch(reason);
    expect(isUsable).toBe(true);
  });

  test('a site without room keeps its last checkpoint, and the training continues', async () => {
    const session = await page.context().newCDPSession(page);
    const origin = new URL(server.url).origin;
    await session.send('Storage.overrideQuotaForOrigin', { origin, quotaSize: 1000 });
    const { error, isKept, loss } = await run('fullDisk');
    await session.send('Storage.overrideQuotaForOrigin', { origin });
    expect(error).toBe('HostError: cannot write checkpoint.safetensors: this site has used up its storage');
    expect(isKept).toBe(true);
    expect(loss).toBeGreaterThan(0);
  });

  test('a GPU that is taken away gives an error that says so, and costs no checkpoint', async () => {
    expect(await run('defaultProvider')).toBe('webgpu');
    const { step, save, disposed, isKept, restored, loss } = await run('lostDevice');
    expect(step).toMatch(/^TrainingError: the device was lost in step 2: load the training again, and restore the last checkpoint \(.+\)$/);
    expect(save).toMatch(/^SessionError: the device was lost, with all tensors on it: .+$/);
    expect(disposed).toBe('done');
    expect(isKept).toBe(true);
    expect(restored).toBe(1);
    expect(loss).toBeGreaterThan(0);
  });
});
