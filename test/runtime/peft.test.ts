/// <reference types="node" />
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { joinChunks } from '../../src/6-emit/onnx/encode.js';
import { type TensorToStore, writeSafetensors } from '../../src/6-emit/weights/write-safetensors.js';
import type { Batch } from '../../src/api/runtime.js';
import { loadTensor } from '../../src/runtime/pure/stored-tensors.js';
import { readCheckpoint } from '../../src/runtime/trainer/checkpoint.js';
import { initializerOf, initializersOf } from '../../src/runtime/trainer/replace-initializers.js';
import { Session, Trainer } from '../../src/runtime.js';
import { largestDifference, openReference } from '../kit/reference.js';
import { batchOf, referenceTraining } from '../kit/reference-training.js';

const rate = { lr: 1e-2 };
const folders: string[] = [];
const lora = { llama: 'freeze *\n  lora(rank = 4, alpha = 8) on *.q_proj, *.v_proj' };

/** Adapters that PEFT has made: test/reference/peft_adapters.py. */
const made = (name: string) => resolve(import.meta.dirname, `../reference/data/peft/${name}`);

const peftCases = {
  llama: `freeze *
    lora(rank = 4, alpha = 8) on *.q_proj, *.v_proj
    lora(rank = 2, alpha = 8) on *.down_proj
    lora(rank = 4, alpha = 20) on model.layers.1.self_attn.q_proj`,
  gpt2: 'freeze transformer.h, transformer.wte, transformer.wpe\n    lora(rank = 3, alpha = 5) on *.c_attn',
  vit: 'freeze *\n    lora(rank = 4, alpha = 12) on *.q_proj, *.v_proj',
} as const;

afterAll(() => {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
});

function newFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'archc-adapters-'));
  folders.push(folder);
  return folder;
}

/** The bytes of each stored tensor of an ONNX file. */
function storedIn(model: Uint8Array, data: Readonly<Record<string, Uint8Array>> = {}): ReadonlyMap<string, string> {
  const files = new Map(Object.entries(data));
  return new Map(
    [...initializersOf(model).keys()].map((name) => [name, Buffer.from(initializerOf(model, name, files)!.bytes).toString('base64')]),
  );
}

/** The tensors of a safetensors file. */
function tensorsOf(file: Uint8Array): ReadonlyMap<string, TensorToStore & { readonly bytes: Uint8Array }> {
  return new Map([...readCheckpoint(file, 'it')].map(([name, stored]) => [name, { ...loadTensor(stored), name }]));
}

async function logitsOf(model: Uint8Array, { labels: _, ...inputs }: Batch, data = {}): Promise<Float32Array> {
  await using session = await Session.load(model, { data });
  const given = Object.fromEntries(Object.entries(inputs).filter(([name]) => session.inputs.includes(name)));
  for (const name of session.inputs.filter((input) => input.startsWith('past_key_values.')))
    given[name] = { data: new Float32Array(0), shape: [2, 2, 0, 8] };
  return (await session.run(given)).tensor('logits').data as Float32Array;
}

describe('what is trained is all that changes', () => {
  test.each([
    ['llama', lora.llama, /\.(?:q_proj|v_proj)\.weight$/, /\.(?:q_proj|v_proj)\.lora_[AB]\.weight$/],
    ['vit', 'freeze vit', /^classifier\./, /^classifier\./],
  ] as const)('in %s', async (name, clauses, changing, trained) => {
    const { files, manifest } = referenceTraining(name, clauses);
    await using trainer = await Trainer.load(files, manifest, rate);
    const batch = batchOf(name);
    const first = await trainer.step(batch);
    for (let i = 0; i < 4; i++) await trainer.step(batch);
    expect((await trainer.evaluate([batch])).loss).toBeLessThan(first.loss);

    const before = storedIn(files[manifest.inference.file]!, files);
    const exported = await trainer.exportModel();
    const after = storedIn(exported);
    expect([...after.keys()]).toEqual([...before.keys()]);
    const changed = [...after].flatMap(([key, bytes]) => (bytes === before.get(key) ? [] : [key]));
    const wanted = [...before.keys()].filter((key) => changing.test(key));
    expect(wanted.length).toBe(name === 'llama' ? 4 : 2);
    expect(changed.sort()).toEqual(wanted.sort());

    // A checkpoint has what is trained, what the optimizer remembers of it, and nothing else; with it, another trainer exports the same model.
    const checkpoint = await trainer.save();
    const names = [...tensorsOf(checkpoint).keys()].filter((key) => !['step', 'seed'].includes(key));
    const plain = names.filter((key) => !key.startsWith('optimizer.'));
    expect(plain.sort()).toEqual(manifest.weights.map(({ name: key }) => key).sort());
    for (const key of names) expect(key.replace(/^optimizer\.\w+\./, '')).toMatch(trained);
    await using other = await Trainer.load(files, manifest, rate);
    await other.restore(checkpoint);
    expect(Buffer.from(await other.exportModel()).equals(exported)).toBe(true);
  });
});

