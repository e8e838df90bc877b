// The page of browser.test.ts, which calls the functions in `globalThis.cases` one at a time.
import { Session, Trainer } from 'archc/runtime';
import * as ort from 'onnxruntime-web/webgpu';

ort.env.wasm.wasmPaths = '/onnxruntime-web/';
ort.env.wasm.numThreads = 1;
ort.env.logLevel = 'error';

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

const load = (options) => Trainer.load('/training', '/training/training.json', { lr: 1e-2, ...options });

let lost;

globalThis.cases = {
  /** One call of a model that turns heads, each of which is 1 and then zeros. */
  async turned({ target, provider }) {
    const session = await Session.load(await bytesOf(`/models/${target}.onnx`), { provider });
    const data = Float32Array.from({ length: 64 }, (_, i) => (i % 8 === 0 ? 1 : 0));
    const outputs = await session.run({ q: { data, shape: [1, 2, 4, 8] }, pos: [[0, 1, 1000, 90_000]] });
    return { provider: session.provider, y: [...outputs.tensor('y').data] };
  },

  /** Why a model is not loaded; empty if it is. */
  async refusal({ model, provider }) {
    try {
      await (await Session.load(await bytesOf(`/models/${model}.onnx`), { provider })).dispose();
      return '';
    } catch ({ name, message }) {
      return `${name}: ${message}`;
    }
  },

  /** A batch for which there is no room, and then one that fits. */
  async tooLarge(provider) {
    const trainer = await Trainer.load('/wide', '/wide/training.json', { lr: 1e-2, provider });
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
    const sessions = await Promise.all(models.map((model) => Session.load(model, { provider, resident: ['z'] })));
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
    const fourth = Session.load(models[0], { provider }).then((session) => session.dispose());
    controller.abort(new Error('taken back'));
    const ended = (await taken).map(({ status, reason }) => `${status} ${reason?.message ?? ''}`);
    const result = { apart, together: await together, ended };
    await fourth;
    for (const session of sessions) await session.dispose();
    return result;
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
    const session = await Session.load(exported, { provider });
    const { data } = (await session.run({ x: all[0].x })).tensor('logits');
    await session.dispose();
    await trainer.dispose();
    return { provider: trainer.provider, before, losses, after, again, same, report, refused, end: [...end], logits: [...data] };
  },

  /** A few steps of the CNN example. */
  async convolutions() {
    const trainer = await Trainer.load('/cnn', '/cnn/training.json', { lr: 1e-3, provider: 'webgpu' });
    const losses = [];
    for (const batch of await images()) losses.push((await trainer.step(batch)).loss);
    const { loss: after, accuracy } = await trainer.evaluate(await images());
    await trainer.dispose();
    return { provider: trainer.provider, losses, after, accuracy };
  },

  /** The same in f16, or why it is refused. */
  async half(provider) {
    try {
      const trainer = await Trainer.load('/half', '/half/training.json', { lr: 1e-3, provider });
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
    const trainer = await load({ provider, worker: true, ort: '/onnxruntime-web/ort.webgpu.bundle.min.mjs', threads: 1 });
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
    (await ort.env.webgpu.device).destroy();
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
