import { describe, expect, test } from 'vitest';
import type { OnnxGraph } from '../../src/5-optimize/lowering/onnx-graph.js';
import { checkEmitLimits, checkInlineSize, emitOnnx, withoutWeights } from '../../src/6-emit/emit.js';
import { decodeOnnx } from '../../src/6-emit/onnx/decode.js';
import { encodeModel, joinChunks } from '../../src/6-emit/onnx/encode.js';
import type { ModelMeta } from '../../src/6-emit/onnx/metadata.js';
import { toOnnxProto } from '../../src/6-emit/onnx/onnx-proto.js';
import { elementsOfRaw, rawData, rawElements } from '../../src/6-emit/onnx/raw-data.js';
import { summarize } from '../../src/6-emit/onnx/summary.js';
import { sourceHash } from '../../src/6-emit/source-hash.js';
import { planStorage, storageOf } from '../../src/6-emit/storage.js';
import { initializeWeights } from '../../src/6-emit/weights/initialize-weights.js';
import { Report } from '../../src/diagnostics/report.js';
import { Dim } from '../../src/dims/dim.js';
import { defaultLimits } from '../../src/limits.js';
import { nonconformities } from '../../src/ops/onnx-conformance.js';
import { bytesOfType } from '../../src/ops/sizes.js';
import { targets } from '../../src/ops/targets.js';
import { type DType, isPacked } from '../../src/ops/types.js';
import { expectSameAsOracle, oracleDecode } from '../kit/oracle.js';
import { useOrt } from '../kit/ort.js';
import { array, constant, graph, linearGraph, node, parameter, type, value } from './graphs.js';

const meta: ModelMeta = {
  version: '0.1.0',
  sourceHash: 'ab'.repeat(32),
  locate: (span) => `${span.file}:1:${span.start + 1}`,
  facts: { seed: '7' },
};

function emit(of: OnnxGraph, seed = 7): Uint8Array {
  const report = new Report();
  const weights = initializeWeights(
    of.parameters.map((p) => p.parameter),
    seed,
    report,
  );
  const bytes = joinChunks(emitOnnx(of, storageOf(planStorage(weights, { external: 'never' }), ''), meta).write());
  expect(report.diagnostics).toEqual([]);
  return bytes;
}

const entries = (list: readonly { key?: string; value?: string }[] | undefined) =>
  Object.fromEntries((list ?? []).map(({ key, value }) => [key, value]));

