import type onnxProto from 'onnx-proto';
import { f32BitsFromF16 } from '../../src/6-emit/float16.js';
import { dtypeOfDataType } from '../../src/6-emit/onnx/data-type.js';
import { type AttributeProto, attributeType, type NodeProto, type TensorProto } from '../../src/6-emit/onnx/proto.js';
import type { NodeAttr, OnnxNode } from '../../src/ops/onnx-table/index.js';
import type { DType, NdArray } from '../../src/ops/types.js';

/** A node of a file as the table takes it. */
export function nodeOf(proto: NodeProto): OnnxNode {
  const attrs = (proto.attribute ?? []).map((attr) => [attr.name ?? '', attrOf(attr)] as const);
  return { opType: proto.opType ?? '', attrs: Object.fromEntries(attrs), outputs: (proto.output ?? []).map((name) => name !== '') };
}

function attrOf(attr: AttributeProto): NodeAttr {
  const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes);
  switch (attr.type) {
    case attributeType.float:
      return { float: attr.f ?? 0 };
    case attributeType.int:
      return { int: Number(attr.i ?? 0) };
    case attributeType.string:
      return { string: text(attr.s ?? new Uint8Array()) };
    case attributeType.floats:
      return { floats: attr.floats ?? [] };
    case attributeType.ints:
      return { ints: (attr.ints ?? []).map(Number) };
    case attributeType.strings:
      return { strings: (attr.strings ?? []).map(text) };
    case attributeType.tensor:
      return { tensor: tensorOf(attr.t ?? {}) };
    default:
      throw new Error(`an attribute of type ${attr.type}`);
  }
}

/** A stored tensor, decoded by archc or by `onnx-proto`. */
export function tensorOf(proto: onnxProto.onnx.ITensorProto | TensorProto): NdArray {
  const dtype = dtypeOfDataType(proto.dataType ?? 0);
  if (dtype === undefined) throw new Error(`element type ${proto.dataType} of ${proto.name}`);
  const shape = Array.from(proto.dims ?? [], Number);
  const count = shape.reduce((a, b) => a * b, 1);
  const raw = proto.rawData ?? new Uint8Array();
  const data = raw.length > 0 ? rawElements(dtype, raw) : typedElements(dtype, proto);
  if (data.length !== count) throw new Error(`${data.length} elements for [${shape}] in ${proto.name}`);
  return { dtype, shape, data };
}

function rawElements(dtype: DType, raw: Uint8Array): Float64Array {
  const view = new DataView(raw.buffer, raw.byteOffset, raw.byteLength);
  const read: Partial<Record<DType, readonly [number, (offset: number) => number]>> = {
    f32: [4, (at) => view.getFloat32(at, true)],
    f64: [8, (at) => view.getFloat64(at, true)],
    f16: [2, (at) => halfToNumber(view.getUint16(at, true))],
    i8: [1, (at) => view.getInt8(at)],
    i16: [2, (at) => view.getInt16(at, true)],
    i32: [4, (at) => view.getInt32(at, true)],
    i64: [8, (at) => Number(view.getBigInt64(at, true))],
    u8: [1, (at) => view.getUint8(at)],
    u16: [2, (at) => view.getUint16(at, true)],
    u32: [4, (at) => view.getUint32(at, true)],
    u64: [8, (at) => Number(view.getBigUint64(at, true))],
    bool: [1, (at) => view.getUint8(at)],
  };
  const reader = read[dtype];
  if (reader === undefined) throw new Error(`no reader for ${dtype}`);
  const [size, element] = reader;
  return Float64Array.from({ length: raw.length / size }, (_, i) => element(i * size));
}

function typedElements(dtype: DType, proto: onnxProto.onnx.ITensorProto | TensorProto): Float64Array {
  const lists = [proto.floatData, proto.int32Data, proto.int64Data, proto.doubleData, proto.uint64Data];
  const list = lists.find((candidate) => candidate !== null && candidate !== undefined && candidate.length > 0) ?? [];
  const numbers = Array.from(list as ArrayLike<unknown>, Number);
  return Float64Array.from(dtype === 'f16' ? numbers.map(halfToNumber) : numbers);
}

function halfToNumber(bits: number): number {
  return new Float32Array(Uint32Array.of(f32BitsFromF16(bits)).buffer)[0]!;
}
