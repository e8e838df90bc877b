import { expect, it } from 'vitest';
import { completions } from '../../src/ide/features/completion.js';
import { opened } from '../kit/ide.js';

it('patterns of a train block are completed with names in layers that are given as hyperparameters', () => {
  const patternsFor = (model: string, trained = 'M') => {
    const source = `
layer Feed(hidden = 8)(x: Tensor[N, D]) -> Tensor[N, D] { return x -> up: Linear(hidden) -> down: Linear(D) }
layer Plain(x: Tensor[N, D]) -> Tensor[N, D] { return x -> only: Linear(D) }
layer Wrap(block: layer, norm = LayerNorm)(x: Tensor[N, D]) -> Tensor[N, D] { return x -> norm: norm -> inner: block }
layer Twice(f: layer)(x: Tensor[N, D]) -> Tensor[N, D] { return x -> a: Wrap(f) -> b: Wrap(block = f) }
${model}
train Fit for ${trained} {
loss = mean(y)
checkpoint ‸
}
`;
    const { workspace, path, offset } = opened(source);
    const all = completions(workspace, path, offset).map(({ label }) => label);
    return all.filter((label) => !label.includes('*'));
  };
  const model = (body: string, hyper = '') => `model M${hyper}(x: Tensor[N, 8]) -> (y: Tensor[N, 8]) { return x -> ${body} }`;
  expect(patternsFor(model('w: Wrap(Feed(64))'))).toEqual(['w', 'w.inner', 'w.inner.down', 'w.inner.up', 'w.norm']);
  expect(patternsFor(model('t: Twice(Plain)'))).toContain('t.b.inner.only');
  expect(patternsFor(model('w: Wrap(f)', '(f = Plain)'))).toContain('w.inner.only');
  expect(patternsFor(model('w: Wrap(f)', '(f = Plain)'), 'M(f = Feed)')).toContain('w.inner.up');
  expect(patternsFor(`let Big = Feed(64)\n${model('w: Wrap(Big)')}`)).toContain('w.inner.up');
});
