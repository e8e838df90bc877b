import { describe, expect, test } from 'vitest';
import { bodiesOf, capturesOf, inputValues, type Node, type OpNode, type Region } from '../../../src/3-graph/graph.js';
import { build } from '../../../src/build.js';
import { createMemoryHost } from '../../../src/memory-host.js';
import { trainingCost } from '../../../src/training-cost.js';
import { blockOf, halfSource } from '../../kit/half.js';
import { useOrt } from '../../kit/ort.js';
import { referenceModels } from '../../kit/reference-models.js';
import { Trainer } from '../../kit/trainer.js';
import { webgpu } from '../../kit/webgpu.js';

const ort = useOrt();
const T = { train: 'T' };

/** The nodes of a region and of all bodies in it. */
function* nodesIn(region: Region): Generator<Node> {
  for (const node of region.nodes) {
    yield node;
    for (const body of bodiesOf(node)) yield* nodesIn(body);
  }
}

function typesOf(region: Region, name: string): readonly string[] {
  return [...nodesIn(region)]
    .filter((node): node is OpNode => node.kind === 'op' && node.op.name === name)
    .map(({ outputs: [output] }) => output!.type.dtype);
}

describe('element types', () => {
  const trainer = new Trainer(ort, halfSource({ clauses: 'ema 0.9\n accumulate 2' }), T);
  const { graph } = trainer.entry('train');

  test('of weights, moments, statistics, averages, sums of gradients, loss and metrics are f32', () => {
    for (const entry of trainer.training.entries)
      for (const { type } of [...entry.graph.inputs, ...entry.graph.outputs.map(({ value }) => value)])
        expect(['f32', 'i32', 'i64']).toContain(type.dtype);
  });

  test('of matrix products are f16, and those of losses and optimizers f32', () => {
    // Two forward, two for the weights, one for the input of the second layer.
    expect(typesOf(graph, 'matmul')).toEqual(Array(5).fill('f16'));
    expect([...new Set(['exp', 'log_softmax', 'mean', 'sqrt'].flatMap((name) => typesOf(graph, name)))]).toEqual(['f32']);
  });

  test('of held-out data are those of the model', () => {
    const types = [...nodesIn(trainer.entry('eval').graph)].flatMap(({ outputs }) => outputs.map(({ type }) => type.dtype));
    expect(types).not.toContain('f16');
  });

  test('are f32 for constants that f16 does not have', () => {
    const source = `
model M(x: Tensor[N, 4], mask: Tensor<bool>[N, 4]) -> (y: Tensor[N, 4]) {
  scores = x -> fc: Linear(4)
  return softmax(where(mask, -1e9, scores), axis = -1) + sqrt(abs(x -> fc2: Linear(4)) + 1e-7)
}
train T for M {
  loss = mean(y)
  optimizer sgd(lr = 0.1)
  precision f16
}`;
    const masked = new Trainer(ort, source, T).entry('train').graph;
    expect(typesOf(masked, 'matmul')).toContain('f16');
    for (const node of nodesIn(masked))
      for (const { source: from, type } of inputValues(node))
        if (from.kind === 'constant' && type.dtype === 'f16')
          for (const value of from.array.data) expect(value === 0 || (Math.abs(value) <= 65504 && Math.abs(value) >= 2 ** -14)).toBe(true);
  });
});

describe('a scan in f16', () => {
  const source = (clauses: string) => `
model M(x: Tensor[N, T, 16]) -> (y: Tensor[N, 16]) {
  param w: Tensor[16, 16] = normal()
  scan item over x axis 1 carry h: Tensor[N, 16] = zeros { next h = tanh(item @ w + h @ w.T) }
  return h
}
train T for M {
  loss = mean(y)
  optimizer sgd(lr = 0.1)
  ${clauses}
}`;
  const costOf = (clauses: string) => trainingCost(new Trainer(ort, source(clauses), { ...T, bind: { N: 1, T: 100 } }).training);

  test('converts its weights once, in front of it', () => {
    const { graph } = new Trainer(ort, source('precision f16'), T).entry('train');
    const scans = [...graph.nodes].filter((node) => node.kind === 'scan');
    expect(scans).toHaveLength(2);
    for (const node of scans) {
      const { inBody } = capturesOf(node);
      for (const body of bodiesOf(node)) {
        expect([...new Set(typesOf(body, 'matmul'))]).toEqual(['f16']);
        const captured = new Set(body.inputs.slice(inBody));
        for (const inner of nodesIn(body)) expect(inputValues(inner).some((value) => !captured.has(value))).toBe(true);
      }
    }
  });

  test('keeps half of what it keeps in f32, and no copies of its weights', () => {
    const [whole, half] = [costOf(''), costOf('precision f16')].map(({ keptBytes }) => Number(keptBytes)) as [number, number];
    // One weight alone, at each step: 100 * 256 * 2.
    expect(half).toBeLessThan(100 * 256 * 2);
    expect(half).toBeLessThan(whole);
  });
});

describe('the forward pass in f16', () => {
  test.each(['cnn', 'transformer', 'gpt2', 'vit'])('of the %s keeps less for the gradient', (name) => {
    const reference = referenceModels[name]!;
    const kept = (clauses: string) => {
      const options = { ...T, set: reference.set, bind: { N: 16, ...(/\bT\b/.test(reference.labels) ? { T: 32 } : {}) } };
      return Number(
        trainingCost(new Trainer(ort, blockOf(reference, `eval *\n optimizer sgd(lr = 0.1)\n ${clauses}`), options).training).keptBytes,
      );
    };
    const [whole, half] = [kept(''), kept('precision f16')];
    expect(half).toBeLessThan(whole);
  });
});

describe.runIf(webgpu)('on WebGPU, every node of a step in f16 has a kernel', () => {
  test.each([
    ['cnn', { N: 2 }],
    ['transformer', { N: 2, T: 5 }],
    ['lstm', { N: 2, T: 4 }],
    ['gpt2', { N: 2, T: 6 }],
    ['vit', { N: 2 }],
  ] as const)('%s', async (name, bind) => {
    const reference = referenceModels[name]!;
    const clauses =
      'metric accuracy = accuracy(logits, labels)\n optimizer adamw(lr = 0.01)\n clip_norm 1.0\n precision f16\n accumulate 2';
    const host = createMemoryHost({ 'main.arch': blockOf(reference, clauses) });
    const { artifacts = [] } = build('main.arch', host, { ...T, target: 'webgpu', set: reference.set, bind });
    for (const file of ['train', 'grads', 'apply']) {
      const { bytes } = artifacts.find((artifact) => artifact.name === `main.${file}.onnx`)!;
      await ort.load(bytes, { provider: 'webgpu', strict: true });
    }
  });
});
