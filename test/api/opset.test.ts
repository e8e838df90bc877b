import { expect, test } from 'vitest';
import { compile } from '../../src/compile.js';
import { createMemoryHost, HostError } from '../../src/index.js';

const host = createMemoryHost({ 'm.arch': 'model M(x: Tensor[N]) -> (y: Tensor[N]) { return relu(x) }' });

test.each([20, 27, 28, 21.5, Number.NaN])('opset %s is refused, for its operators are not those that archc writes', (opset) => {
  expect(() => compile('m.arch', host, { opset })).toThrow(HostError);
});

test.each([21, 26])('opset %s is written', (opset) => {
  expect(compile('m.arch', host, { opset }).model?.entries[0]?.onnx.opset).toBe(opset);
});
