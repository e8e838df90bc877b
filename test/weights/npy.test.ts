import { describe, expect, test } from 'vitest';
import { joinChunks } from '../../src/6-emit/onnx/encode.js';
import { rawElements } from '../../src/6-emit/onnx/raw-data.js';
import { readNpy, writeNpy } from '../../src/6-emit/weights/npy.js';
import { WeightFileError } from '../../src/6-emit/weights/stored-tensor.js';
import { HostError } from '../../src/host.js';
import { memoryFile } from '../../src/memory-host.js';
import type { DType } from '../../src/ops/types.js';
import { fixture } from './fixture.js';
import { mutations } from './mutations.js';

const read = (bytes: Uint8Array) => readNpy(memoryFile(bytes, 'x.npy'), 'x.npy');

const numpyFiles: readonly (readonly [name: string, dtype: DType, shape: readonly number[], values: readonly number[]])[] = [
  ['f32-2x3', 'f32', [2, 3], [0, 1, 2, 3, 4, 5]],
  ['i64-scalar', 'i64', [], [-7]],
  ['bool-3', 'bool', [3], [1, 0, 1]],
  ['f16-1x1x2', 'f16', [1, 1, 2], [0.5, -2]],
  ['u64-2', 'u64', [2], [0, 2 ** 53]],
  ['f64-0x3', 'f64', [0, 3], []],
];

describe('files of numpy', () => {
  test.each(numpyFiles)('%s is read, and written byte for byte', (name, dtype, shape, values) => {
    const bytes = fixture(`${name}.npy`);
    const tensor = read(bytes);
    expect(tensor).toMatchObject({ dtype, shape });
    const data = rawElements(dtype, Float64Array.from(values));
    expect(bytes.subarray(tensor.offset)).toEqual(data);
    expect(joinChunks(writeNpy(dtype, shape, data))).toEqual(bytes);
  });

  test('version 3', () => {
    expect(read(fixture('version3.npy'))).toMatchObject({ dtype: 'i32', shape: [4] });
  });

  test('Fortran order and big endian are refused with the reason', () => {
    expect(() => read(fixture('fortran.npy'))).toThrow(/Fortran order; `np\.save/);
    expect(() => read(fixture('big-endian.npy'))).toThrow(/big endian/);
  });
});

describe('files that are refused', () => {
  const npy = (header: string, data = 0, version = 1) =>
    Uint8Array.from([
      0x93,
      ...Buffer.from('NUMPY'),
      version,
      0,
      header.length & 0xff,
      header.length >> 8,
      ...Buffer.from(header),
      ...new Uint8Array(data),
    ]);
  const ok = "{'descr': '<f4', 'fortran_order': False, 'shape': (2,), }\n";

  test.each<[string, Uint8Array, RegExp]>([
    ['no .npy file', new Uint8Array(20), /no \.npy file/],
    ['an empty file', new Uint8Array(0), /no \.npy file/],
    ['version 4', npy(ok, 8, 4), /version 4\.0/],
    ['a cut header', npy(ok).subarray(0, 30), /ends inside its header/],
    ['too little data', npy(ok, 7), /needs 8 bytes, but it has 7/],
    ['too much data', npy(ok, 9), /needs 8 bytes, but it has 9/],
    ['code instead of a dictionary', npy("__import__('os')\n"), /not a dictionary/],
    ['a key twice', npy("{'descr': '<f4', 'descr': '<f4', 'shape': (2,)}\n", 8), /"descr" twice/],
    [
      'an unknown key',
      npy("{'descr': '<f4', 'order': False, 'shape': (2,), 'fortran_order': False}\n", 8),
      /exactly descr, fortran_order and shape/,
    ],
    ['objects', npy("{'descr': '|O', 'fortran_order': False, 'shape': (2,)}\n", 8), /element type '\|O' is not known/],
    [
      'a shape that is no tuple of numbers',
      npy("{'descr': '<f4', 'fortran_order': False, 'shape': (2,x)}\n", 8),
      /shape \(2,x\) is not valid/,
    ],
    ['a shape beyond 2^53', npy("{'descr': '<f4', 'fortran_order': False, 'shape': (99999999999999999999,)}\n", 8), /is not valid/],
  ])('%s', (_, bytes, message) => {
    expect(() => read(bytes)).toThrow(WeightFileError);
    expect(() => read(bytes)).toThrow(message);
  });
});

test('bf16 is not a type of numpy', () => {
  expect(() => writeNpy('bf16', [1], new Uint8Array(2))).toThrow(/no element type for bf16/);
});

test('10,000 mutated files are read or refused', () => {
  let accepted = 0;
  for (const bytes of mutations([fixture('f32-2x3.npy'), fixture('version3.npy')], 10_000, 2)) {
    try {
      const { offset, length } = read(bytes);
      expect(offset + length).toBe(bytes.length);
      accepted++;
    } catch (error) {
      if (!(error instanceof WeightFileError || error instanceof HostError)) throw error;
    }
  }
  expect(accepted).toBeGreaterThan(100);
  expect(accepted).toBeLessThan(9000);
});