describe('the file', () => {
  test('says what it is, where it comes from and what its sizes are', () => {
    const model = expectSameAsOracle(emit({ ...linearGraph(), doc: 'A layer.', facts: ['N <= 64'], domains: { 'com.microsoft': 1 } }));
    expect(model).toMatchObject({
      irVersion: 10,
      producerName: 'archc',
      producerVersion: '0.1.0',
      opsetImport: [
        { domain: '', version: 21 },
        { domain: 'com.microsoft', version: 1 },
      ],
    });
    expect(entries(model.metadataProps)).toEqual({
      'archc.version': '0.1.0',
      'archc.source.sha256': 'ab'.repeat(32),
      'archc.parameters': '8',
      'archc.dims': '["N"]',
      'archc.facts': '["N <= 64"]',
      'archc.seed': '7',
    });
    expect(model.graph).toMatchObject({ name: 'Model', docString: 'A layer.' });
    expect(model.graph?.initializer?.map((tensor) => tensor.name)).toEqual(['fc.weight', 'fc.bias']);
  });

  test('nodes have the layer path as name and as scope, in the words of PyTorch', () => {
    const model = expectSameAsOracle(emit(linearGraph()));
    const [relu, gemm] = model.graph?.node ?? [];
    expect(gemm?.name).toBe('/fc/Gemm');
    expect(entries(gemm?.metadataProps)).toEqual({
      namespace: ': Model/fc: Linear/Gemm: Gemm',
      'pkg.torch.onnx.class_hierarchy': "['Model', 'Linear', 'Gemm']",
      'pkg.torch.onnx.name_scopes': "['', 'fc', 'Gemm']",
      'archc.src': 'model.arch:1:11',
    });
    expect(entries(relu?.metadataProps)).toEqual({
      namespace: ': Model/Relu: Relu',
      'pkg.torch.onnx.class_hierarchy': "['Model', 'Relu']",
      'pkg.torch.onnx.name_scopes': "['', 'Relu']",
    });
  });

  test('every value between the inputs and the outputs has its type and its sizes as formulas', () => {
    const h = Dim.variable('H');
    const x = value('x', type('f16', 'N', 3, h));
    const a = value('a', type('f32', 'N', 3, h.add(31).floorDiv(32)));
    const b = value('b', type('i64'));
    const y = value('y', type('f32', 'N', 3, h.mul(Dim.variable('N'))));
    const nodes = [node('A', [x], [a, null, b], { name: '/a' }), node('B', [a, null, b], [y], { name: '/b' })];
    const model = expectSameAsOracle(emit(graph({ inputs: [x], outputs: [y], nodes })));
    const shapes = [...(model.graph?.input ?? []), ...(model.graph?.valueInfo ?? []), ...(model.graph?.output ?? [])].map((info) => [
      info.name,
      info.type?.tensorType?.elemType,
      info.type?.tensorType?.shape?.dim?.map((dim) => dim.dimParam ?? dim.dimValue) ?? [],
    ]);
    expect(shapes).toEqual([
      ['x', 10, ['N', 3, 'H']],
      ['a', 1, ['N', 3, '(H + 31) // 32']],
      ['b', 7, []],
      ['y', 1, ['N', 3, y.type.shape[2]?.toString()]],
    ]);
    expect(model.graph?.node?.[0]?.output).toEqual(['a', '', 'b']);
    expect(model.graph?.node?.[1]?.input).toEqual(['a', '', 'b']);
  });

  test('attributes keep their kinds', () => {
    const attrs = {
      i: { int: 3 },
      is: { ints: [1, -1] },
      f: { float: 1 },
      fs: { floats: [1, 0.5] },
      s: { string: 'größe' },
      ss: { strings: ['a', ''] },
      none: { ints: [] },
    };
    const model = expectSameAsOracle(emit(graph({ nodes: [node('Op', [], [], { attrs })] })));
    const utf8 = (text: string) => new TextEncoder().encode(text);
    expect(model.graph?.node?.[0]?.attribute).toEqual([
      { name: 'i', i: 3, type: 2 },
      { name: 'is', ints: [1, -1], type: 7 },
      { name: 'f', f: 1, type: 1 },
      { name: 'fs', floats: [1, 0.5], type: 6 },
      { name: 's', s: utf8('größe'), type: 3 },
      { name: 'ss', strings: [utf8('a'), utf8('')], type: 8 },
      { name: 'none', type: 7 },
    ]);
  });

  test('the same graph gives the same bytes, another seed other weights', () => {
    expect(emit(linearGraph())).toEqual(emit(linearGraph()));
    expect(emit(linearGraph(), 8)).not.toEqual(emit(linearGraph()));
  });

  test('toOnnxProto gives what onnx-proto encodes, 64-bit integers included', async () => {
    const { default: proto } = await import('onnx-proto');
    const model = {
      graph: {
        name: 'g',
        node: [
          {
            opType: 'Op',
            attribute: [
              { name: 'i', i: 2n ** 63n - 1n, type: 2 },
              { name: 'j', ints: [-(2n ** 60n), 5], type: 7 },
            ],
          },
        ],
      },
    };
    const compatible = proto.onnx.ModelProto.create(toOnnxProto(model) as unknown as Parameters<typeof proto.onnx.ModelProto.create>[0]);
    const theirs = proto.onnx.ModelProto.encode(compatible).finish();
    // It packs lists, as ONNX's newer schema does, so that the bytes differ, but not what they say.
    expect(decodeOnnx(theirs)).toEqual(model);
    expect(oracleDecode(theirs)).toEqual(oracleDecode(joinChunks(encodeModel(model).write())));
  });

  test('without weights it is complete except for a data file', () => {
    const of = linearGraph(300, 200);
    const model = expectSameAsOracle(joinChunks(emitOnnx(of, withoutWeights(of, 'model.data'), meta).write()));
    expect(
      model.graph?.initializer?.map((tensor) => [tensor.name, tensor.dims, tensor.dataLocation, entries(tensor.externalData)]),
    ).toEqual([
      ['fc.weight', [200, 300], 1, { location: 'model.data', offset: '0', length: '240000' }],
      ['fc.bias', [200], 1, { location: 'model.data', offset: '240000', length: '800' }],
    ]);
  });
});

