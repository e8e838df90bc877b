/**
 * Protobuf messages described as tables. protobufjs compiles such tables with `Function`, which the content security
 * policy of a browser page may forbid; encode.ts and decode.ts interpret them instead, over protobufjs' `Writer` and `Reader`.
 */

export type ScalarType = 'string' | 'bytes' | 'int32' | 'int64' | 'uint64' | 'float' | 'double';

interface FieldOf<T> {
  readonly number: number;
  readonly type: ScalarType | (() => MessageSchema);
  readonly repeated: boolean;
  /** Repeated numbers in one length-delimited record. Readers accept both forms whatever the schema says. */
  readonly packed: boolean;
  /** Never present: it only lets the type checker compare the table with the interface. */
  readonly holds?: T;
}

export interface Field extends FieldOf<unknown> {
  readonly key: string;
}

export interface MessageSchema {
  readonly name: string;
  /** In the order of their numbers, which is the order of the bytes. */
  readonly fields: readonly Field[];
  readonly byNumber: ReadonlyMap<number, Field>;
  readonly byKey: ReadonlyMap<string, Field>;
}

/** The table of message `T`: one entry for each key of the interface, of the entry's type. */
export type FieldTable<T> = { readonly [K in keyof Required<T>]: FieldOf<Required<T>[K]> };

export function defineMessage<T>(name: string, table: FieldTable<T>): MessageSchema {
  const fields = Object.entries<FieldOf<unknown>>(table)
    .map(([key, field]) => ({ ...field, key }))
    .sort((a, b) => a.number - b.number);
  return {
    name,
    fields,
    byNumber: new Map(fields.map((field) => [field.number, field])),
    byKey: new Map(fields.map((field) => [field.key, field])),
  };
}

function one<T>(type: FieldOf<T>['type']): (number: number) => FieldOf<T> {
  return (number) => ({ number, type, repeated: false, packed: false });
}

function many<T>(type: FieldOf<T>['type'], packed = false): (number: number) => FieldOf<readonly T[]> {
  return (number) => ({ number, type, repeated: true, packed });
}

export const string = one<string>('string');
export const strings = many<string>('string');
export const bytes = one<Uint8Array>('bytes');
export const byteStrings = many<Uint8Array>('bytes');
export const int32 = one<number>('int32');
export const packedInt32s = many<number>('int32', true);
export const int64 = one<number | bigint>('int64');
export const int64s = many<number | bigint>('int64');
export const packedInt64s = many<number | bigint>('int64', true);
export const packedUint64s = many<number | bigint>('uint64', true);
export const float = one<number>('float');
export const floats = many<number>('float');
export const packedFloats = many<number>('float', true);
export const packedDoubles = many<number>('double', true);
// A message's own table is checked where it is defined; naming its type here would make the tables' types circular.
export const message = (number: number, schema: () => MessageSchema) => ({ number, type: schema, repeated: false, packed: false });
export const messages = (number: number, schema: () => MessageSchema) => ({ number, type: schema, repeated: true, packed: false });
