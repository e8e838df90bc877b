import proto from 'onnx-proto';
import { expect, it } from 'vitest';
import { build, check, createMemoryHost, decodeOnnx, format, renderTerminal, toOnnxProto } from '../../src/index.js';

const source = 'model M(x: Tensor[N, 4]) -> (y: Tensor[N, 2]) {\n  return x -> fc: Linear(2)\n}\n';
const host = createMemoryHost({ 'm.arch': source, 'wrong.arch': source.replace('fc:', 'fc: Lineer(3) -> ') });

it('builds a model to bytes that name it, and to the objects of onnx-proto', () => {
  const { bytes, model, failed } = build('m.arch', host, { seed: 7 });
  expect(failed).toBe(false);
  const decoded = decodeOnnx(bytes as Uint8Array);
  expect(decoded.graph?.name).toBe('M');
  const objects = proto.onnx.ModelProto.create(toOnnxProto(decoded) as proto.onnx.IModelProto);
  expect(objects.graph?.initializer?.map((t) => t.name)).toEqual(['fc.weight', 'fc.bias']);
  expect(proto.onnx.ModelProto.verify(objects)).toBeNull();
  expect(model?.cost().map((row) => row.parameters)).toEqual([10, 10]);
});

it('draws the same weights from the same seed, and others from another', () => {
  const bytes = (seed: number) => build('m.arch', host, { seed }).bytes;
  expect(bytes(7)).toEqual(bytes(7));
  expect(bytes(8)).not.toEqual(bytes(7));
});

it('reports what is wrong instead of throwing', () => {
  const result = check('wrong.arch', host);
  expect(result.failed).toBe(true);
  expect(renderTerminal(result.diagnostics, result.sources)).toContain('did you mean `Linear`');
  expect(build('wrong.arch', host).bytes).toBeUndefined();
});

it('formats a text, and leaves a broken one alone', () => {
  expect(format('m.arch', source.replaceAll('  ', '      ')).text).toBe(source);
  expect(format('m.arch', 'model M(').text).toBeUndefined();
});