describe('ONNX Runtime', () => {
  const ort = useOrt();

  test('loads and runs what is emitted', async () => {
    const bytes = emit(linearGraph(3, 2));
    const model = expectSameAsOracle(bytes);
    const [weight, bias] = (model.graph?.initializer ?? []).map((tensor) => new Float32Array(Uint8Array.from(tensor.rawData ?? []).buffer));
    const x = array('f32', [2, 3], [1, -2, 3, 0.5, 0, -1]);
    const { y } = await ort.run(bytes, { x });
    const expected = [0, 1].flatMap((row) =>
      [0, 1].map((out) =>
        [0, 1, 2].reduce((sum, k) => sum + Math.max(0, x.data[3 * row + k] ?? 0) * (weight?.[3 * out + k] ?? 0), bias?.[out] ?? 0),
      ),
    );
    expect(y?.shape).toEqual([2, 2]);
    // Three products and sums of float32.
    for (const [i, got] of (y?.data ?? []).entries()) expect(Math.abs(got - (expected[i] ?? Number.NaN))).toBeLessThan(1e-6);
  });

  test.each(['u4', 'i4'] as const)('reads packed weights of type %s, dequantized in blocks', async (dtype) => {
    // With three rows of five integers, the last byte is half empty, and the rows do not start at byte boundaries.
    const integers = Array.from({ length: 15 }, (_, i) => (dtype === 'u4' ? i + 1 : i - 8));
    const bytes = rawElements(dtype, Float64Array.from(integers));
    expect(bytes.length).toBe(8);
    expect(elementsOfRaw(dtype, bytes, 15)).toEqual(Float64Array.from(integers));
    const weight = parameter('w', type(dtype, 3, 5));
    const scale = constant('scale', array('f32', [3, 3], [1, 2, 4, 0.5, 0.25, 8, 16, 3, 5]));
    const y = value('y', type('f32', 3, 5));
    const dequantize = node('DequantizeLinear', [weight.value, scale.value], [y], { attrs: { axis: { int: 1 }, block_size: { int: 2 } } });
    expect(nonconformities({ ...dequantize, inputs: [weight.value.type, scale.value.type], outputs: [y.type] }, 21)).toEqual([]);
    const of = graph({ parameters: [weight], constants: [scale], outputs: [y], nodes: [dequantize] });
    const plan = planStorage(new Map([['w', { length: 8, blocks: () => [bytes] }]]), { external: 'never' });
    const file = joinChunks(emitOnnx(of, storageOf(plan, ''), meta).write());
    const model = expectSameAsOracle(file);
    expect(summarize(model).weights).toMatchObject({ elements: 24, bytes: 8 + 36 });
    const result = await ort.run(file, {});
    const expected = integers.map((n, i) => n * (scale.array.data[3 * Math.floor(i / 5) + ((i % 5) >> 1)] ?? Number.NaN));
    expect([...(result.y?.data ?? [])]).toEqual(expected);
  });

  test('counts the bytes of packed weights in data files and in costs', () => {
    const weights = [parameter('a', type('i4', 3, 5)), parameter('b', type('u4', 7)), parameter('c', type('f32', 2))];
    const place = withoutWeights(graph({ parameters: weights }), 'm.data');
    expect(['a', 'b', 'c'].map(place)).toMatchObject([
      { offset: 0, length: 8 },
      { offset: 8, length: 4 },
      { offset: 12, length: 8 },
    ]);
    expect(bytesOfType(type('i4', 'N', 3)).evaluate(new Map([['N', 3]]))).toBe(5);
    expect(
      initializeWeights([parameter('w', type('i4', 3), { kind: 'constant', value: -100 }).parameter], 0, new Report()).get('w')?.length,
    ).toBe(2);
  });

  const samples: Readonly<Record<Exclude<DType, 'string'>, readonly number[]>> = {
    f16: [0, -1.5, 65504, 2 ** -24, Infinity],
    bf16: [0, -1.5, 2 ** 100, 2 ** -120, -Infinity],
    f32: [0.1, -3e38],
    f64: [0.1, 1e300],
    u4: [0, 15, 7],
    i4: [-8, 7, -1],
    i8: [-128, 127],
    i16: [-32768, 32767],
    i32: [-(2 ** 31), 2 ** 31 - 1],
    i64: [-(2 ** 53) + 1, 2 ** 53 - 1, -(2 ** 63)],
    u8: [0, 255],
    u16: [0, 65535],
    u32: [0, 2 ** 32 - 1],
    u64: [0, 2 ** 53 - 1, 2 ** 63],
    bool: [0, 1],
  };

  test.each(Object.entries(samples) as [DType, readonly number[]][])(
    'reads constants of type %s as they were meant',
    async (dtype, numbers) => {
      const c = constant('c', array(dtype, [numbers.length], numbers));
      // ONNX Runtime for Node accepts neither bfloat16 nor packed integers as inputs or outputs; its own Cast converts them to float64 exactly.
      const isOutside = dtype !== 'bf16' && !isPacked(dtype);
      const y = value('y', type(isOutside ? dtype : 'f64', numbers.length));
      const only = isOutside ? node('Identity', [c.value], [y]) : node('Cast', [c.value], [y], { attrs: { to: { int: 11 } } });
      const result = await ort.run(emit(graph({ constants: [c], outputs: [y], nodes: [only] })), {}, { optimization: 'disabled' });
      expect([...(result.y?.data ?? [])]).toEqual(numbers.map((n) => (dtype === 'f32' ? Math.fround(n) : n)));
    },
  );

  test.each([
    ['u8', 256],
    ['i8', -129],
    ['i32', 0.5],
    ['u64', -1],
    ['i64', Number.NaN],
    ['u64', 2 ** 64],
  ] as const)('a constant of type %s cannot hold %d', (dtype, number) => {
    expect(() => rawData(array(dtype, [1], [number]))).toThrow(new RegExp(`is not an ${dtype}`));
  });

  test('2^63, which is INT64_MAX as a number in JavaScript, becomes INT64_MAX', () => {
    expect(Buffer.from(rawData(array('i64', [1], [2 ** 63]))).toString('hex')).toBe('ffffffffffffff7f');
  });
});

