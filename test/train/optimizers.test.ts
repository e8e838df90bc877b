import { expect, test } from 'vitest';
import type { NdArray } from '../../src/ops/types.js';
import { optimizerCases as cases, optimizedModel as model } from '../kit/optimizer-cases.js';
import { useOrt } from '../kit/ort.js';
import { item, largestDifference, openReference } from '../kit/reference.js';
import { type Arrays, Trainer } from '../kit/trainer.js';

/** Twenty steps of every optimizer against torch.optim: test/reference/optimizers.py makes the data, and says how the cases are defined. */
const ort = useOrt();
const reference = openReference('optimizers');
const { images, targets } = reference.arrays('') as { images: NdArray; targets: NdArray };
const weights = reference.arrays('start.');
const batches = [...Array(20).keys()].map((i): Arrays => ({ images: item(images, i), target: item(targets, i) }));

test.each(Object.entries(cases))('%s', async (name, clauses) => {
  const source = `${model}\ntrain T for Small {\n input target: Tensor[N, 6]\n loss = mse_loss(y, target)\n ${clauses}\n}`;
  const trainer = new Trainer(ort, source, { train: 'T', weights });
  const { steps, state } = await trainer.steps(batches);
  const { losses, ...wanted } = reference.arrays(`${name}/`) as { losses: NdArray } & Arrays;
  expect(Object.keys(wanted).sort()).toEqual([...trainer.training.step.weights].sort());
  const order = trainer.model.parameters.map((parameter) => parameter.name);
  expect(trainer.training.step.weights).toEqual(order.filter((weight) => weight in wanted));
  const got = steps.map(({ loss }) => loss?.data[0] as number);
  for (const [weight, { data }] of Object.entries(wanted))
    expect(largestDifference(state[weight]?.data ?? [], data), weight).toBeLessThanOrEqual(1e-5);
  expect(largestDifference(got, losses.data)).toBeLessThanOrEqual(1e-5);
});

test('every optimizer and schedule has a case', async () => {
  const { optimizers, schedules } = await import('../../src/2-check/train/optimizers.js');
  const clauses = Object.values(cases).join('\n');
  for (const name of Object.keys(optimizers)) expect(clauses).toContain(`optimizer ${name}(`);
  for (const name of Object.keys(schedules)) if (name !== 'constant') expect(clauses).toContain(`lr = ${name}(`);
});
