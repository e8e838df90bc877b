import protobuf from 'protobufjs/minimal.js';
import { InternalError } from '../../diagnostics/internal-error.js';
import { checkedInt64, longBits } from './int64.js';
import type { Field, MessageSchema, ScalarType } from './message.js';
import type { Int64, ModelProto } from './proto.js';
import { modelSchema } from './schema.js';

/** A model whose size is known and whose bytes are written on demand. */
export interface Encoding {
  readonly size: number;
  /** The file in pieces: large `rawData` arrays are in the list themselves instead of being copied. */
  write(): readonly Uint8Array[];
}

/** `rawData` of at least this size is its own chunk. */
const chunkThreshold = 4096;

/**
 * Encodes in two passes: the first adds up the length of every message, so that the limit of 2 GiB can be checked before memory is
 * allocated and lengths never need to be inserted afterwards; the second writes. The same model always gives the same bytes: fields are in
 * the order of their numbers, and a list is written in its own order.
 */
export function encodeModel(model: ModelProto): Encoding {
  const sizes: number[] = [];
  const size = sizeOfMessage(model, modelSchema, sizes);
  return { size, write: () => new MessageWriter(sizes).finish(model, modelSchema) };
}

/** One array out of many. */
export function joinChunks(chunks: readonly Uint8Array[]): Uint8Array {
  const joined = new Uint8Array(chunks.reduce((size, chunk) => size + chunk.length, 0));
  let at = 0;
  for (const chunk of chunks) {
    joined.set(chunk, at);
    at += chunk.length;
  }
  return joined;
}

/** Messages are read through their tables, which the TypeScript compiler has compared with their interfaces. */
type Message = Readonly<Record<string, unknown>>;

/**
 * The message with its keys in the order of the field numbers, which is how archc itself builds them: then it is the message itself.
 * Iterating over the keys that exist is several times faster than testing each object for every possible field.
 */
function inFieldOrder(message: Message, schema: MessageSchema): Message {
  let last = 0;
  for (const key in message) {
    const { number } = fieldOf(key, schema);
    if (number < last) return Object.fromEntries(schema.fields.map((field) => [field.key, message[field.key]]));
    last = number;
  }
  return message;
}

function fieldOf(key: string, schema: MessageSchema): Field {
  const field = schema.byKey.get(key);
  if (field === undefined) throw new InternalError(`${schema.name} has no field ${key}`);
  return field;
}

/** Appends the length of this message and of all nested ones to `sizes`, in the order in which they are written. */
function sizeOfMessage(message: object, schema: MessageSchema, sizes: number[]): number {
  const at = sizes.push(0) - 1;
  let size = 0;
  const ordered = inFieldOrder(message as Message, schema);
  for (const key in ordered) {
    const value = ordered[key];
    if (value === undefined) continue;
    const field = fieldOf(key, schema);
    if (!field.repeated) size += sizeOfTag(field) + sizeOfElement(value, field, sizes);
    else if (field.packed) size += sizeOfTag(field) + sizeWithLength(sizeOfPacked(value as readonly unknown[], field, sizes));
    else for (const element of value as readonly unknown[]) size += sizeOfTag(field) + sizeOfElement(element, field, sizes);
  }
  sizes[at] = size;
  return size;
}

/** One value without its tag, but with the length that precedes texts, bytes and messages. */
function sizeOfElement(value: unknown, field: Field, sizes: number[]): number {
  const { type } = field;
  return typeof type === 'function' ? sizeWithLength(sizeOfMessage(value as object, type(), sizes)) : sizeOfScalar(type, value);
}

function sizeOfPacked(values: readonly unknown[], field: Field, sizes: number[]): number {
  let length = 0;
  for (const value of values) length += sizeOfElement(value, field, sizes);
  sizes.push(length);
  return length;
}

function sizeOfTag(field: Field): number {
  return field.number < 16 ? 1 : 2;
}

function sizeWithLength(length: number): number {
  return sizeOfVarint(length) + length;
}

