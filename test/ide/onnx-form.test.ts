import { describe, expect, it, test } from 'vitest';
import { onnxForm } from '../../src/ide/present/onnx-form.js';
import { ops } from '../../src/ops/index.js';
import { opNamed } from '../../src/ops/registry.js';

describe('the ONNX operators of an operator', () => {
  test.each([
    ['relu', 'In ONNX: `Relu`.'],
    ['conv2d', 'In ONNX: `Conv`.'],
    ['gelu', 'In ONNX: `Gelu`.'],
    ['std', 'In ONNX: `ReduceMean`, `Sub`, `ReduceL2`, `Div`.'],
    ['concat', 'In ONNX: `Concat`.'],
  ])('%s', (name, text) => {
    const op = opNamed(name);
    expect(op && onnxForm(op)).toBe(text);
  });

  it('are found for nearly all', () => {
    const without = ops.filter((op) => onnxForm(op) === undefined).map(({ name }) => name);
    expect(without).toMatchInlineSnapshot(`[]`);
  });
});
