import { describe, expect, test } from 'vitest';
import { build } from '../../src/build.js';
import { createMemoryHost } from '../../src/memory-host.js';
import { useOrt } from '../kit/ort.js';
import { largestDifference } from '../kit/reference.js';
import { referenceBatch, referenceModels, referenceWeights } from '../kit/reference-models.js';
import { everyNth } from '../kit/samples.js';
import { type Arrays, Trainer } from '../kit/trainer.js';
import { webgpu } from '../kit/webgpu.js';

const ort = useOrt();

/** A batch as a graph for WebGPU takes it: labels and ids are i32. */
function narrowed(trainer: Trainer, batch: Arrays): Arrays {
  const { narrow } = trainer.entry('train');
  return Object.fromEntries(
    Object.entries(batch).map(([name, array]) => [name, narrow.includes(name) ? { ...array, dtype: 'i32' } : array]),
  );
}

/** Two steps on the GPU, where every node must run there, against the same graph on the CPU. */
async function expectSameSteps(trainer: Trainer, batch: Arrays): Promise<void> {
  const feeds = narrowed(trainer, batch);
  const onGpu = await trainer.steps([feeds, feeds], trainer.start, { provider: 'webgpu', strict: true });
  const onCpu = await trainer.steps([feeds, feeds]);
  for (const [i, { loss }] of onCpu.steps.entries()) {
    const wanted = loss!.data[0]!;
    expect(Math.abs(onGpu.steps[i]!.loss!.data[0]! - wanted)).toBeLessThanOrEqual(1e-5 * wanted);
  }
  const { weights } = trainer.training.step;
  const zeros = (name: string) => new Float64Array(onCpu.state[name]!.data.length);
  const largest = Math.max(...weights.map((name) => largestDifference(onCpu.state[name]!.data, zeros(name))));
  let change = 0;
  for (const name of weights) {
    const { data } = onCpu.state[name]!;
    expect(largestDifference(onGpu.state[name]!.data, data), name).toBeLessThanOrEqual(1e-5 * largest);
    change = Math.max(change, largestDifference(data, trainer.start[name]!.data));
  }
  expect(change).toBeGreaterThan(1e-3 * largest);
}

/** The sizes of a batch that the models leave open. */
const sizes: Readonly<Record<string, (batch: Arrays) => Readonly<Record<string, number>>>> = {
  cnn: ({ image }) => ({ N: image!.shape[0]! }),
  lstm: ({ x }) => ({ N: x!.shape[0]!, T: x!.shape[1]! }),
  transformer: ({ src }) => ({ N: src!.shape[0]!, T: src!.shape[1]! }),
  gru_tagger: ({ ids }) => ({ N: ids!.shape[0]!, T: ids!.shape[1]! }),
  gpt2: ({ input_ids: ids }) => ({ N: ids!.shape[0]!, T: ids!.shape[1]! }),
  vit: ({ pixel_values: pixels }) => ({ N: pixels!.shape[0]! }),
};

describe.runIf(webgpu)('on WebGPU without the CPU, two steps are those of the CPU', () => {
  test.each(everyNth(Object.entries(sizes), 2))('%s', async (name, sizesOf) => {
    const { source, model, labels, set } = referenceModels[name]!;
    // With a larger \`eps\` than usual, since Adam divides rounding by itself where a gradient is 0.
    const block = `train T for ${model} {
      input labels: ${labels}
      loss = cross_entropy(logits, labels)
      metric accuracy = accuracy(logits, labels)
      optimizer adamw(lr = 0.01, eps = 1e-3, weight_decay = 0.01)
      clip_norm 1.0
    }`;
    const batch = referenceBatch(name);
    const trainer = new Trainer(ort, `${source}\n${block}`, {
      train: 'T',
      target: 'webgpu',
      set,
      bind: sizesOf(batch),
      weights: referenceWeights(name),
    });
    await expectSameSteps(trainer, batch);
  });
});

test('an i64 input that decides a size is read as i32, and converted where the size comes into being', async () => {
  const source = `model M(x: Tensor[N, 4]) -> (y: Tensor[N, 3]) { return x -> fc: Linear(3) }
train T for M {
  input marks: Tensor<i64>[N]
  chosen = gather_nd(y, nonzero(marks))
  loss = sum(chosen * chosen)
  optimizer sgd(lr = 0.1)
}`;
  const batch: Arrays = {
    x: { dtype: 'f32', shape: [3, 4], data: Float64Array.from({ length: 12 }, (_, i) => Math.sin(i)) },
    marks: { dtype: 'i64', shape: [3], data: Float64Array.of(0, 7, 1) },
  };
  const losses = (['cpu', 'webgpu'] as const).map(async (target) => {
    const trainer = new Trainer(ort, source, { train: 'T', target });
    const { steps } = await trainer.steps([narrowed(trainer, batch)]);
    return steps[0]!.loss!.data[0]!;
  });
  const [onCpu, narrow] = await Promise.all(losses);
  expect(narrow).toBe(onCpu);
  expect(onCpu).toBeGreaterThan(0);
});

describe.runIf(webgpu)('a training graph that leaves the GPU', () => {
  const block = `train T for M {
  input wanted: Tensor[N, T, 8]
  loss = mse_loss(y, wanted)
  optimizer sgd(lr = 0.1)
}`;
  const scan = `model M(x: Tensor[N, T, 8]) -> (y: Tensor[N, T, 8]) {
  scan xt over x axis 1 carry h: Tensor[N, 8] = zeros {
    h1 = tanh(h + (xt -> fc: Linear(8)))
    next h = h1
    emit y = h1
  }
  return y
}`;
  const flat = `model M(x: Tensor[N, T, 8]) -> (y: Tensor[N, T, 8]) {
  return x -> rearrange([N, T, 8] => [N * T, 8]) -> fc: Linear(8) -> rearrange([N * T, 8] => [N, T, 8])
}`;

  test.each([
    ['a scan of open length', scan, 'scan-on-cpu', 2],
    ['arithmetic of open sizes', flat, 'sizes-on-cpu', 4],
  ] as const)('is refused without the CPU, and named: %s', async (_, model, code, line) => {
    const source = `${model}\n${block}`;
    const host = createMemoryHost({ 'main.arch': source });
    const { diagnostics, artifacts = [] } = build('main.arch', host, { train: 'T', target: 'webgpu' });
    const named = diagnostics.filter((found) => found.code === code).map(({ span }) => source.slice(0, span.start).split('\n').length);
    expect(named).toContain(line);
    const graph = artifacts.find(({ name }) => name === 'main.train.onnx')!.bytes;
    await expect(ort.load(graph, { provider: 'webgpu', strict: true })).rejects.toThrow('fallback to CPU EP has been explicitly disabled');
    await ort.load(graph, { provider: 'webgpu' });
    // With fixed sizes, it stays there, and there is nothing to say.
    const bound = build('main.arch', host, { train: 'T', target: 'webgpu', bind: { N: 2, T: 3 } });
    expect(bound.diagnostics).toEqual([]);
    await ort.load(bound.artifacts!.find(({ name }) => name === 'main.train.onnx')!.bytes, { provider: 'webgpu', strict: true });
  });
});