function sizeOfVarint(value: Int64): number {
  if (value < 0) return 10;
  let size = 1;
  if (typeof value === 'number') for (let rest = value; rest >= 128; rest = Math.floor(rest / 128)) size++;
  else for (let rest = value; rest >= 128n; rest >>= 7n) size++;
  return size;
}

function sizeOfScalar(type: ScalarType, value: unknown): number {
  switch (type) {
    case 'string':
      return sizeWithLength(protobuf.util.utf8.length(value as string));
    case 'bytes':
      return sizeWithLength((value as Uint8Array).length);
    case 'int32':
      return sizeOfVarint(checkedInt32(value as number));
    case 'int64':
    case 'uint64':
      return sizeOfVarint(checkedInt64(value as Int64, type === 'uint64'));
    case 'float':
      return 4;
    case 'double':
      return 8;
  }
}

function checkedInt32(value: number): number {
  if (value !== (value | 0)) throw new InternalError(`${value} is not an int32`);
  return value;
}

class MessageWriter {
  readonly #sizes: readonly number[];
  #nextSize = 0;
  readonly #chunks: Uint8Array[] = [];
  #writer = new protobuf.Writer();

  constructor(sizes: readonly number[]) {
    this.#sizes = sizes;
  }

  finish(message: object, schema: MessageSchema): readonly Uint8Array[] {
    this.#takeSize();
    this.#message(message, schema);
    this.#flush();
    return this.#chunks;
  }

  #takeSize(): number {
    const size = this.#sizes[this.#nextSize++];
    if (size === undefined) throw new InternalError('the model changed while it was being encoded');
    return size;
  }

  #flush(): void {
    if (this.#writer.pos > 0) this.#chunks.push(this.#writer.finish(true));
    this.#writer = new protobuf.Writer();
  }

  #message(message: object, schema: MessageSchema): void {
    const ordered = inFieldOrder(message as Message, schema);
    for (const key in ordered) {
      const value = ordered[key];
      if (value === undefined) continue;
      const field = fieldOf(key, schema);
      if (!field.repeated) this.#field(value, field);
      else if (field.packed) this.#packed(value as readonly unknown[], field);
      else for (const element of value as readonly unknown[]) this.#field(element, field);
    }
  }

  #field(value: unknown, field: Field): void {
    const { type } = field;
    if (typeof type === 'function') {
      this.#writer.uint32((field.number << 3) | 2).uint32(this.#takeSize());
      this.#message(value as object, type());
    } else {
      this.#writer.uint32((field.number << 3) | wireTypeOf(type));
      this.#scalar(type, value);
    }
  }

  #packed(values: readonly unknown[], field: Field): void {
    if (typeof field.type === 'function') throw new InternalError('messages cannot be packed');
    this.#writer.uint32((field.number << 3) | 2).uint32(this.#takeSize());
    for (const value of values) this.#scalar(field.type, value);
  }

  #scalar(type: ScalarType, value: unknown): void {
    switch (type) {
      case 'string':
        this.#writer.string(value as string);
        return;
      case 'bytes':
        this.#bytes(value as Uint8Array);
        return;
      case 'int32':
        this.#writer.int32(value as number);
        return;
      case 'int64':
      case 'uint64':
        if (typeof value === 'number' && value >= 0 && value <= 0xffff_ffff) this.#writer.uint32(value);
        else this.#writer.uint64(longBits(value as Int64, type === 'uint64') as unknown as protobuf.Long);
        return;
      case 'float':
        this.#writer.float(value as number);
        return;
      case 'double':
        this.#writer.double(value as number);
        return;
    }
  }

  #bytes(value: Uint8Array): void {
    if (value.length < chunkThreshold) {
      this.#writer.bytes(value);
      return;
    }
    this.#writer.uint32(value.length);
    this.#flush();
    this.#chunks.push(value);
  }
}

export function wireTypeOf(type: ScalarType): number {
  switch (type) {
    case 'int32':
    case 'int64':
    case 'uint64':
      return 0;
    case 'double':
      return 1;
    case 'string':
    case 'bytes':
      return 2;
    case 'float':
      return 5;
  }
}
