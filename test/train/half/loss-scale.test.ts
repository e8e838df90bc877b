import { describe, expect, test } from 'vitest';
import { changedStates, halfBatch, halfSource, scalar, scaleStates, scalingIn } from '../../kit/half.js';
import { useOrt } from '../../kit/ort.js';
import { type Arrays, Trainer } from '../../kit/trainer.js';

const ort = useOrt();
const T = { train: 'T' };
const onlyScaling = [...scaleStates].sort();

describe('the scale of the loss', () => {
  test('is halved by steps that overflow, which change nothing else, and doubled after 2000 good ones', async () => {
    const trainer = new Trainer(ort, halfSource({ clauses: 'ema 0.9\n clip_norm 1.0' }), T);
    expect(Object.keys(trainer.start)).toEqual(
      expect.arrayContaining(['fc1.weight', 'ema.fc1.weight', 'optimizer.exp_avg.0', 'bn.running_mean', 'step', ...scaleStates]),
    );
    let state = trainer.start;
    const scales: unknown[] = [];
    for (let step = 1; step <= 9; step++) {
      const overflows = step === 3 || step === 7;
      // `clip_norm` would make any finite gradient small.
      const after = (await trainer.steps([halfBatch(step, overflows ? 1e6 : 1)], state)).state;
      const changed = changedStates(state, after);
      if (overflows) expect(changed, `step ${step}`).toEqual(onlyScaling);
      else expect(changed, `step ${step}`).toEqual(expect.arrayContaining(['fc1.weight', 'bn.running_mean', 'step']));
      state = after;
      scales.push(scalingIn(state));
    }
    expect(scales).toEqual([
      [2 ** 16, 1, 0],
      [2 ** 16, 2, 0],
      [2 ** 15, 0, 1],
      [2 ** 15, 1, 1],
      [2 ** 15, 2, 1],
      [2 ** 15, 3, 1],
      [2 ** 14, 0, 2],
      [2 ** 14, 1, 2],
      [2 ** 14, 2, 2],
    ]);
    expect(state.step!.data[0]).toBe(7);
    const batches = (count: number) => Array.from({ length: count }, (_, i) => halfBatch(i));
    state = (await trainer.steps(batches(1997), state)).state;
    expect(scalingIn(state)).toEqual([2 ** 14, 1999, 2]);
    state = (await trainer.steps(batches(1), state)).state;
    expect(scalingIn(state)).toEqual([2 ** 15, 0, 2]);
  });

  test.each(['NaN', 'Infinity'])('is halved by a loss that is %s', async (value) => {
    const trainer = new Trainer(ort, halfSource(), T);
    const { steps, state } = await trainer.steps([halfBatch(0, Number(value))]);
    expect(steps[0]!.loss!.data[0]).toBe(Number(value));
    expect(scalingIn(state)).toEqual([2 ** 15, 0, 1]);
    expect(changedStates(trainer.start, state)).toEqual(['loss_scale', 'skipped_steps']);
  });

  test('is halved until the gradients do not overflow', async () => {
    const trainer = new Trainer(ort, halfSource(), T);
    const { steps, state } = await trainer.steps(Array.from({ length: 12 }, () => halfBatch(0, 20)));
    for (const { loss } of steps) expect(loss!.data[0]).toBeLessThan(100);
    const [scale, good, skipped] = scalingIn(state) as number[];
    expect(skipped).toBeGreaterThan(1);
    expect(good).toBeGreaterThan(1);
    expect([scale, good]).toEqual([2 ** (16 - skipped!), 12 - skipped!]);
    expect(state.step!.data[0]).toBe(good);
  });

  test('has bounds', async () => {
    const trainer = new Trainer(ort, halfSource(), T);
    const from = ({ start }: Trainer, scale: number, good: number): Arrays => ({
      ...start,
      loss_scale: scalar('f32', scale),
      good_steps: scalar('i32', good),
    });
    expect(scalingIn((await trainer.steps([halfBatch(0, 1e30)], from(trainer, 2 ** -8, 5))).state)).toEqual([2 ** -8, 0, 1]);
    // Small enough for f16 with that scale.
    const quiet = new Trainer(ort, halfSource({ optimizer: 'sgd(lr = 0.01)', loss: '1e-6 * cross_entropy(logits, labels)' }), T);
    expect(scalingIn((await quiet.steps([halfBatch(0)], from(quiet, 2 ** 24, 1999))).state)).toEqual([2 ** 24, 0, 0]);
  });

  test('saves gradients that are 0 in f16, and changes no others', async () => {
    const tiny = halfSource({ clauses: 'eval *', optimizer: 'sgd(lr = 1e6)', loss: '1e-8 * cross_entropy(logits, labels)' });
    const plain = halfSource({ clauses: 'eval *', optimizer: 'sgd(lr = 0.01)' });
    const stateAfter = async (text: string, scale: number): Promise<Arrays> => {
      const trainer = new Trainer(ort, text, T);
      const { state } = await trainer.steps([halfBatch(0)], { ...trainer.start, loss_scale: scalar('f32', scale) });
      return { weight: state['fc1.weight']! };
    };
    const start = { weight: new Trainer(ort, plain, T).start['fc1.weight']! };
    expect(changedStates(start, await stateAfter(tiny, 1))).toEqual([]);
    expect(changedStates(start, await stateAfter(tiny, 2 ** 20))).toEqual(['weight']);
    // A power of two changes no bit of what is neither infinite nor near 0.
    expect(changedStates(await stateAfter(plain, 2 ** 10), await stateAfter(plain, 2 ** 12))).toEqual([]);
  });

  test('does not count for clipping', async () => {
    const trainer = new Trainer(ort, halfSource({ clauses: 'eval *\n clip_norm 0.01', optimizer: 'sgd(lr = 1.0)' }), T);
    const { state } = await trainer.steps([halfBatch(0)]);
    const squares = trainer.training.step.weights.flatMap((name) =>
      [...state[name]!.data].map((value, i) => (value - trainer.start[name]!.data[i]!) ** 2),
    );
    expect(Math.sqrt(squares.reduce((a, b) => a + b, 0))).toBeCloseTo(0.01, 5);
  });
});

