/// <reference types="node" />
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { describe, expect, test } from 'vitest';
import { emitOnnx, withoutWeights } from '../../src/6-emit/emit.js';
import { decodeOnnx } from '../../src/6-emit/onnx/decode.js';
import { joinChunks } from '../../src/6-emit/onnx/encode.js';
import { summarize } from '../../src/6-emit/onnx/summary.js';
import type { CompileOptions } from '../../src/compile.js';
import { factText } from '../../src/dims/fact-text.js';
import { type Signature, sizeNames } from '../../src/runtime/pure/signature.js';
import { signatureOfEntry } from '../../src/runtime/pure/signature-of-entry.js';
import { signatureOfFile } from '../../src/runtime/pure/signature-of-file.js';
import { modelOf, type OneGraph } from '../kit/source.js';

/** The signature that the ONNX file of a model has. */
function readBack({ onnx }: OneGraph): Signature {
  const encoding = emitOnnx(onnx, withoutWeights(onnx, 'weights'), { version: '0' });
  return signatureOfFile(summarize(decodeOnnx(joinChunks(encoding.write()))), { file: 'm.onnx', start: 0, end: 0 });
}

function shown({ inputs, outputs, demands }: Signature) {
  return {
    inputs: inputs.map(
      ({ name, type, dtype, shape, range }) =>
        `${name}: ${type} ${dtype}[${shape?.join(', ')}]${range === undefined ? '' : ` from ${range.least} to ${range.most}, ${range.also}`}`,
    ),
    outputs: [...outputs],
    facts: demands.facts.map(factText),
    open: demands.open.map(factText),
  };
}

describe('the signature of a compiled model', () => {
  const sized = modelOf(`
model M(x: Tensor[N, 3, H, W], ids: Tensor<i64>[N, 2*T + 1], mask: Tensor<bool>[T // 4]) -> (y: Tensor[N, 3, H // 3, W // 3], z: Tensor<i64>[N, 2*T + 1])
  where H % 8 == 0, W <= 512, T > 3 {
  return (max_pool2d(x, 3), ids)
}`);

  test('has the sizes and facts of the model', () => {
    expect(shown(signatureOfEntry(sized))).toEqual({
      inputs: ['x: f32 f32[N, 3, H, W]', 'ids: i64 i64[N, 2*T + 1]', 'mask: bool bool[T // 4]'],
      outputs: [
        ['y', 'f32'],
        ['z', 'i64'],
      ],
      facts: ['N >= 1', 'H >= 1', 'W >= 1', 'T >= 1', 'H % 8 == 0', 'W <= 512', 'T > 3'],
      open: ['W >= 3'],
    });
  });

  test('points to the declarations of the inputs', () => {
    const { inputs } = signatureOfEntry(sized);
    expect(inputs.map(({ span }) => span.file)).toEqual(['main.arch', 'main.arch', 'main.arch']);
    const starts = inputs.map(({ span }) => span.start);
    expect(starts).toEqual([...new Set(starts)].sort((a, b) => a - b));
  });

  test('is what its file says', () => {
    expect(shown(readBack(sized))).toEqual(shown(signatureOfEntry(sized)));
  });

  test.each<[string, CompileOptions]>([
    ['examples/cnn/model.arch', {}],
    ['examples/gpt2/model.arch', { set: { layers: '1' } }],
    ['examples/llama/model.arch', { set: { depth: '1' } }],
    ['examples/lstm/model.arch', {}],
    ['examples/mamba/model.arch', { set: { depth: '1' } }],
    ['examples/resnet/model.arch', { model: 'ResNet50' }],
    ['examples/transformer/model.arch', {}],
    ['examples/unet/model.arch', {}],
    ['test/goldens/t5_encoder.arch', {}],
    ['test/goldens/wav2vec2_features.arch', {}],
  ])('is what its file says: %s', (file, options) => {
    const model = modelOf(readFileSync(resolve(import.meta.dirname, '../..', file), 'utf8'), options);
    expect(shown(readBack(model))).toEqual(shown(signatureOfEntry(model)));
  });

  test('has the same initial values of its states in its file', () => {
    const model = modelOf(`model M(x: Tensor[N, 2]) -> (y: Tensor[N, 2]) {
  state best: Tensor[N, 2] = -inf
  state bounds: Tensor[2] = [-inf, 1.5]
  next best = maximum(best, x)
  next bounds = bounds + 1
  return best + bounds
}
`);
    const { states } = signatureOfEntry(model);
    expect(states.map(({ start }) => start)).toEqual([
      { kind: 'fill', value: -Infinity },
      { kind: 'values', shape: [2], values: [-Infinity, 1.5] },
    ]);
    expect(readBack(model).states).toEqual(states);
  });

  test('has the element types that the file will have', () => {
    const { inputs, outputs } = signatureOfEntry(
      modelOf('model M(x: Tensor[N], h: Tensor<f16>[N]) -> (y: Tensor[N], k: Tensor<f16>[N]) { return (x, h) }', {
        dtype: 'f16',
        io: 'f32',
      }),
    );
    expect(inputs.map(({ dtype }) => dtype)).toEqual(['f32', 'f16']);
    expect([...outputs.values()]).toEqual(['f32', 'f16']);
  });
});

