import { expect, test } from 'vitest';
import type { NdArray } from '../../src/ops/types.js';
import { useOrt } from '../kit/ort.js';
import { item, largestDifference, openReference } from '../kit/reference.js';
import { type Arrays, Trainer } from '../kit/trainer.js';

/** Layers that are special while they train, against PyTorch: test/reference/layers.py makes the data. */
const net = `
model Net(x: Tensor[N, 2, 5, 5]) -> (y: Tensor[N, 3]) {
  return x -> conv: Conv2d(4, kernel = 3) -> bn: BatchNorm2d(momentum = 0.2) -> relu -> flatten -> fc: Linear(3)
}`;
const shared = `
model Net(x: Tensor[N, 2, 5, 5]) -> (y: Tensor[N, 3]) {
  bn = BatchNorm2d(momentum = 0.2)
  x = x -> conv: Conv2d(4, kernel = 3) -> bn -> relu
  return x -> conv2: Conv2d(4, kernel = 3, padding = 1) -> bn -> relu -> flatten -> fc: Linear(3)
}`;
const plain = `
model Net(x: Tensor[N, 5]) -> (y: Tensor[N, 3]) { return x -> block: Block -> fc: Linear(3) }
layer Block(x: Tensor[N, 5]) -> Tensor[N, 6] { return x -> fc: Linear(6) -> bn: BatchNorm1d(affine = false) -> tanh }`;
const student = `${plain.replace('model Net', 'model Teacher')}
model Net(x: Tensor[N, 5]) -> (y: Tensor[N, 3]) { return x -> fc: Linear(3) }`;
const loss = 'loss = cross_entropy(y, labels)';

interface Case {
  readonly model: string;
  readonly clauses: string;
  /** Which weights and statistics change; those that are not in it must not be states of the step. */
  readonly changes: RegExp;
  /** What the names of the reference begin with where archc's do not. */
  readonly prefix?: string;
}

const cases: Readonly<Record<string, Case>> = {
  bn: { model: net, clauses: loss, changes: /./ },
  bn_frozen: { model: net, clauses: `${loss}\n freeze bn`, changes: /^(conv|fc)\./ },
  bn_frozen_updated: { model: net, clauses: `${loss}\n freeze bn with { statistics: update }`, changes: /^(conv|fc|bn\.running.*)/ },
  bn_evaluated: { model: net, clauses: `${loss}\n eval bn`, changes: /^(conv|fc)\.|^bn\.(weight|bias)/ },
  bn_shared: { model: shared, clauses: loss, changes: /./ },
  bn_plain: { model: plain, clauses: loss, changes: /./ },
  bn_plain_frozen: { model: plain, clauses: `${loss}\n freeze block`, changes: /^fc\./ },
  bn_plain_frozen_updated: { model: plain, clauses: `${loss}\n freeze block with { statistics: update }`, changes: /^fc\.|running/ },
  twice: {
    model: net,
    clauses: 'input x2: Tensor[M, 2, 5, 5]\n other = model(x2)\n loss = cross_entropy(y, labels) + 0.5 * mean(other * other)',
    changes: /./,
  },
  distilled: {
    model: student,
    clauses: `teacher = frozen Teacher
      wanted = softmax(teacher(x) / 2.0, axis = -1)
      loss = cross_entropy(y, labels) + 4.0 * kl_div(log_softmax(y / 2.0, axis = -1), wanted, reduction = "batchmean")`,
    changes: /^fc\./,
    prefix: 'student.',
  },
};

const ort = useOrt();
const reference = openReference('layers');

test.each(Object.entries(cases))('%s', async (name, { model, clauses, changes, prefix = '' }) => {
  const own = (arrays: Arrays): Arrays =>
    Object.fromEntries(Object.entries(arrays).map(([key, value]) => [key.startsWith(prefix) ? key.slice(prefix.length) : key, value]));
  const start = own(reference.arrays(`${name}/start.`));
  const after = own(reference.arrays(`${name}/after.`));
  const feeds = reference.arrays(`${name}/in.`);
  const { losses } = reference.arrays(`${name}/`) as { losses: NdArray };
  const batches = [...Array(20).keys()].map((i) => Object.fromEntries(Object.entries(feeds).map(([key, all]) => [key, item(all, i)])));
  const source = `${model}\ntrain T for Net {\n input labels: Tensor<i64>[N]\n ${clauses}\n optimizer sgd(lr = 0.1)\n}`;
  const norms = Object.keys(start).filter((key) => key.endsWith('.running_mean'));
  const counts = norms.map((key) => [
    key.replace('running_mean', 'num_batches_tracked'),
    { dtype: 'i64', shape: [], data: Float64Array.of(0) },
  ]);
  const trainer = new Trainer(ort, source, { train: 'T', weights: { ...start, ...Object.fromEntries(counts) } });
  const { steps, state } = await trainer.steps(batches);
  const { weights, statistics } = trainer.training.step;
  expect([...weights, ...statistics].sort()).toEqual(
    Object.keys(after)
      .filter((key) => changes.test(key))
      .sort(),
  );
  for (const key of [...weights, ...statistics])
    expect(largestDifference(state[key]?.data ?? [], after[key]!.data), key).toBeLessThanOrEqual(1e-5);
  const kept = Object.keys(after).filter((key) => !changes.test(key));
  for (const key of kept) expect(after[key]!.data, key).toEqual(start[key]!.data);
  const got = steps.map((step) => step.loss?.data[0] as number);
  expect(largestDifference(got, losses.data)).toBeLessThanOrEqual(1e-5);
});

test.each(['freeze bn', 'eval bn'])('batch norm in a scan uses its running statistics under `%s`', (clause) => {
  const source = `
model M(x: Tensor[N, T, 8]) -> (y: Tensor[N, 8]) {
  bn = BatchNorm1d
  scan step over x axis 1 carry h: Tensor[N, 8] = zeros([N, 8]) { next h = tanh(bn(h + step) -> fc: Linear(8)) }
  return h
}
train T for M { loss = mean(y)\n ${clause}\n optimizer sgd(lr = 0.1) }`;
  const { weights, statistics } = new Trainer(ort, source, { train: 'T' }).training.step;
  expect(weights).toContain('fc.weight');
  expect(weights.includes('bn.weight')).toBe(clause === 'eval bn');
  expect(statistics).toEqual([]);
});

test('a cache starts empty in every graph', async () => {
  const source = `
model M(x: Tensor[N, T, 4]) -> (y: Tensor[N, T, 4]) {
  state past: Tensor[N, P, 4] = empty
  state seen: Tensor[] = zeros
  all = concat(past, x -> fc: Linear(4), axis = 1)
  next past = all
  next seen = seen + 1.0
  return x + mean(all, 1, keep = true) + seen
}
train T for M { loss = mean(y * y)\n optimizer sgd(lr = 0.1)\n accumulate 2 }`;
  const trainer = new Trainer(ort, source, { train: 'T' });
  for (const { graph } of trainer.training.entries) expect(graph.states.map(({ state }) => state.input)).not.toContain('past');
  const x: NdArray = { dtype: 'f32', shape: [2, 3, 4], data: Float64Array.from({ length: 24 }, (_, i) => Math.sin(i)) };
  const { steps } = await trainer.steps([{ x }]);
  expect((await trainer.evaluate({ x })).loss).toEqual(steps[0]!.loss);
});