describe('a step that overflows changes nothing but the scale', () => {
  test.each([
    'sgd(lr = 0.1, momentum = 0.9)',
    'adam(lr = cosine(0.1, steps = 10), amsgrad = true)',
    'adagrad(lr = 0.1)',
    'adafactor(lr = 0.1)',
    'rmsprop(lr = 0.001)',
    'lion(lr = 0.1)',
    'muon(lr = 0.1)',
    'adamw(lr = 0.1) { group vectors { lr_scale = 2 } }',
  ])('with %s', async (optimizer) => {
    const trainer = new Trainer(
      ort,
      halfSource({ optimizer, clauses: 'clip_value 0.1\n checkpoint fc*\n lora(rank = 2) on fc2\n freeze fc2.weight' }),
      T,
    );
    const { state } = await trainer.steps([halfBatch(0), halfBatch(1)]);
    expect(scalingIn(state)).toEqual([2 ** 16, 2, 0]);
    expect(changedStates(trainer.start, state)).toEqual(expect.arrayContaining(['fc2.lora_B.weight', 'step']));
    expect(changedStates(state, (await trainer.steps([halfBatch(2, 1e6)], state)).state)).toEqual(onlyScaling);
  });

  test.each([1, 2])('if one of %i batches overflows', async (accumulate) => {
    const trainer = new Trainer(ort, halfSource({ clauses: `eval *\n accumulate ${accumulate}` }), { ...T, gradients: true });
    const take = async (batches: readonly Arrays[], state: Arrays) =>
      (await trainer.series('apply', [{}], (await trainer.series('grads', batches, state)).state)).state;
    const good = (from: number) => Array.from({ length: accumulate }, (_, i) => halfBatch(from + i));
    const first = await take(good(0), trainer.start);
    expect(scalingIn(first)).toEqual([2 ** 16, 1, 0]);
    const second = await take([halfBatch(2, 1e6), ...good(3).slice(1)], first);
    expect(scalingIn(second)).toEqual([2 ** 15, 0, 1]);
    expect(changedStates(first, second)).toEqual(onlyScaling);
    // The sums begin again.
    const third = await take(good(2), second);
    expect(scalingIn(third)).toEqual([2 ** 15, 1, 1]);
    expect(changedStates(second, third)).toEqual(expect.arrayContaining(['fc1.weight', 'good_steps', 'step']));
    expect(third['gradient.0']!.data.every((value) => value === 0)).toBe(true);
  });
});

test('a step from the same batch several times is that of the batch', async () => {
  const trainer = new Trainer(ort, halfSource({ clauses: 'eval *\n accumulate 2' }), T);
  const once = (await trainer.steps([halfBatch(0)])).state;
  const sums = await trainer.series('grads', [halfBatch(0), halfBatch(0)], trainer.start);
  const twice = (await trainer.series('apply', [{}], sums.state)).state;
  // The weight of a batch is 8, so that sums and means of equal gradients are exact.
  expect(changedStates(once, twice)).toEqual([]);
});
