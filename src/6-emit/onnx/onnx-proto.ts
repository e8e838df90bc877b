import { type LongBits, longBits } from './int64.js';
import type { ModelProto } from './proto.js';

/** `ModelProto` with every large integer as the two halves that `onnx-proto` (protobufjs 6) accepts as a `Long`. */
export type OnnxProtoModel = Compatible<ModelProto>;

type Compatible<T> = T extends bigint
  ? LongBits
  : T extends Uint8Array | string | number | boolean | undefined
    ? T
    : T extends readonly (infer E)[]
      ? Compatible<E>[]
      : { [K in keyof T]: Compatible<T[K]> };

/**
 * A model for `onnx-proto`: `onnx.ModelProto.create(toOnnxProto(model))` or `onnx.ModelProto.encode(toOnnxProto(model))`. The names of the
 * fields are the same; bigints, which it would write as 0, become pairs of 32 bits. `onnx-proto` 8 omits the fields that are newer than
 * itself: metadata of nodes and values, and overloads.
 */
export function toOnnxProto(model: ModelProto): OnnxProtoModel {
  return compatible(model) as OnnxProtoModel;
}

function compatible(value: unknown): unknown {
  if (typeof value === 'bigint') return longBits(value, value >= 2n ** 63n);
  if (Array.isArray(value)) return value.map(compatible);
  if (typeof value !== 'object' || value === null || value instanceof Uint8Array) return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, compatible(inner)]));
}
