import { describe, expect, test } from 'vitest';
import { decodeOnnx } from '../../src/6-emit/onnx/decode.js';
import { encodeModel, joinChunks } from '../../src/6-emit/onnx/encode.js';
import { type AttributeProto, attributeType, type ModelProto } from '../../src/6-emit/onnx/proto.js';
import { HostError } from '../../src/host.js';
import { expectSameAsOracle } from '../kit/oracle.js';

function bytesOf(model: ModelProto): Uint8Array {
  const encoding = encodeModel(model);
  const bytes = joinChunks(encoding.write());
  expect(bytes.length).toBe(encoding.size);
  return bytes;
}

function roundTrip(model: ModelProto): ModelProto {
  const bytes = bytesOf(model);
  return expectSameAsOracle(bytes);
}

function withAttribute(attribute: AttributeProto): ModelProto {
  return { irVersion: 10, graph: { name: 'g', node: [{ opType: 'Op', attribute: [attribute] }] } };
}

describe('encoding', () => {
  test('every kind of field survives, and onnx-proto reads the same', () => {
    const text = new TextEncoder().encode('größe');
    const model: ModelProto = {
      irVersion: 10,
      producerName: 'archc',
      producerVersion: '0.1.0',
      domain: 'test',
      modelVersion: 3,
      docString: 'Größe → 𝟙',
      opsetImport: [
        { domain: '', version: 21 },
        { domain: 'com.microsoft', version: 1 },
      ],
      metadataProps: [{ key: 'archc.version', value: '0.1.0' }],
      graph: {
        name: 'g',
        docString: 'a graph',
        node: [
          {
            input: ['a', '', 'b'],
            output: ['c'],
            name: '/n',
            opType: 'Op',
            domain: 'com.microsoft',
            overload: 'v2',
            docString: 'why',
            metadataProps: [{ key: 'k', value: 'v' }],
            attribute: [
              { name: 'f', f: 0.1, type: attributeType.float },
              { name: 'i', i: -1, type: attributeType.int },
              { name: 's', s: text, type: attributeType.string },
              { name: 'fs', floats: [1, -2.5, Infinity], type: attributeType.floats },
              { name: 'is', ints: [0, 1, -1, 127, 128, 2 ** 31, 2 ** 32, 2 ** 40, -(2 ** 53) + 1], type: attributeType.ints },
              { name: 'ss', strings: [text, new Uint8Array(0)], type: attributeType.strings },
              { name: 't', t: { dims: [2], dataType: 1, rawData: new Uint8Array(8) }, type: attributeType.tensor },
              { name: 'ts', tensors: [{ dims: [], dataType: 7, int64Data: [5] }], type: attributeType.tensors },
              { name: 'g', g: { name: 'body', node: [{ opType: 'Relu' }] }, type: attributeType.graph },
              { name: 'gs', graphs: [{ name: 'x' }, { name: 'y' }], type: attributeType.graphs },
              { name: 'r', refAttrName: 'alpha', docString: 'd', type: attributeType.float },
            ],
          },
        ],
        initializer: [
          { dims: [3], dataType: 1, name: 'floats', floatData: [1, 2, 3] },
          { dims: [2], dataType: 6, name: 'int32s', int32Data: [-1, 2 ** 31 - 1] },
          { dims: [3], dataType: 7, name: 'int64s', int64Data: [-1, 2n ** 63n - 1n, -(2n ** 63n)] },
          { dims: [2], dataType: 13, name: 'uint64s', uint64Data: [0, 2n ** 64n - 1n] },
          { dims: [1], dataType: 11, name: 'doubles', doubleData: [Math.PI] },
          { dims: [1], dataType: 8, name: 'strings', stringData: [text] },
          { dims: [5000], dataType: 2, name: 'raw', rawData: new Uint8Array(5000).fill(7), docString: 'large', metadataProps: [] },
          { dims: [4], dataType: 1, name: 'external', externalData: [{ key: 'location', value: 'm.data' }], dataLocation: 1 },
        ],
        input: [
          {
            name: 'a',
            docString: 'the input',
            type: {
              tensorType: { elemType: 1, shape: { dim: [{ dimParam: 'floor((H + 31)/32)' }, { dimValue: 3, denotation: 'C' }, {}] } },
              denotation: 'T',
            },
          },
        ],
        output: [{ name: 'c', type: { tensorType: { elemType: 16 } } }],
        valueInfo: [{ name: 'v', metadataProps: [{ key: 'k', value: 'v' }] }],
        metadataProps: [{ key: 'k', value: 'v' }],
      },
      functions: [
        {
          name: 'F',
          domain: 'local',
          overload: 'o',
          docString: 'd',
          input: ['x'],
          output: ['y'],
          attribute: ['alpha'],
          attributeProto: [{ name: 'beta', f: 1, type: attributeType.float }],
          node: [{ opType: 'Relu', input: ['x'], output: ['y'] }],
          opsetImport: [{ domain: '', version: 21 }],
          valueInfo: [{ name: 'x' }],
          metadataProps: [{ key: 'k', value: 'v' }],
        },
      ],
    };
    const expected = structuredClone(model);
    // Protobuf cannot distinguish an empty list from nothing. And a float32 field holds a float32.
    const raw = expected.graph?.initializer?.[6];
    if (raw !== undefined) delete raw.metadataProps;
    const scalar = expected.graph?.initializer?.[0] && expected.graph.node?.[0]?.attribute?.[7]?.tensors?.[0];
    if (scalar) delete scalar.dims;
    const f = expected.graph?.node?.[0]?.attribute?.[0];
    if (f !== undefined) f.f = Math.fround(0.1);
    expect(roundTrip(model)).toEqual(expected);
  });

  test.each([0n, 1n, -1n, 2n ** 31n, 2n ** 53n, 2n ** 53n + 1n, -(2n ** 53n) - 1n, 2n ** 63n - 1n, -(2n ** 63n)])(
    'the bigint %s is written as itself',
    (i) => {
      const model = roundTrip(withAttribute({ name: 'a', i, type: attributeType.int }));
      expect(BigInt(model.graph?.node?.[0]?.attribute?.[0]?.i ?? 'absent')).toBe(i);
    },
  );

  test.each([0.5, Number.NaN, Infinity, 2 ** 53, -(2 ** 60), 2n ** 63n, -(2n ** 63n) - 1n])('%s is refused as an int64', (i) => {
    expect(() => encodeModel(withAttribute({ name: 'a', i }))).toThrow(/is not an exact int64/);
  });

  test('fields are written in the order of their numbers, whatever the order of the keys', () => {
    const inOrder = bytesOf({ irVersion: 10, producerName: 'p', graph: { node: [{ name: 'n', opType: 'Op' }], name: 'g' } });
    const inDisorder = bytesOf({ graph: { name: 'g', node: [{ opType: 'Op', name: 'n' }] }, producerName: 'p', irVersion: 10 });
    expect(inDisorder).toEqual(inOrder);
    expect(() => encodeModel({ graph: { nodes: [] } } as ModelProto)).toThrow('GraphProto has no field nodes');
  });

  test('large raw data is passed on, not copied', () => {
    const rawData = new Uint8Array(100_000);
    const chunks = encodeModel({ graph: { initializer: [{ name: 'w', rawData }] } }).write();
    expect(chunks.some((chunk) => chunk === rawData)).toBe(true);
  });
});

