import { expect, test } from 'vitest';
import { opNamed } from '../../src/ops/registry.js';
import { difference } from '../kit/close.js';
import { builtModel, randomInputs } from '../kit/model-run.js';
import { useOrt } from '../kit/ort.js';

const ort = useOrt();

test.each(['silu', 'quick_gelu'])('%s of f64 runs with all optimizations of ONNX Runtime', async (name) => {
  expect(opNamed(name)).toBeDefined();
  const { bytes, model } = builtModel(`model M(x: Tensor<f64>[2, 9]) -> (y: Tensor<f64>[2, 9]) { return ${name}(x) }`);
  const feeds = randomInputs(model);
  const [got, wanted] = [await ort.run(bytes, feeds), await ort.run(bytes, feeds, { optimization: 'disabled' })];
  expect(got.y && wanted.y && difference(got.y, wanted.y, 1e-12)).toBeUndefined();
});