/** The training with a metric that compares the logits with `wanted`. */
const compared = 'input wanted: Tensor[N, T, 100]\n  metric difference = max(abs(logits - wanted))\n  ';

describe('adapters alone', () => {
  test('merged into their matrices give the same logits, and are saved, loaded and merged without the rest', async () => {
    const { files, manifest } = referenceTraining('llama', compared + lora.llama);
    const batch = batchOf('llama');
    const zeros = { data: new Float32Array(2 * 9 * 100), shape: [2, 9, 100] };
    await using trainer = await Trainer.load(files, manifest, { lr: 0.05 });
    for (let i = 0; i < 8; i++) await trainer.step({ ...batch, wanted: zeros });
    const model = await trainer.exportModel();
    const logits = await logitsOf(model, batch);
    const apart = await trainer.evaluate([{ ...batch, wanted: { data: logits, shape: [2, 9, 100] } }]);
    console.log(`logits of merged adapters differ by ${apart.difference}`);
    expect(apart.difference).toBeLessThanOrEqual(1e-5);
    const before = await logitsOf(files[manifest.inference.file]!, batch, files);
    expect(largestDifference(logits, before)).toBeGreaterThan(0.1);

    const folder = join(newFolder(), 'new', 'adapters');
    await trainer.saveAdapters(folder);
    expect(readdirSync(folder).sort()).toEqual(['adapter_config.json', 'adapter_model.safetensors']);
    const asBytes = await trainer.saveAdapters();
    for (const [name, bytes] of Object.entries(asBytes)) expect(Buffer.from(bytes).equals(readFileSync(join(folder, name)))).toBe(true);
    const stored = tensorsOf(asBytes['adapter_model.safetensors']!);
    const layers = [0, 1].flatMap((i) => ['q_proj', 'v_proj'].map((name) => `model.layers.${i}.self_attn.${name}`));
    expect([...stored.keys()].sort()).toEqual(
      layers.flatMap((layer) => ['A', 'B'].map((part) => `base_model.model.${layer}.lora_${part}.weight`)).sort(),
    );
    expect(stored.get('base_model.model.model.layers.0.self_attn.v_proj.lora_B.weight')).toMatchObject({ dtype: 'f32', shape: [16, 4] });
    expect(JSON.parse(readFileSync(join(folder, 'adapter_config.json'), 'utf8'))).toMatchObject({
      peft_type: 'LORA',
      r: 4,
      lora_alpha: 8,
      target_modules: layers,
      modules_to_save: null,
      bias: 'none',
      rank_pattern: {},
      alpha_pattern: {},
    });

    for (const source of [folder, asBytes]) {
      await using other = await Trainer.load(files, manifest, rate);
      expect(await other.restoreAdapters(source)).toEqual({ missing: [], different: [], frozen: [], unused: [] });
      expect(other.stepCount).toBe(0);
      expect(Buffer.from(await other.exportModel()).equals(model)).toBe(true);
    }
  });

  test('are scaled as they were, even where this training scales otherwise', async () => {
    const [two, six] = ['8', '24'].map((alpha) => referenceTraining('llama', lora.llama.replace('8', alpha)));
    const batch = batchOf('llama');
    await using trainer = await Trainer.load(two!.files, two!.manifest, { lr: 0.05 });
    for (let i = 0; i < 8; i++) await trainer.step(batch);
    await using other = await Trainer.load(six!.files, six!.manifest, rate);
    await other.restoreAdapters(await trainer.saveAdapters());
    const [wanted, got] = [await logitsOf(await trainer.exportModel(), batch), await logitsOf(await other.exportModel(), batch)];
    expect(largestDifference(got, wanted)).toBeLessThanOrEqual(1e-5);
  });

  test.each(Object.entries(peftCases))('of PEFT give its logits, and are saved as it saved them: %s', async (name, clauses) => {
    const { files, manifest } = referenceTraining(name, clauses);
    await using trainer = await Trainer.load(files, manifest, rate);
    expect(await trainer.restoreAdapters(made(name))).toEqual({ missing: [], different: [], frozen: [], unused: [] });
    const wanted = openReference(`peft/${name}`).arrays('').logits!;
    const got = await logitsOf(await trainer.exportModel(), batchOf(name));
    const largest = wanted.data.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
    console.log(`${name}: logits up to ${largest} differ by ${largestDifference(got, wanted.data)}`);
    expect(largestDifference(got, wanted.data)).toBeLessThanOrEqual(1e-5 * Math.max(1, largest));
    const saved = await trainer.saveAdapters();
    const [mine, theirs] = [
      tensorsOf(saved['adapter_model.safetensors']!),
      tensorsOf(readFileSync(join(made(name), 'adapter_model.safetensors'))),
    ];
    expect([...mine.keys()].sort()).toEqual([...theirs.keys()].sort());
    for (const [key, { shape, bytes }] of theirs) {
      expect(mine.get(key)?.shape, key).toEqual(shape);
      expect(Buffer.from(mine.get(key)!.bytes).equals(bytes), key).toBe(true);
    }
  });

  test('that fit in part are taken in part, and the rest is listed', async () => {
    const { files, manifest } = referenceTraining('llama', lora.llama);
    await using trainer = await Trainer.load(files, manifest, rate);
    await trainer.step(batchOf('llama'));
    const saved = await trainer.saveAdapters();
    const rank = referenceTraining('llama', lora.llama.replace('rank = 4', 'rank = 3').replace('*.q_proj, ', ''));
    await using other = await Trainer.load(rank.files, rank.manifest, rate);
    const { missing, different, unused } = await other.restoreAdapters(saved);
    expect(missing).toEqual([]);
    expect(different[0]).toEqual({ name: 'model.layers.0.self_attn.v_proj.lora_A.weight', wanted: '[3, 32] f32', found: '[4, 32] f32' });
    expect(different.length).toBe(4);
    expect(unused.length).toBe(4);
    for (const name of unused) expect(name).toMatch(/q_proj\.lora_[AB]\.weight$/);
  });

  test('that are damaged, or of another kind, are refused and change nothing', async () => {
    const { files, manifest } = referenceTraining('llama', lora.llama);
    await using trainer = await Trainer.load(files, manifest, rate);
    const saved = await trainer.saveAdapters();
    const before = await trainer.save();
    const config = (change: object) =>
      Buffer.from(JSON.stringify({ ...JSON.parse(new TextDecoder().decode(saved['adapter_config.json'])), ...change }));
    const refused = async (change: Readonly<Record<string, Uint8Array>>, reason: string) =>
      expect(trainer.restoreAdapters({ ...saved, ...change })).rejects.toThrow(reason);
    await refused(
      { 'adapter_config.json': Buffer.from('{') },
      'cannot use the adapters in the given files: adapter_config.json is not a JSON object',
    );
    await refused({ 'adapter_config.json': config({ peft_type: 'LOHA' }) }, 'they are of the kind LOHA, not LORA');
    await refused({ 'adapter_config.json': config({ use_dora: true }) }, 'they are of another kind than plain LoRA (`use_dora`)');
    await refused({ 'adapter_config.json': config({ use_qalora: true }) }, 'they are of another kind than plain LoRA (`use_qalora`)');
    await refused({ 'adapter_config.json': config({ r: 16 }) }, 'the rank 16, but its matrices have ');
    await refused({ 'adapter_config.json': config({ r: 0 }) }, 'gives `model.layers.0.self_attn.q_proj` no `r` or `lora_alpha` above 0');
    await refused({ 'adapter_config.json': config({ rank_pattern: { '(': 2 } }) }, '`(` is not a pattern');
    await refused({ 'adapter_model.safetensors': new Uint8Array(3) }, 'cannot restore from the given files/adapter_model.safetensors');
    const { 'adapter_config.json': _, ...without } = saved;
    await expect(trainer.restoreAdapters(without)).rejects.toThrow('the file adapter_config.json is missing');
    await expect(trainer.saveAdapters(join(made('llama'), 'adapter_model.safetensors'))).rejects.toThrow('cannot write');
    expect(Buffer.from(await trainer.save()).equals(before)).toBe(true);
  });

  test('exist only where the block has some', async () => {
    const { files, manifest } = referenceTraining('vit', 'freeze vit');
    await using trainer = await Trainer.load(files, manifest, rate);
    await expect(trainer.saveAdapters()).rejects.toThrow('`T` has no adapters: write `lora(rank = 8) on ...` in the train block');
    await expect(trainer.restoreAdapters(made('vit'))).rejects.toThrow('`T` has no adapters');
  });

  test('with whatever else is trained: norms, and the bias of a matrix', async () => {
    const clauses = 'freeze vit.embeddings, *.k_proj\n  lora(rank = 2, alpha = 3) on *.q_proj\n  lora(rank = 1) on *.fc1';
    const { files, manifest } = referenceTraining('vit', clauses);
    const batch = batchOf('vit');
    await using trainer = await Trainer.load(files, manifest, rate);
    for (let i = 0; i < 3; i++) await trainer.step(batch);
    const saved = await trainer.saveAdapters();
    const keys = [...tensorsOf(saved['adapter_model.safetensors']!).keys()];
    expect(keys.length).toBe(manifest.weights.length);
    expect(keys).toContain('base_model.model.vit.layers.0.attention.q_proj.base_layer.bias');
    expect(keys).toContain('base_model.model.vit.layernorm.weight');
    const config = JSON.parse(new TextDecoder().decode(saved['adapter_config.json']));
    expect(config).toMatchObject({ r: 2, lora_alpha: 3, bias: 'lora_only', rank_pattern: { '^vit\\.layers\\.0\\.mlp\\.fc1': 1 } });
    expect(config.modules_to_save).toContain('vit.layernorm');
    expect(config.modules_to_save).not.toContain('vit.layers.0.mlp.fc1');
    await using other = await Trainer.load(files, manifest, rate);
    expect(await other.restoreAdapters(saved)).toEqual({ missing: [], different: [], frozen: [], unused: [] });
    expect(Buffer.from(await other.exportModel()).equals(await trainer.exportModel())).toBe(true);
  });

  test('in half precision, and with the name of the adapter in their keys, are taken, too', async () => {
    const { files, manifest } = referenceTraining('llama', lora.llama);
    await using trainer = await Trainer.load(files, manifest, rate);
    for (let i = 0; i < 3; i++) await trainer.step(batchOf('llama'));
    const saved = await trainer.saveAdapters();
    const tensors = [...tensorsOf(saved['adapter_model.safetensors']!).values()];
    const halved = tensors.map(({ bytes, shape, name }): TensorToStore => {
      // The upper half of the bits of an f32 is a bf16, rounded down.
      const words = new Uint16Array(bytes.slice().buffer).filter((_, i) => i % 2 === 1);
      return { name: name.replace(/\.weight$/, '.default.weight'), dtype: 'bf16', shape, bytes: new Uint8Array(words.buffer) };
    });
    const file = joinChunks(writeSafetensors(halved));
    await using other = await Trainer.load(files, manifest, rate);
    expect(await other.restoreAdapters({ ...saved, 'adapter_model.safetensors': file })).toEqual({
      missing: [],
      different: [],
      frozen: [],
      unused: [],
    });
    const again = tensorsOf((await other.saveAdapters())['adapter_model.safetensors']!);
    for (const { name, bytes } of tensors) {
      const truncated = new Uint32Array(bytes.slice().buffer).map((bits) => bits & 0xffff0000);
      expect(Buffer.from(again.get(name)!.bytes).equals(new Uint8Array(truncated.buffer)), name).toBe(true);
    }
  });

  test('of a trainer in a worker', async () => {
    const library: typeof import('../../src/runtime.js') = await import(resolve(import.meta.dirname, '../../dist/runtime.js'));
    const { files, manifest } = referenceTraining('llama', lora.llama);
    await using here = await Trainer.load(files, manifest, rate);
    await using there = await library.Trainer.load(files, manifest, { ...rate, worker: true });
    await here.step(batchOf('llama'));
    const folder = newFolder();
    await here.saveAdapters(folder);
    expect(await there.restoreAdapters(folder)).toEqual({ missing: [], different: [], frozen: [], unused: [] });
    expect(await there.saveAdapters()).toEqual(await here.saveAdapters());
    const other = newFolder();
    await there.saveAdapters(other);
    expect(readdirSync(other).sort()).toEqual(readdirSync(folder).sort());
    await expect(there.restoreAdapters(() => new Uint8Array())).rejects.toThrow('cannot be given to a worker');
    writeFileSync(join(folder, 'adapter_config.json'), '{}');
    await expect(there.restoreAdapters(folder)).rejects.toThrow(library.TrainingError);
  });
});
