import protobuf from 'protobufjs/minimal.js';
import { HostError } from '../../host.js';
import { wireTypeOf } from './encode.js';
import { fromLongBits } from './int64.js';
import type { Field, MessageSchema, ScalarType } from './message.js';
import type { Int64, ModelProto } from './proto.js';
import { modelSchema } from './schema.js';

/** Graphs nest through attributes; protobuf's own readers have the same limit. */
const maxDepth = 100;

/**
 * The model in `bytes`, from any ONNX file. Fields that archc does not know are skipped; `rawData` and other byte fields are views of
 * `bytes`. Throws `HostError` for bytes that are not a model. What is decoded is well formed, but not necessarily valid.
 */
export function decodeOnnx(bytes: Uint8Array): ModelProto {
  try {
    // `Uint8Array.prototype.subarray` of a Node buffer would return buffers: a plain array returns plain views on every host.
    const plain = new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    const model: ModelProto = decodeMessage(new protobuf.Reader(plain), plain.length, modelSchema, 0);
    if (model.graph === undefined) throw new RangeError('it has no graph');
    return model;
  } catch (error) {
    if (error instanceof RangeError || error instanceof TypeError || (error instanceof Error && error.name === 'Error')) {
      throw new HostError(`this is not an ONNX model: ${error.message}`);
    }
    throw error;
  }
}

function decodeMessage(reader: protobuf.Reader, end: number, schema: MessageSchema, depth: number): Record<string, unknown> {
  if (depth > maxDepth) throw new RangeError(`messages are nested more than ${maxDepth} deep`);
  const message: Record<string, unknown> = {};
  while (reader.pos < end) {
    const tag = reader.tag();
    const field = schema.byNumber.get(tag >>> 3);
    if (field === undefined) reader.skipType(tag & 7, 0, tag >>> 3);
    else decodeField(reader, end, field, tag & 7, message, depth);
    if (reader.pos > end) throw new RangeError(`a field of ${schema.name} ends outside of it`);
  }
  return message;
}

function decodeField(
  reader: protobuf.Reader,
  end: number,
  field: Field,
  wireType: number,
  message: Record<string, unknown>,
  depth: number,
): void {
  const { type, key } = field;
  const scalar = typeof type === 'function' ? undefined : type;
  const expected = scalar === undefined ? 2 : wireTypeOf(scalar);
  if (scalar !== undefined && wireType === 2 && expected !== 2 && field.repeated) {
    const list = listOf(message, key);
    const last = endOfRecord(reader, end);
    while (reader.pos < last) list.push(decodeScalar(reader, last, scalar));
    if (reader.pos !== last) throw new RangeError(`the list "${key}" is cut off`);
    return;
  }
  if (wireType !== expected) throw new RangeError(`the field "${key}" has wire type ${wireType} instead of ${expected}`);
  let value: unknown;
  if (typeof type === 'function') value = decodeMessage(reader, endOfRecord(reader, end), type(), depth + 1);
  else value = decodeScalar(reader, end, type);
  if (field.repeated) listOf(message, key).push(value);
  else message[key] = value;
}

function listOf(message: Record<string, unknown>, key: string): unknown[] {
  const list = message[key];
  if (Array.isArray(list)) return list;
  const created: unknown[] = [];
  message[key] = created;
  return created;
}

/** Reads a length and returns the offset where the record ends. */
function endOfRecord(reader: protobuf.Reader, end: number): number {
  const length = reader.size();
  if (length > end - reader.pos) throw new RangeError(`a length of ${length} at offset ${reader.pos} is more than there is`);
  return reader.pos + length;
}

function decodeScalar(reader: protobuf.Reader, end: number, type: ScalarType): string | Uint8Array | Int64 {
  switch (type) {
    case 'string': {
      const start = reader.pos;
      endOfRecord(reader, end);
      reader.pos = start;
      return reader.string();
    }
    case 'bytes': {
      const last = endOfRecord(reader, end);
      const value = reader.buf.subarray(reader.pos, last);
      reader.pos = last;
      return value;
    }
    case 'int32':
      return reader.int32();
    case 'int64':
      return int64(reader.int64(), false);
    case 'uint64':
      return int64(reader.uint64(), true);
    case 'float':
      return reader.float();
    case 'double':
      return reader.double();
  }
}

/** protobufjs returns a `Long`, or a number if it finds no `long` package. */
function int64(value: protobuf.Long | number, unsigned: boolean): Int64 {
  if (typeof value !== 'number') return fromLongBits(value, unsigned);
  if (!Number.isSafeInteger(value)) throw new RangeError(`the integer ${value} is too large to be read`);
  return value;
}
