import { describe, expect, test } from 'vitest';
import { difference } from '../kit/close.js';
import { builtModel } from '../kit/model-run.js';
import { useOrt } from '../kit/ort.js';
import { arrayOf, casesOf, differentiated, inHalfPrecision, sizesOf, sourceOf } from './cases.js';

const ort = useOrt();
const metrics = casesOf('metrics.json').map((each) => ({ ...each, name: each.title ?? each.call }));

describe.each(metrics)('$name', (reference) => {
  const wanted = arrayOf(reference.y);

  test('has the value of torchmetrics in float64', () => {
    // torchmetrics computes in f32 inside.
    expect(difference(differentiated(reference).y, wanted, 2 ** -23)).toBeUndefined();
  });

  test('has this value on ONNX Runtime, for every target, with open and with known sizes', async () => {
    const feeds = Object.fromEntries(Object.entries(reference.inputs).map(([name, input]) => [name, arrayOf(input)]));
    for (const target of ['portable', 'cpu', 'webgpu'] as const) {
      for (const bind of [{}, sizesOf(reference.inputs)]) {
        const { y } = await ort.run(builtModel(sourceOf(reference), { target, bind }).bytes, feeds);
        expect(difference(y!, wanted, 1e-6), `${target} ${JSON.stringify(bind)}`).toBeUndefined();
      }
    }
  });

  test('has this value in half precision, rounded', async () => {
    const { inputs, feeds } = inHalfPrecision(reference.inputs);
    const exact = differentiated({ ...reference, inputs }).y;
    const { y } = await ort.run(builtModel(sourceOf(reference), { dtype: 'f16' }).bytes, feeds);
    expect(difference({ ...y!, dtype: exact.dtype }, exact, 2 ** -11)).toBeUndefined();
  });
});
