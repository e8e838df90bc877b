/// <reference types="node" />
import onnxProto from 'onnx-proto';
import { expect } from 'vitest';
import { decodeOnnx } from '../../src/6-emit/onnx/decode.js';
import type { ModelProto } from '../../src/6-emit/onnx/proto.js';

/** Fields of newer versions of ONNX than onnx-proto 8.0.1 (ONNX 1.10) knows, by message. */
const unknownToOracle: Readonly<Record<string, readonly string[]>> = {
  node: ['overload', 'metadataProps'],
  graph: ['metadataProps'],
  initializer: ['metadataProps'],
  t: ['metadataProps'],
  input: ['metadataProps'],
  output: ['metadataProps'],
  valueInfo: ['metadataProps'],
  functions: ['attributeProto', 'valueInfo', 'overload', 'metadataProps'],
};

/**
 * Decodes an emitted file with `onnx-proto`, which shares nothing with archc but the wire format, and expects every field
 * to be what archc's own decoder says, apart from the fields that onnx-proto is too old for.
 */
export function expectSameAsOracle(bytes: Uint8Array): ModelProto {
  const ours = decodeOnnx(bytes);
  expect(known('model', ours)).toEqual(oracleDecode(bytes));
  return ours;
}

/** What onnx-proto finds in a file, as plain data in archc's terms: absent is absent, int64 is a number or a bigint. */
export function oracleDecode(bytes: Uint8Array): unknown {
  const { ModelProto } = onnxProto.onnx;
  return plain(ModelProto.toObject(ModelProto.decode(bytes), { defaults: false, arrays: false, objects: false }));
}

/** Bytes as a text, because vitest compares large arrays element by element, slowly. */
function text(bytes: Uint8Array): string {
  return `bytes: ${Buffer.from(bytes).toString('latin1')}`;
}

function plain(value: unknown): unknown {
  if (value instanceof Uint8Array) return text(value);
  if (Array.isArray(value)) return value.map(plain);
  if (typeof value !== 'object' || value === null) return value;
  if ('low' in value && 'high' in value && 'unsigned' in value) {
    const exact = BigInt(String(value));
    return exact >= -(2n ** 53n) + 1n && exact <= 2n ** 53n - 1n ? Number(exact) : exact;
  }
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, plain(inner)]));
}

function known(key: string, value: unknown): unknown {
  if (value instanceof Uint8Array) return text(value);
  if (Array.isArray(value)) return value.map((inner) => known(key, inner));
  if (typeof value !== 'object' || value === null) return value;
  const dropped = unknownToOracle[key] ?? [];
  const kept = Object.entries(value).filter(([name]) => !dropped.includes(name));
  return Object.fromEntries(kept.map(([name, inner]) => [name, known(name, inner)]));
}