describe('limits', () => {
  const place = { file: 'm.arch', start: 0, end: 1 };
  const check = (of: OnnxGraph, inlineConstant = defaultLimits.inlineConstant) => {
    const report = new Report();
    checkEmitLimits(of, { ...defaultLimits, inlineConstant }, report, place);
    return report.diagnostics.map((d) => `${d.code}: ${d.message}`);
  };

  test('constants inside the model', () => {
    const of = graph({
      constants: [constant('small', array('f32', [4], [1, 2, 3, 4])), constant('large', array('f32', [5], [1, 2, 3, 4, 5]))],
    });
    expect(check(of, 16)).toEqual(['constant-too-large: the constant `large` would have 20 bytes inside the model; the limit is 16']);
    expect(check(of)).toEqual([]);
  });

  test('names', () => {
    const name = (length: number) => `${'x'.repeat(length - 1)}y`;
    const of = (length: number) => {
      const x = value(name(length), type('f32'));
      return graph({
        inputs: [x],
        nodes: [node('A', [x], [value(`z${name(length - 1)}`, type('f32'))], { name: `n${name(length - 1)}` })],
        parameters: [parameter(`p${name(length - 1)}`, type('f32'))],
      });
    };
    expect(check(of(1024))).toEqual([]);
    expect(check(of(1025)).length).toBe(1);
    expect(check(of(1025))[0]).toMatch(/^onnx-name-too-long: the name `.{60}…` has 1025 characters in the ONNX file; the limit is 1024$/);
  });

  test('weights of 2 GiB inside the model are refused before they are made', () => {
    const of = (count: number) => initializeWeights([parameter('w', type('f32', count), { kind: 'zeros' }).parameter], 0, new Report());
    const fits = (count: number) => {
      const report = new Report();
      const ok = checkInlineSize(planStorage(of(count), { external: 'never' }), defaultLimits.onnxBytes, report, place);
      expect(report.diagnostics.map((d) => d.code)).toEqual(ok ? [] : ['onnx-too-large']);
      return ok;
    };
    expect(fits(2 ** 29 - 1)).toBe(true);
    expect(fits(2 ** 29)).toBe(false);
    // By default such weights are not inside.
    expect(planStorage(of(2 ** 29), { external: 'auto' }).inline.size).toBe(0);
    expect(planStorage(of(2 ** 28 - 1), { external: 'auto' }).inline.size).toBe(1);
    expect(planStorage(of(2 ** 28), { external: 'auto' }).inline.size).toBe(0);
    for (const target of targets) {
      const isMapped = target === 'cpu' || target === 'cuda';
      expect(planStorage(of(4_999_999), { external: 'auto', target }).inline.size).toBe(1);
      expect(planStorage(of(5_000_000), { external: 'auto', target }).inline.size).toBe(isMapped ? 0 : 1);
      expect(planStorage(of(5_000_000), { external: 'never', target }).inline.size).toBe(1);
    }
  });

  test('the size of a model is known before it is written, beyond 2 GiB, too', () => {
    const rawBytes = new Uint8Array(2 ** 28);
    const initializer = Array.from({ length: 9 }, (_, i) => ({ name: `w${i}`, dims: [2 ** 28], dataType: 2, rawData: rawBytes }));
    const encoding = encodeModel({ graph: { initializer } });
    expect(encoding.size).toBeGreaterThan(defaultLimits.onnxBytes);
    expect(encoding.size).toBe(encoding.write().reduce((sum, chunk) => sum + chunk.length, 0));
  });
});

test('the hash of the sources depends on names and texts, not on their order', () => {
  const a = sourceHash(
    new Map([
      ['a.arch', 'x'],
      ['b.arch', 'y'],
    ]),
  );
  expect(
    sourceHash(
      new Map([
        ['b.arch', 'y'],
        ['a.arch', 'x'],
      ]),
    ),
  ).toBe(a);
  expect(
    sourceHash(
      new Map([
        ['a.arch', 'y'],
        ['b.arch', 'x'],
      ]),
    ),
  ).not.toBe(a);
  expect(a).toMatch(/^[0-9a-f]{64}$/);
});
