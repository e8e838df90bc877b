import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ModuleFolder, root } from './written-modules.js';

/** A correct program; each line after `@ts-expect-error` has a mistake that TypeScript finds. */
const program = (from: (name: string) => string) => `import { HostError, tensor } from 'archc/runtime';
import { Finetune, LeNet } from '${from('digits')}';
import { Llama } from '${from('llama')}';
import { class as Small, class_ as Fit } from '${from('scheduled')}';
import { default as odd } from '${from('odd')}';
import { Whisper } from '${from('whisper')}';

export async function run(image: Float32Array): Promise<Float32Array> {
  await using model: LeNet = await LeNet.create({ provider: 'cpu', threads: 1 });
  const { logits } = await model.run({ image });
  const inputs: LeNet.Inputs = { image: [[[[1]]]] };
  const outputs: LeNet.Outputs = await model.run(inputs, {});
  outputs.logits.dtype satisfies 'f32';
  // @ts-expect-error: an input is missing
  await model.run({});
  // @ts-expect-error: there is no such input
  await model.run({ image, labels: [1] });
  // @ts-expect-error: an input is a tensor
  await model.run({ image: 'digit.png' });
  // @ts-expect-error: there is no such output
  outputs.probabilities;
  // @ts-expect-error: f32 is not i64
  outputs.logits.data satisfies BigInt64Array;
  // @ts-expect-error: the model has no states
  await model.reset();
  // @ts-expect-error: there is no such provider
  await LeNet.create({ provider: 'cuda' });
  return logits.data;
}

export async function train(batches: AsyncIterable<Finetune.Batch>): Promise<number> {
  await using trainer: Finetune = await Finetune.create({ lr: 1e-3, provider: 'cpu', seed: 1, weights: 'w.safetensors' });
  for await (const batch of batches) {
    const { loss, accuracy } = await trainer.step(batch);
    trainer.lr = loss * accuracy;
  }
  const metrics: Finetune.Metrics = await trainer.evaluate([{ image: new Float32Array(784), labels: [3n] }]);
  await trainer.save('a.safetensors');
  const { missing } = await trainer.restore('a.safetensors');
  const onnx: Uint8Array = await trainer.exportModel({ ema: true });
  await using model = await LeNet.create({ files: { 'digits.onnx': onnx } });
  // @ts-expect-error: the module loads no such file
  await LeNet.create({ files: { 'digit.onnx': onnx } });
  // @ts-expect-error: there is no such metric
  metrics.recall;
  // @ts-expect-error: labels are missing
  await trainer.step({ image: [1] });
  // @ts-expect-error: one batch is given as it is
  await trainer.step([{ image: [1], labels: [1] }]);
  // @ts-expect-error: a batch is not a metric
  await trainer.evaluate([metrics]);
  // @ts-expect-error: a learning rate is a number
  trainer.lr = undefined;
  // @ts-expect-error: the host gives the learning rate
  await Finetune.create();
  return missing.length + model.manifest.entries.length + metrics.loss;
}

export async function fit(batch: Fit.Batch): Promise<number> {
  await using trainer = await Fit.create();
  const { loss, top_2 } = await trainer.step([batch, batch]);
  // @ts-expect-error: a step takes several batches
  await trainer.step(batch);
  // @ts-expect-error: the graph has the learning rate
  trainer.lr = 1;
  // @ts-expect-error: so nobody gives it
  await Fit.create({ lr: 1 });
  await using model: Small = await Small.create();
  return loss + top_2 + ((await model.run({ x: batch.x })).logits.data[0] ?? 0);
}

export async function speak(features: Float32Array): Promise<bigint> {
  await using whisper = await Whisper.create();
  const { memory } = await whisper.encode.run({ input_features: tensor(features, [1, 80, 16]) });
  memory.shape satisfies readonly [1, 8, 32];
  const inputs: Whisper.Inputs['step'] = { input_ids: [[1n]], attention_mask: [[1]], memory };
  const { logits } = await whisper.step.run(inputs);
  for await (const out of whisper.step.steps(inputs, ({ logits }, i) => (i < 3 && logits.data.length > 0 ? inputs : undefined))) out.logits.data satisfies Float32Array;
  // @ts-expect-error: this is an input of the other entry
  await whisper.encode.run({ input_ids: [[1]] });
  // @ts-expect-error: there is no such entry
  await whisper.decode.run({});
  await using llama = await Llama.create();
  await llama.run({ input_ids: [[1]], position_ids: [[0]], attention_mask: [[1]] });
  const states: Llama.States = await llama.states();
  await llama.reset(states);
  await llama.reset();
  // @ts-expect-error: states are kept
  await llama.run({ input_ids: [[1]], position_ids: [[0]], attention_mask: [[1]], 'past_key_values.0.key': [] });
  // @ts-expect-error: there is no such state
  await llama.reset({ h: memory });
  await using strange = await odd.create();
  const out = await strange.delete.run({ new: [[1, 2, 3, 4]], ['__proto__']: [[1, 2, 3]] });
  const flags: Uint8Array = out.constructor.data;
  const { at } = await strange.new.run({ x: [0, 1] });
  if (flags.length > logits.data.length) throw new HostError(String(out.function.data[0]));
  return at.data[0] ?? 0n;
}
`;

let folder: ModuleFolder;

beforeAll(async () => {
  folder = new ModuleFolder();
  for (const name of ['digits', 'llama', 'whisper', 'odd', 'scheduled']) await folder.build(name);
});

afterAll(() => folder.remove());

/** All `ts` blocks of the page; they are one program. */
function programOf(page: string): string {
  const text = readFileSync(join(root, 'docs', page), 'utf8');
  return [...text.matchAll(/^```ts\n([\s\S]*?)^```$/gm)].map(([, block = '']) => block).join('');
}

describe('TypeScript accepts correct programs and finds mistakes', () => {
  test.each([
    ['in Node', 'NodeNext', 'NodeNext', program((name) => `./out/${name}.arch.js`)],
    ['with a bundler', 'ESNext', 'bundler', program((name) => `./out/${name}.arch.js`)],
    ['with a bundler, without the ending', 'ESNext', 'bundler', program((name) => `./out/${name}.arch`)],
    ['in docs/modules.md', 'NodeNext', 'NodeNext', programOf('modules.md')],
  ])('%s', (_, module, moduleResolution, text) => {
    folder.write('program.ts', text);
    const compilerOptions = {
      strict: true,
      exactOptionalPropertyTypes: true,
      noUncheckedIndexedAccess: true,
      skipLibCheck: false,
      noEmit: true,
      target: 'ES2022',
      lib: ['ES2023', 'ESNext.Disposable'],
      types: [],
      module,
      moduleResolution,
    };
    folder.write('tsconfig.json', JSON.stringify({ compilerOptions, files: ['program.ts'] }));
    expect(folder.run(join(root, 'node_modules/typescript/bin/tsc'), '-p', '.')).toEqual({ code: 0, said: '' });
  });
});