describe('the signature of an ONNX file', () => {
  const span = { file: 'm.onnx', start: 0, end: 0 };
  const input = (name: string, shape: readonly (string | number | undefined)[] | undefined) =>
    ({ name, type: 'f32', dtype: 'f32', shape }) as const;
  const read = (shape: readonly (string | number | undefined)[] | undefined, metadata: Readonly<Record<string, string>> = {}) =>
    signatureOfFile({ inputs: [input('x', shape)], outputs: [], metadata }, span);

  test('reads formulas, and takes any other text as a name', () => {
    const [{ shape } = { shape: undefined }] = read(['N', 3, '2*N + 1', 'batch size', undefined]).inputs;
    expect(shape?.map(String)).toEqual(['N', '3', '2*N + 1', 'batch size', 'x.4']);
    expect(shape?.map((size) => [...size.variables()])).toEqual([['N'], [], ['N'], ['batch size'], ['x.4']]);
    expect(sizeNames(read(['N', 'M', '2*N + K']).inputs)).toEqual(['N', 'M', 'K']);
  });

  test('has the ranges of integers that its metadata have, and skips what is not a range', () => {
    const ranges = (value: unknown) =>
      read(['N'], { 'archc.ranges': typeof value === 'string' ? value : JSON.stringify(value) }).inputs[0]?.range;
    expect(ranges({ x: { least: 0, most: 'N - 1', also: -100 } })).toMatchObject({ also: -100 });
    expect(ranges({ x: { least: 0, most: 9 }, y: 3 })).toMatchObject({ also: undefined });
    for (const damaged of [
      '',
      '{',
      'null',
      [],
      { x: 3 },
      { x: null },
      { x: { least: 0 } },
      { x: { least: 0, most: '(' } },
      { x: { least: 0.5, most: 9 } },
      { y: { least: 0, most: 9 } },
    ])
      expect(ranges(damaged), JSON.stringify(damaged)).toBeUndefined();
  });

  test('leaves an unknown rank open', () => {
    expect(read(undefined).inputs).toMatchObject([{ name: 'x', shape: undefined, span }]);
  });

  test('has positive sizes only if archc wrote the file', () => {
    expect(read(['N']).demands.facts).toEqual([]);
    expect(read(['N'], { 'archc.version': '0' }).demands.facts.map(factText)).toEqual(['N >= 1']);
  });

  test('reads facts and open demands, and skips everything else', () => {
    const { facts, open } = read(['N'], { 'archc.facts': '["N % 4 == 0", 7, "many", "N <= 64"]', 'archc.open': '["N >= 3"]' }).demands;
    expect([facts.map(factText), open.map(factText)]).toEqual([['N % 4 == 0', 'N <= 64'], ['N >= 3']]);
  });

  test.each(['{}', 'null', '[', '"N >= 1"'])('takes metadata that is not a list of facts for that of another tool: %s', (text) => {
    expect(read(['N'], { 'archc.facts': text, 'archc.open': text }).demands).toEqual({ facts: [], open: [] });
  });

  test('has no element type for outputs that archc does not know', () => {
    const outputs = [input('y', []), { ...input('z', []), type: 'sequence of f32', dtype: undefined }];
    expect([...signatureOfFile({ inputs: [], outputs, metadata: {} }, span).outputs]).toEqual([['y', 'f32']]);
  });

  describe('has states', () => {
    const tensor = (name: string, shape: readonly (string | number)[], dtype: 'f32' | 'i64' = 'f32') => ({
      name,
      type: dtype,
      dtype,
      shape,
    });
    const states = (text: string) =>
      signatureOfFile(
        {
          inputs: [tensor('h', ['N', 3]), tensor('k', [], 'i64'), tensor('p', ['N', 'P'])],
          outputs: [tensor('h.next', ['N', 3]), tensor('k.next', [], 'i64')],
          metadata: { 'archc.states': text },
        },
        span,
      ).states;

    test.each<[string, unknown]>([
      ['0.5', { kind: 'fill', value: 0.5 }],
      ['"-inf"', { kind: 'fill', value: -Infinity }],
      ['{"shape":[3],"values":["inf",2,"nan"]}', { kind: 'values', shape: [3], values: [Infinity, 2, NaN] }],
      ['{"shape":[1,1],"values":[7]}', { kind: 'values', shape: [1, 1], values: [7] }],
    ])('that start with %s', (text, start) => {
      expect(states(`[{"input":"h","output":"h.next","start":${text}}]`)).toEqual([{ input: 'h', output: 'h.next', start }]);
    });

    test('that it does not read, or does not set', () => {
      expect(states('[{"output":"h.next","start":0},{"input":"k","start":2},{"input":"p","start":"empty"}]')).toEqual([
        { input: undefined, output: 'h.next', start: { kind: 'fill', value: 0 } },
        { input: 'k', output: undefined, start: { kind: 'fill', value: 2 } },
        { input: 'p', output: undefined, start: { kind: 'empty' } },
      ]);
    });

    test.each([
      ['{', 'they are not a list'],
      ['{}', 'they are not a list'],
      ['[7]', 'number 1 is not a state'],
      ['[{"input":7,"start":0}]', 'number 1 is not a state'],
      ['[{"input":"h","start":0},{"input":"no","start":0}]', 'the model has no input `no`'],
      ['[{"output":"h","start":0}]', 'the model has no output `h`'],
      ['[{"input":"h","start":0},{"input":"h","start":1}]', 'two are called `h`'],
      ['[{"input":"h","output":"h.next","start":0},{"input":"k","output":"h.next","start":1}]', 'two are called `h.next`'],
      ['[{"input":"k","output":"h.next","start":0}]', '`k` is i64, and `h.next` is f32'],
      ['[{"input":"h"}]', 'the initial value of `h` is missing or damaged'],
      ['[{"input":"h","start":null}]', 'the initial value of `h` is missing or damaged'],
      ['[{"input":"h","start":{"shape":[3],"values":[1,null,2]}}]', 'the initial value of `h` is missing or damaged'],
      ['[{"input":"h","start":{"shape":[3],"values":[1,2]}}]', 'the initial value of `h` is missing or damaged'],
      ['[{"input":"h","start":{"shape":[-3],"values":[1,2,3]}}]', 'the initial value of `h` is missing or damaged'],
      ['[{"input":"h","start":{"shape":[4],"values":[1,2,3,4]}}]', 'the initial value of `h` does not fit its shape'],
      ['[{"input":"h","start":{"shape":[2,3],"values":[1,2,3,4,5,6]}}]', 'the initial value of `h` does not fit its shape'],
      ['[{"input":"h","start":{"shape":[1,1,3],"values":[1,2,3]}}]', 'the initial value of `h` does not fit its shape'],
      ['[{"input":"h","start":{"shape":[0],"values":[]}}]', 'the initial value of `h` does not fit its shape'],
      ['[{"input":"k","start":"empty"}]', 'the initial value of `k` does not fit its shape'],
      ['[{"input":"k","start":0.5}]', 'the initial value of `k` does not fit i64'],
      ['[{"input":"k","start":1e999}]', 'the initial value of `k` does not fit i64'],
    ])('only if they fit the model: %s', (text, message) => {
      expect(() => states(text)).toThrow(message);
    });
  });
});
