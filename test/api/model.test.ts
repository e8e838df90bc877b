import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { build, type CompileOptions, compile, createMemoryHost, decodeOnnx, type Model } from '../../src/index.js';
import { type BuildFileOptions, buildFile } from '../../src/node.js';

const folder = mkdtempSync(join(tmpdir(), 'archc-model-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const source = `
config Config { width = 8 from "hidden_size", act: fn = gelu, head: int? = none } where width % 2 == 0

## Halves an image.
model M(c: Config = Config(), scale = 0.5, modes: list = ["a", "b"], pool: layer = Identity, to: dtype = f32)(
  image: Tensor[N, 3, H, W], mask: Tensor<bool>[N, H]?
) -> (half: Tensor[N, c.width, A, B], kept: Tensor<i64>[N])
  where H <= 512, W == H
{
  assert scale < 1.0 && len(modes) == 2
  y = image -> conv: Conv2d(c.width, kernel = 7) -> bn: BatchNorm2d -> c.act -> pool
  kept = if mask? { sum(cast(mask, i64), axis = 1) } else { zeros([N], dtype = i64) }
  return (half = cast(y -> max_pool2d(2), to) * scale, kept = kept)
}
layer Identity(x: Tensor[*B]) -> Tensor[*B] { return x }
`;

function model(options: CompileOptions = {}): Model {
  const result = compile('m.arch', createMemoryHost({ 'm.arch': source }), options);
  if (result.model === undefined) throw new Error(result.diagnostics.map(({ message }) => message).join('\n'));
  return result.model;
}

test('the signature is plain data: sizes as formulas, facts, open demands and hyperparameters', () => {
  const { signature } = model({ with: ['mask'] });
  expect(signature).toEqual({
    name: 'M',
    entry: 'forward',
    doc: 'Halves an image.',
    inputs: [
      { name: 'image', dtype: 'f32', shape: ['N', 3, 'H', 'W'] },
      { name: 'mask', dtype: 'bool', shape: ['N', 'H'] },
    ],
    outputs: [
      { name: 'half', dtype: 'f32', shape: ['N', 8, 'H // 2 - 3', 'W // 2 - 3'] },
      { name: 'kept', dtype: 'i64', shape: ['N'] },
    ],
    states: [],
    dims: ['N', 'H', 'W'],
    dataDims: [],
    facts: ['H <= 512', 'W == H'],
    open: ['H >= 8'],
    hyperparameters: {
      c: { width: 8, act: 'gelu', head: null },
      scale: 0.5,
      modes: ['a', 'b'],
      pool: 'Identity',
      to: 'f32',
    },
  });
  expect(JSON.parse(JSON.stringify(signature))).toEqual(signature);
});

test('it follows settings and sizes', () => {
  const { signature } = model({ config: { hidden_size: 4 }, set: { scale: '0.25', 'c.head': '3' }, bind: { N: 1, H: 32, W: 32 } });
  expect(signature.hyperparameters).toMatchObject({ c: { width: 4, head: 3 }, scale: 0.25 });
  expect(signature.outputs[0]?.shape).toEqual([1, 4, 13, 13]);
  expect(signature.dims).toEqual([]);
});

test('parameters and cost are plain data, too', () => {
  const { parameters, cost } = model({ bind: { N: 1, H: 32, W: 32 } });
  expect(parameters.map(({ name, shape, trainable }) => `${name} ${shape} ${trainable}`)).toEqual([
    'conv.weight 8,3,7,7 true',
    'conv.bias 8 true',
    'bn.running_mean 8 false',
    'bn.running_var 8 false',
    'bn.weight 8 true',
    'bn.bias 8 true',
  ]);
  const [whole] = cost();
  expect(whole).toMatchObject({ scope: 'model', kind: 'M', parameters: 3 * 8 * 49 + 24, buffers: 16 });
  expect(typeof whole?.flops).toBe('number');
  expect(typeof model().cost()[0]?.flops).toBe('string');
});

test('a model can be written as JSON, looked through and copied, whatever its entries', () => {
  const pair = `model P(d = 4) {
  embed = Linear(d)
  entry one(x: Tensor[N, 2]) -> (e: Tensor[N, d]) { return x -> embed }
  entry two(x: Tensor[N, 2]) -> (e: Tensor[N, d]) { return -(x -> embed) }
}
`;
  const described = compile('p.arch', createMemoryHost({ 'p.arch': pair })).model ?? expect.fail();
  for (const whole of [described, model()]) {
    const entries = whole.entries.map(({ name, signature }) => ({ name, signature }));
    const { name, parameters } = whole;
    expect(JSON.parse(JSON.stringify(whole))).toEqual(JSON.parse(JSON.stringify({ name, entries, parameters })));
    expect({ ...whole }).toMatchObject({ name, entries, parameters });
  }
  expect(() => described.signature).toThrow(RangeError);
  const only = model();
  expect(only.signature).toBe(only.entry('forward').signature);
});

test('buildFile writes what build makes', async () => {
  const entry = join(folder, 'm.arch');
  const output = join(folder, 'm.onnx');
  writeFileSync(entry, source);
  const { written, failed, model: described } = await buildFile(entry, output, { seed: 3 });
  const { bytes } = build(entry, { read: (path) => readFileSync(path, 'utf8'), resolve: (path) => path }, { seed: 3 });
  expect(failed).toBe(false);
  expect(described?.name).toBe('M');
  expect(new Uint8Array(readFileSync(output))).toEqual(bytes);
  expect(written).toEqual({ files: [{ name: 'm.onnx', size: bytes?.length }], dataFile: undefined, referenced: [] });
});

test('buildFile writes a data file for 20 MB of weights or more if the model is for the CPU, but not if it is for a browser', async () => {
  const entry = join(folder, 'wide.arch');
  writeFileSync(entry, 'model Wide(x: Tensor[N, 2500]) -> (y: Tensor[N, 2000]) { return x -> fc: Linear(2000, bias = false) }\n');
  const dataOf = async (options: BuildFileOptions) => (await buildFile(entry, join(folder, 'wide.onnx'), options)).written?.dataFile?.size;
  expect(await dataOf({ target: 'cpu' })).toBe(20_000_000);
  expect(await dataOf({ target: 'cpu', externalData: 'never' })).toBeUndefined();
  expect(await dataOf({ target: 'webgpu' })).toBeUndefined();
  expect(await dataOf({})).toBeUndefined();
});

test('buildFile puts weights beside the model, reports mistakes, and replaces no source', async () => {
  const entry = join(folder, 'beside.arch');
  writeFileSync(entry, source);
  const { written } = await buildFile(entry, join(folder, 'beside.onnx'), { externalData: 'always' });
  expect(written?.dataFile?.name).toMatch(/^beside-[0-9a-f]+\.data$/);
  expect(decodeOnnx(new Uint8Array(readFileSync(join(folder, 'beside.onnx')))).graph?.name).toBe('M');
  await expect(buildFile(entry, entry)).rejects.toThrow(/beside\.arch/);
  writeFileSync(entry, source.replace('max_pool2d(2)', 'max_pool2d(x)'));
  const wrong = await buildFile(entry, join(folder, 'wrong.onnx'));
  expect([wrong.failed, wrong.written, wrong.model]).toEqual([true, undefined, undefined]);
});
