// The page of browser.test.ts, which calls the functions in `globalThis.cases` one at a time.
import { Model, Session, Trainer } from 'archc/runtime';

const runtime = { wasmPaths: '/onnxruntime-web/', threads: 1 };
/** The builds of onnxruntime-web that the page has imported. */
const builds = () => globalThis[Symbol.for('archc.onnxruntime.builds')];

const bytesOf = async (url) => new Uint8Array(await (await fetch(url)).arrayBuffer());
const numbers = ({ shape, data }) => ({ shape, data: [...data] });

/** A file of this site, in its private file system. */
async function fileOfSite() {
  const folder = await navigator.storage.getDirectory();
  return folder.getFileHandle('checkpoint.safetensors', { create: true });
}

async function contents(handle) {
  return [...new Uint8Array(await (await handle.getFile()).arrayBuffer())];
}

/** Batches of the LSTM example as they were written. */
async function batches() {
  const list = await (await fetch('/batches.json')).json();
  return list.map(({ x, labels }) => ({ x: { data: Float32Array.from(x.data), shape: x.shape }, labels }));
}

/** Those of the CNN example. */
async function images() {
  const list = await (await fetch('/images.json')).json();
  return list.map(({ image, labels }) => ({ image: { data: Float32Array.from(image.data), shape: image.shape }, labels }));
}

const load = (options) => Trainer.load('/training', '/training/training.json', { lr: 1e-2, ...runtime, ...options });

let lost;

