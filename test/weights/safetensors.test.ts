import { describe, expect, test } from 'vitest';
import { joinChunks } from '../../src/6-emit/onnx/encode.js';
import { rawElements } from '../../src/6-emit/onnx/raw-data.js';
import { storedSource } from '../../src/6-emit/weights/cast.js';
import { readSafetensors } from '../../src/6-emit/weights/safetensors.js';
import { WeightFileError } from '../../src/6-emit/weights/stored-tensor.js';
import { wholeTensor } from '../../src/6-emit/weights/tensor-source.js';
import { writeSafetensors } from '../../src/6-emit/weights/write-safetensors.js';
import { HostError } from '../../src/host.js';
import { memoryFile } from '../../src/memory-host.js';
import type { DType } from '../../src/ops/types.js';
import { fixture } from './fixture.js';
import { mutations } from './mutations.js';

/** A file with this header text and `data` zero bytes. */
function file(header: string, data = 0, headerLength?: number): Uint8Array {
  const text = new TextEncoder().encode(header);
  const bytes = new Uint8Array(8 + text.length + data);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(headerLength ?? text.length), true);
  bytes.set(text, 8);
  return bytes;
}

const read = (bytes: Uint8Array, limit?: number) => readSafetensors(memoryFile(bytes, 'm.safetensors'), 'm.safetensors', limit);

const tensor = (begin: number, end: number, shape = [(end - begin) / 4]) => ({ dtype: 'F32', shape, data_offsets: [begin, end] });

describe('files of the reference implementation', () => {
  test('all element types', () => {
    const { tensors, metadata } = read(fixture('types.safetensors'));
    expect(Object.fromEntries(metadata)).toEqual({ format: 'pt', größe: 'ü' });
    expect(tensors.size).toBe(13);
    for (const [name, stored] of tensors) {
      expect(stored.shape).toEqual([2, 3]);
      expect(stored.dtype).toBe(name);
      const values = Float64Array.of(0, 1, 2, 100, 0, 5);
      const expected = rawElements(name as DType, name === 'bool' ? values.map(Math.sign) : values);
      expect(wholeTensor(storedSource(stored, name as DType)), name).toEqual(expected);
    }
  });

  test('scalars, tensors without elements and types that archc does not have', () => {
    const { tensors } = read(fixture('odd.safetensors'));
    expect(tensors.get('scalar')?.shape).toEqual([]);
    expect(tensors.get('empty')).toMatchObject({ shape: [0, 4], length: 0 });
    expect(tensors.get('8bit')).toMatchObject({ storedType: 'F8_E4M3', dtype: undefined });
  });

  test('what archc writes is read back the same, aligned as the reference implementation does', () => {
    const original = fixture('types.safetensors');
    const { tensors } = read(original);
    const again = [...tensors.values()].map((stored) => ({
      name: stored.name,
      dtype: stored.dtype ?? 'f32',
      shape: stored.shape,
      bytes: wholeTensor(storedSource(stored, stored.dtype ?? 'f32')),
    }));
    const written = joinChunks(writeSafetensors(again, {}));
    expect([...read(written).tensors.keys()].sort()).toEqual([...tensors.keys()].sort());
    for (const [name, stored] of read(written).tensors) {
      const before = tensors.get(name);
      expect(stored).toMatchObject({ dtype: before?.dtype, shape: before?.shape, length: before?.length });
      expect(wholeTensor(storedSource(stored, stored.dtype ?? 'f32'))).toEqual(again.find((one) => one.name === name)?.bytes);
      expect(stored.offset % Math.max(1, stored.length / 6)).toBe(0);
    }
  });
});