describe('decoding', () => {
  const model = withAttribute({ name: 'axes', ints: [1, 300], type: attributeType.ints });

  test('packed and unpacked lists are the same', () => {
    const unpacked = bytesOf(model);
    const hex = Buffer.from(unpacked).toString('hex');
    // `ints` as two varints with a tag each (field 8, wire type 0), and the same in one record (wire type 2).
    expect(hex).toContain('400140ac02');
    const packed = Uint8Array.from(Buffer.from(hex.replace('400140ac02', '420301ac02'), 'hex'));
    expect(decodeOnnx(packed)).toEqual(decodeOnnx(unpacked));
  });

  test('unknown fields are skipped', () => {
    // Field 30, length-delimited, three bytes.
    const extended = Uint8Array.from([...bytesOf(model), 0xf2, 0x01, 3, 1, 2, 3]);
    expect(decodeOnnx(extended)).toEqual(decodeOnnx(bytesOf(model)));
  });

  test('every truncation is a clear error or a shorter model, never anything else', () => {
    const bytes = bytesOf(model);
    for (let length = 0; length < bytes.length; length++) {
      expect(() => decodeOnnx(bytes.subarray(0, length))).toThrow(HostError);
    }
  });

  test('graphs nested beyond what protobuf reads are refused', () => {
    let graph: ModelProto['graph'] = { name: 'inner' };
    for (let depth = 0; depth < 40; depth++) graph = { node: [{ attribute: [{ g: graph }] }] };
    expect(() => decodeOnnx(bytesOf({ graph: graph ?? {} }))).toThrow(/nested more than 100 deep/);
  });

  test('text that is not a model is refused', () => {
    expect(() => decodeOnnx(new TextEncoder().encode('version https://git-lfs.github.com/spec/v1'))).toThrow(/this is not an ONNX model/);
    expect(() => decodeOnnx(new Uint8Array(0))).toThrow(/it has no graph/);
  });
});
