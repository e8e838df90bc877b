import { expect, test } from 'vitest';
import { ndArray } from '../../src/ops/nd/array.js';
import { builtModel } from '../kit/model-run.js';
import { useOrt } from '../kit/ort.js';
import { compileText, complaints, modelOf } from '../kit/source.js';

const ort = useOrt();

const source = `
layer Half(x: Tensor[N, 4]) -> (low: Tensor[N, 2], high: Tensor[N, 2]) { return split(x, parts = 2, axis = 1) }
layer Block(x: Tensor[N, 4]) -> Tensor[N, 4] {
  scaled = x * 2.0
  scaled = scaled + 1.0
  (low, high) = scaled -> halves: Half
  return concat(high, low, axis = 1)
}
model M(x: Tensor[N, 4]) -> (y: Tensor[N, 4]) {
  tok = Block
  x = x -> tok -> tok
  for i in 0..12 { x = x -> blocks[i]: Block }
  gate = sigmoid(x)
  return x * gate
}`;

/** The outputs that patterns add. */
function tapped(...tap: readonly string[]): readonly string[] {
  return modelOf(source, { tap })
    .onnx.outputs.map(({ name }) => name)
    .filter((name) => name !== 'y');
}

test.each([
  ['gate', ['gate']],
  ['blocks[11]', ['blocks.11']],
  ['blocks.3.scaled', ['blocks.3.scaled']],
  ['blocks[0..2]', ['blocks.0', 'blocks.1']],
  ['blocks[1].halves.*', ['blocks.1.halves.low', 'blocks.1.halves.high']],
  ['tok.scaled', ['tok.scaled']],
  ['*.low', ['tok.halves.low', 'tok.low', ...Array.from({ length: 12 }, (_, i) => [`blocks.${i}.halves.low`, `blocks.${i}.low`]).flat()]],
])('--tap %s', (pattern, names) => {
  expect([...tapped(pattern)].sort()).toEqual([...names].sort());
});

test('several patterns add each value once, in the order of the model', () => {
  expect(tapped('gate', 'blocks[0]', 'blocks[*]').slice(0, 3)).toEqual(['blocks.0', 'blocks.1', 'blocks.2']);
  expect(tapped('gate', 'blocks[0]', 'blocks[*]')).toHaveLength(13);
});

test('the values are those of the run: of the last use, and of the last assignment', async () => {
  const { bytes } = builtModel(source, { tap: ['tok.scaled', 'tok', 'gate'] });
  const x = ndArray('f32', [1, 4], Float64Array.of(0, 1, 2, 3));
  const got = await ort.run(bytes, { x });
  // First use: 2x + 1 = [1, 3, 5, 7], halves exchanged: [5, 7, 1, 3]. Second use: [11, 15, 3, 7], then [3, 7, 11, 15].
  expect([...(got['tok.scaled']?.data ?? [])]).toEqual([11, 15, 3, 7]);
  expect([...(got.tok?.data ?? [])]).toEqual([3, 7, 11, 15]);
  expect(Object.keys(got).sort()).toEqual(['gate', 'tok', 'tok.scaled', 'y']);
});

test('a tap does not change the interface of the model', () => {
  const plain = modelOf(source).onnx;
  const { inputs, outputs, parameters } = modelOf(source, { tap: ['*'] }).onnx;
  expect(inputs).toEqual(plain.inputs);
  expect(outputs[0]).toEqual(plain.outputs[0]);
  expect(parameters).toEqual(plain.parameters);
});

test('with f32 at the edges of a half-precision build, floats are f32', () => {
  const { outputs } = modelOf(source, { tap: ['gate'], dtype: 'f16', io: 'f32' }).onnx;
  expect(outputs.map(({ name, type }) => `${name} ${type.dtype}`)).toEqual(['y f32', 'gate f32']);
});

test.each(['gat', 'blocks[12]', 'blocks', 'x', 'y', ''])('the pattern `%s` matches nothing', (pattern) => {
  expect(complaints(compileText(source, { tap: [pattern] }))).toEqual(['unmatched-tap@9']);
});