describe('files that are refused', () => {
  test.each<[string, Uint8Array, RegExp]>([
    ['an empty file', new Uint8Array(0), /0 bytes, less than a header/],
    ['a header that is longer than the file', file('{}', 0, 3), /header has 3 bytes by its own account/],
    ['a header of 2^63 bytes', Uint8Array.of(0, 0, 0, 0, 0, 0, 0, 0x80, 0x7b), /header has 9223372036854775808 bytes/],
    ['a header that does not start with {', file(' {}'), /does not start with `\{`/],
    ['an empty header', file(''), /does not start with `\{`/],
    [
      'a header that is not UTF-8',
      (() => {
        const b = file('{"aa":1}');
        b[11] = 0xff;
        return b;
      })(),
      /not UTF-8/,
    ],
    ['a header that is not JSON', file('{"a":}'), /a value is missing/],
    ['text after the header', file('{}x'), /text after the value/],
    [
      'a key twice',
      file('{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}', 4),
      /"a" appears twice/,
    ],
    ['a key twice, written with an escape', file('{"__metadata__":{"a":"1","\\u0061":"2"}}'), /"a" appears twice/],
    [
      'a number beyond 2^53',
      file('{"a":{"dtype":"U8","shape":[9007199254740993],"data_offsets":[0,9007199254740993]}}'),
      /9007199254740993 is not an exact integer/,
    ],
    ['a fraction', file('{"a":{"dtype":"F32","shape":[1.0],"data_offsets":[0,4]}}', 4), /1\.0 is not an exact integer/],
    ['an exponent', file('{"a":{"dtype":"F32","shape":[1e0],"data_offsets":[0,4]}}', 4), /1e0 is not an exact integer/],
    ['a leading zero', file('{"a":{"dtype":"F32","shape":[01],"data_offsets":[0,4]}}', 4), /`01` is not a value of JSON/],
    ['a negative size', file('{"a":{"dtype":"F32","shape":[-1],"data_offsets":[0,4]}}', 4), /no shape of whole numbers/],
    ['deep nesting', file(`{"a":${'['.repeat(200_000)}`), /nested more than 16 deep/],
    ['a comment', file('{/**/}'), /a key in double quotes is missing/],
    ['a trailing comma', file('{"__metadata__":{},}'), /there is a comma before this `}`/],
    ['a hole', file(JSON.stringify({ a: tensor(0, 4), b: tensor(8, 12) }), 12), /"b" has 4 unused bytes before it/],
    ['an overlap', file(JSON.stringify({ a: tensor(0, 8), b: tensor(4, 12) }), 12), /"b" overlaps the one before it/],
    ['bytes at the end', file(JSON.stringify({ a: tensor(0, 4) }), 5), /but the file ends at byte/],
    ['data that is missing', file(JSON.stringify({ a: tensor(0, 8) }), 4), /but the file ends at byte/],
    ['a length that is not that of the shape', file(JSON.stringify({ a: tensor(0, 8, [3]) }), 8), /has 8 bytes instead of 12/],
    [
      'a shape whose product overflows',
      file(JSON.stringify({ a: tensor(0, 0, [2 ** 40, 2 ** 40]) })),
      /instead of 4835703278458516698824704/,
    ],
    ['offsets in the wrong order', file(JSON.stringify({ a: { dtype: 'F32', shape: [0], data_offsets: [4, 0] } }), 4), /has -4 bytes/],
    [
      'an unknown type',
      file(JSON.stringify({ a: { dtype: 'constructor', shape: [], data_offsets: [0, 4] } }), 4),
      /unknown dtype "constructor"/,
    ],
    ['an unknown key', file(JSON.stringify({ a: { ...tensor(0, 4), strides: [1] } }), 4), /unknown key "strides"/],
    ['metadata that is no text', file('{"__metadata__":{"a":1}}'), /`__metadata__` is not a list of texts/],
    ['a tensor that is no object', file('{"a":1}'), /"a" is not described by an object/],
  ])('%s', (_, bytes, message) => {
    expect(() => read(bytes)).toThrow(WeightFileError);
    expect(() => read(bytes)).toThrow(message);
  });

  test('a header over the limit, before it is read', () => {
    const header = `{"__metadata__":{"a":"${'x'.repeat(1000)}"}}`;
    expect(() => read(file(header), 1000)).toThrow(/header of 1025 bytes is over the limit of 1000/);
    expect(read(file(header)).metadata.get('a')?.length).toBe(1000);
    // Nothing above the limit of the format itself can be asked for.
    const huge = { size: 2 ** 40, read: () => file('', 0, 100_000_001), close() {} };
    expect(() => readSafetensors(huge, 'huge', Number.MAX_SAFE_INTEGER)).toThrow(/over the limit of 100000000/);
  });
});

test('a tensor called __proto__ is a tensor like any other', () => {
  const { tensors } = read(
    file('{"__proto__":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},"constructor":{"dtype":"F32","shape":[],"data_offsets":[4,8]}}', 8),
  );
  expect([...tensors.keys()]).toEqual(['__proto__', 'constructor']);
  expect(({} as Record<string, unknown>).dtype).toBeUndefined();
});

test('20,000 mutated files are read or refused, and what is read lies inside the file', () => {
  const seeds = [fixture('types.safetensors'), fixture('odd.safetensors')];
  let accepted = 0;
  for (const bytes of mutations(seeds, 20_000, 1)) {
    try {
      for (const { offset, length } of read(bytes).tensors.values()) expect(offset + length).toBeLessThanOrEqual(bytes.length);
      accepted++;
    } catch (error) {
      if (!(error instanceof WeightFileError || error instanceof HostError)) throw error;
    }
  }
  // Mutations of names and of the data are harmless; if none were accepted, the test would test nothing.
  expect(accepted).toBeGreaterThan(100);
  expect(accepted).toBeLessThan(15_000);
});
