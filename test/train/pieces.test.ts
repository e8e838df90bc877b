import { expect, test } from 'vitest';
import { asDeclared } from '../../src/2-check/models/choice.js';
import { checkTraining } from '../../src/2-check/train/check-training.js';
import { elaborate } from '../../src/3-graph/elaborate.js';
import { verify } from '../../src/3-graph/verify.js';
import { optimize } from '../../src/5-optimize/pipeline.js';
import { createMemoryHost } from '../../src/memory-host.js';
import { start, trainingSession } from '../../src/stages.js';
import { toTrainingStep } from '../../src/training.js';
import { fileWithoutWeights } from '../kit/block-gradients.js';
import { useOrt } from '../kit/ort.js';
import { largestDifference } from '../kit/reference.js';
import { type Arrays, Trainer } from '../kit/trainer.js';

const ort = useOrt();
const source = `
model M(x: Tensor[N, 5]) -> (y: Tensor[N, 4]) { return x -> a: Linear(7) -> tanh -> b: Linear(6) -> tanh -> c: Linear(4) }
train T for M {
  loss = mean(y * y)
  optimizer adamw(lr = 0.01) { group vectors { weight_decay = 0 } }
  clip_norm 0.1
}`;

/** A device may not take one vector of everything: the weights are then joined to several. */
test.each([1, 100, 200])('vectors of at most %i bytes give the same steps', async (pieceBytes) => {
  const started = start('main.arch', createMemoryHost({ 'main.arch': source }), {});
  const { module, report, session } = started;
  const training = checkTraining(trainingSession(started), module, module.trains[0]!, asDeclared)!;
  const { graph } = elaborate(training.model, report, session.limits).entries[0]!;
  const { moments } = toTrainingStep(graph, training, {}, report, pieceBytes)!;
  expect(report.diagnostics).toEqual([]);
  optimize(graph, { fused: false });
  expect(verify(graph)).toEqual([]);

  for (const { parts } of moments) {
    const sizes = parts.map(({ shape }) => 4 * shape.reduce((a, b) => a * b, 1));
    if (parts.length > 1) expect(sizes.reduce((a, b) => a + b)).toBeLessThanOrEqual(pieceBytes);
    expect(parts.map(({ offset }) => 4 * offset)).toEqual(sizes.map((_, i) => sizes.slice(0, i).reduce((a, b) => a + b, 0)));
  }
  const trainer = new Trainer(ort, source, { train: 'T' });
  const batch = {
    x: { dtype: 'f32', shape: [3, 5], data: Float64Array.from({ length: 15 }, (_, i) => Math.fround(Math.sin(i))) } as const,
  };
  const wanted = await trainer.steps([batch, batch, batch]);
  const zeros = Object.fromEntries(
    graph.states.map(({ state: { input }, type: { dtype, shape } }) => {
      const sizes = shape.map((size) => size.constant!);
      return [input, { dtype, shape: sizes, data: new Float64Array(sizes.reduce((a, b) => a * b, 1)) }];
    }),
  );
  const names = trainer.training.step.weights;
  const state: Arrays = { ...zeros, ...Object.fromEntries(names.map((name) => [name, trainer.start[name]!])) };
  const carried = Object.fromEntries(graph.states.map(({ state: { input, output } }) => [input, output]));
  const got = await ort.series(fileWithoutWeights(graph), { batches: [batch, batch, batch], state, carried });
  for (const name of names) expect(largestDifference(got.state[name]!.data, wanted.state[name]!.data), name).toBeLessThanOrEqual(1e-6);
});
