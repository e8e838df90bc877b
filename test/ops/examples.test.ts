import { expect, it } from 'vitest';
import { ops } from '../../src/ops/index.js';
import type { SampleTensor } from '../../src/ops/sample.js';
import { checkText, rendered } from '../kit/source.js';

/** A model with an input for every tensor of a sample, around the operator's example, which names them as the operator does. */
function modelAround(example: string, tensors: Readonly<Record<string, SampleTensor | readonly SampleTensor[]>>): string {
  const inputs = Object.entries(tensors).flatMap(([name, tensor]) =>
    'shape' in tensor ? [[name, tensor] as const] : tensor.map((t, i) => [String.fromCharCode(97 + i), t] as const),
  );
  const params = inputs.map(([name, { dtype, shape }]) => `${name}: Tensor<${dtype}>[${shape.join(', ')}]`);
  return `model M(${['unused: Tensor[1]', ...params].join(', ')}) -> (out: Tensor[1]) {\n  _result = ${example}\n  return unused\n}`;
}

it.each(ops)('the example of $name compiles on one of its samples', (op) => {
  const sources = op.samples.map((sample: { inputs: Readonly<Record<string, SampleTensor>> }) =>
    modelAround(op.doc.example, sample.inputs),
  );
  const messages = sources.map((source) => `${source}\n${rendered(checkText(source))}`);
  expect(
    sources.some((source) => checkText(source).diagnostics.length === 0),
    messages.join('\n'),
  ).toBe(true);
});

it('there are at least 90 operators', () => {
  expect(ops.length).toBeGreaterThanOrEqual(90);
});