globalThis.cases = {
  /** One call of a model that turns heads, each of which is 1 and then zeros. */
  async turned({ target, provider }) {
    const session = await Session.load(await bytesOf(`/models/${target}.onnx`), { provider, ...runtime });
    const data = Float32Array.from({ length: 64 }, (_, i) => (i % 8 === 0 ? 1 : 0));
    const outputs = await session.run({ q: { data, shape: [1, 2, 4, 8] }, pos: [[0, 1, 1000, 90_000]] });
    return { provider: session.provider, y: [...outputs.tensor('y').data] };
  },

  /** Why a model is not loaded; empty if it is. */
  async refusal({ model, provider }) {
    try {
      await (await Session.load(await bytesOf(`/models/${model}.onnx`), { provider, ...runtime })).dispose();
      return '';
    } catch ({ name, message }) {
      return `${name}: ${message}`;
    }
  },

  /** A batch for which there is no room, and then one that fits. */
  async tooLarge(provider) {
    const trainer = await Trainer.load('/wide', '/wide/training.json', { lr: 1e-2, provider, ...runtime });
    const batch = (size) => ({ x: { data: new Float32Array(size), shape: [size, 1] }, labels: new BigInt64Array(size) });
    const error = await trainer.step(batch(10_000_000)).then(
      () => 'no error',
      ({ name, message }) => `${name}: ${message}`,
    );
    const { loss } = await trainer.step(batch(2));
    await trainer.dispose();
    return { error, isUsable: Math.abs(loss - Math.log(2)) < 1e-6 };
  },

  /** Twenty calls on three models, first one at a time, then all at once, together with others that are cancelled. */
  async overlapping(provider) {
    const models = await Promise.all(['a', 'b', 'c'].map((name) => bytesOf(`/models/${name}.onnx`)));
    const sessions = await Promise.all(models.map((model) => Session.load(model, { provider, resident: ['z'], ...runtime })));
    const call = async (i) => {
      const data = Float32Array.from({ length: 2 * 3 * 8 * 8 }, (_, k) => Math.sin(k * (i + 1)));
      const outputs = await sessions[i % 3].run({ x: { data, shape: [2, 3, 8, 8] } });
      const z = outputs.resident('z');
      const downloaded = await z.download();
      await z.dispose();
      return [numbers(outputs.tensor('y')), numbers(downloaded)];
    };
    const indices = Array.from({ length: 20 }, (_, i) => i);
    const apart = [];
    for (const i of indices) apart.push(await call(i));
    const controller = new AbortController();
    const x = new Float32Array(2 * 3 * 8 * 8);
    const taken = Promise.allSettled(sessions.map((session) => session.run({ x }, { signal: controller.signal })));
    const together = Promise.all(indices.map(call));
    // While they wait, another model is loaded and released.
    const fourth = Session.load(models[0], { provider, ...runtime }).then((session) => session.dispose());
    controller.abort(new Error('taken back'));
    const ended = (await taken).map(({ status, reason }) => `${status} ${reason?.message ?? ''}`);
    const result = { apart, together: await together, ended };
    await fourth;
    for (const session of sessions) await session.dispose();
    return result;
  },

  /** Twenty calls that run, step and load three models, first one at a time, then all at once. */
  async overlappingModels(provider) {
    const manifests = await (await fetch('/models.json')).json();
    const names = Object.keys(manifests);
    const options = { provider, ...runtime };
    const x = (i) => ({ x: { data: Float32Array.from({ length: 12 }, (_, k) => Math.sin(k * (i + 1))), shape: [3, 4] } });
    const load = (name) => Model.load(`/models/${name}`, manifests[name], options);
    const calls = async (models) => {
      // Each model sees its calls in the same order.
      const call = async (i) => {
        const model = models[i % 3];
        if (i % 5 === 4) {
          const fresh = await load(names[i % 3]);
          const { y } = await fresh.call('forward', x(i));
          await fresh.dispose();
          return numbers(y);
        }
        if (i % 2 === 0) return numbers((await model.call('forward', x(i))).y);
        const seen = [];
        for await (const { y } of (await model.fork()).entries.forward.steps(x(i), (_, k) => (k < 2 ? x(k) : undefined)))
          seen.push(numbers(y));
        return seen;
      };
      return Array.from({ length: 20 }, (_, i) => () => call(i));
    };
    const fresh = () => Promise.all(names.map(load));
    const [first, second] = [await fresh(), await fresh()];
    const apart = [];
    for (const call of await calls(first)) apart.push(await call());
    const together = await Promise.all((await calls(second)).map((call) => call()));
    for (const model of [...first, ...second]) await model.dispose();
    return { apart, together };
  },

  /** A model in a worker of the page, while a timer ticks. */
  async modelInWorker(provider) {
    const manifest = (await (await fetch('/models.json')).json()).cell;
    const model = await Model.load('/models/cell', manifest, {
      provider,
      worker: true,
      ort: '/onnxruntime-web/ort.webgpu.bundle.min.mjs',
      ...runtime,
    });
    const x = { data: new Float32Array(12).fill(1), shape: [3, 4] };
    const first = numbers((await model.call('forward', { x })).y);
    const second = numbers((await model.call('forward', { x })).y);
    const refused = await model.call('forward', {}).catch(({ name, message }) => `${name}: ${message}`);
    const result = { provider: model.provider, first, second, refused };
    await model.dispose();
    return result;
  },

  /** What the bare import of ONNX Runtime is answered with. */
  async jsep() {
    const load = (ort, provider) =>
      Session.load('/models/a.onnx', { provider, ort, ...runtime }).then(
        (session) => session.dispose().then(() => 'loaded'),
        ({ name, message }) => `${name}: ${message}`,
      );
    const module = await import(`${'/onnxruntime-web/ort.bundle.min.mjs'}`);
    return [await load('/onnxruntime-web/ort.bundle.min.mjs', 'cpu'), await load(module, 'webgpu'), await load(module, 'cpu')];
  },

  /** The builds that were imported, and why another provider is used. */
  async builds() {
    const session = await Session.load('/models/long.onnx', { provider: ['webgpu', 'wasm'], ...runtime });
    const { provider, fallback } = session;
    await session.dispose();
    return { provider, fallback, builds: builds().map(({ build }) => build) };
  },

  /** Weights with a hash in their name, twice, and then others; and where nothing can be kept. */
  async kept() {
    const manifest = (await (await fetch('/models.json')).json()).cached;
    const load = async (place, options) => {
      const told = [];
      const model = await Model.load(place, manifest, {
        provider: 'cpu',
        ...runtime,
        onProgress: (progress) => told.push(progress),
        ...options,
      });
      await model.dispose();
      return told.filter(({ file }) => file.endsWith('.data')).length > 0;
    };
    const stored = async () => (await (await caches.open('archc')).keys()).map(({ url }) => new URL(url).pathname);
    await caches.delete('archc');
    const warnings = [];
    const { warn } = console;
    console.warn = (text) => warnings.push(text);
    const told = [await load('/models/cached'), await load('/models/cached')];
    const after = await stored();
    const [url] = (await (await caches.open('archc')).keys()).map((request) => request.url);
    await caches.delete('archc');
    // Other contents of the same file are dropped.
    await (await caches.open('archc')).put(url.replace(/-[0-9a-f]{12}/, '-000000000000'), new Response('old'));
    await load('/models/cached');
    after.push(...(await stored()));
    await caches.delete('archc');
    await load('/models/cached', { cache: false });
    const without = await stored();
    const { open } = caches;
    CacheStorage.prototype.open = () => Promise.reject(new DOMException('full', 'QuotaExceededError'));
    await load('/models/cached');
    CacheStorage.prototype.open = () => Promise.reject(new DOMException('not in private mode', 'SecurityError'));
    await load('/models/cached');
    CacheStorage.prototype.open = open;
    console.warn = warn;
    return { told, after, without, warnings };
  },

  /** Four steps with a checkpoint in the middle, which is a file of this site, and again from there. */
  async training(provider) {
    const all = await batches();
    const trainer = await load({ provider });
    const before = await trainer.evaluate(all);
    const losses = [];
    const file = await fileOfSite();
    for (const [i, batch] of all.entries()) {
      losses.push((await trainer.step(batch)).loss);
      if (i === 1) await trainer.save(file);
    }
    const end = await trainer.save();
    const after = await trainer.evaluate(all);
    const exported = await trainer.exportModel();
    const report = await trainer.restore(file);
    const again = [];
    for (const batch of all.slice(2)) again.push((await trainer.step(batch)).loss);
    const same = [...(await trainer.save())].every((byte, i) => byte === end[i]);
    const refused = await trainer.step({ ...all[0], labels: [0.5] }).catch(({ name, message }) => `${name}: ${message}`);
    const session = await Session.load(exported, { provider, ...runtime });
    const { data } = (await session.run({ x: all[0].x })).tensor('logits');
    await session.dispose();
    await trainer.dispose();
    return { provider: trainer.provider, before, losses, after, again, same, report, refused, end: [...end], logits: [...data] };
  },

  /** A few steps of the CNN example. */
  async convolutions() {
    const trainer = await Trainer.load('/cnn', '/cnn/training.json', { lr: 1e-3, provider: 'webgpu', ...runtime });
    const losses = [];
    for (const batch of await images()) losses.push((await trainer.step(batch)).loss);
    const { loss: after, accuracy } = await trainer.evaluate(await images());
    await trainer.dispose();
    return { provider: trainer.provider, losses, after, accuracy };
  },

  /** The same in f16, or why it is refused. */
  async half(provider) {
    try {
      const trainer = await Trainer.load('/half', '/half/training.json', { lr: 1e-3, provider, ...runtime });
      const losses = [];
      for (const batch of await images()) losses.push((await trainer.step(batch)).loss);
      await trainer.dispose();
      return { losses, skipped: trainer.skippedSteps, refused: '' };
    } catch ({ name, message }) {
      return { losses: [], skipped: 0, refused: `${name}: ${message}` };
    }
  },

  /** The same steps in a worker, with ONNX Runtime from its own URL. */
  async worker(provider) {
    const all = await batches();
    const trainer = await load({ provider, worker: true, ort: '/onnxruntime-web/ort.webgpu.bundle.min.mjs' });
    const losses = [];
    for (const batch of all) losses.push((await trainer.step(batch)).loss);
    const file = await fileOfSite();
    await trainer.save(file);
    const end = [...(await trainer.save())];
    const isSaved = String(await contents(file)) === String(end);
    const after = await trainer.evaluate(all);
    const refused = await trainer.step({ x: all[0].x }).catch(({ name, message }) => `${name}: ${message}`);
    await trainer.dispose();
    return { provider: trainer.provider, losses, after, end, isSaved, refused };
  },

  /** To be called when this site has no room. */
  async fullDisk() {
    const trainer = await load({ provider: 'cpu' });
    const file = await fileOfSite();
    const before = await contents(file);
    await trainer.step((await batches())[0]);
    const error = await trainer.save(file).catch(({ name, message }) => `${name}: ${message}`);
    const { loss } = await trainer.step((await batches())[1]);
    await trainer.dispose();
    return { error, isKept: before.length > 0 && String(await contents(file)) === String(before), loss };
  },

  async defaultProvider() {
    const trainer = await load({});
    lost = trainer;
    return trainer.provider;
  },

  /** The GPU is taken away between two steps of the trainer of the case before. */
  async lostDevice() {
    const all = await batches();
    const file = await fileOfSite();
    await lost.step(all[0]);
    await lost.save(file);
    const before = await contents(file);
    (await builds().find(({ build }) => build !== 'wasm').ort.env.webgpu.device).destroy();
    const text = ({ name, message }) => `${name}: ${message}`;
    const step = await lost.step(all[1]).catch(text);
    const save = await lost.save(file).catch(text);
    const disposed = await lost.dispose().then(() => 'done', text);
    const isKept = before.length > 0 && String(await contents(file)) === String(before);
    // On the CPU, the training continues from there.
    const trainer = await load({ provider: 'cpu' });
    const { step: restored } = await trainer.restore(file);
    const { loss } = await trainer.step(all[1]);
    await trainer.dispose();
    return { step, save, disposed, isKept, restored, loss };
  },
};
document.documentElement.dataset.done = '';
