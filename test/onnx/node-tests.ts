/// <reference types="node" />
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { brotliDecompressSync } from 'node:zlib';
import onnxProto from 'onnx-proto';
import { f32BitsFromF16 } from '../../src/6-emit/float16.js';
import { dtypeOfDataType } from '../../src/6-emit/onnx/data-type.js';
import { decodeOnnx } from '../../src/6-emit/onnx/decode.js';
import type { NodeProto } from '../../src/6-emit/onnx/proto.js';
import type { DType, NdArray } from '../../src/ops/types.js';

/** One official test of one ONNX node. */
export interface NodeTest {
  readonly name: string;
  readonly node: NodeProto;
  readonly opType: string;
  /** In the order of the node; undefined where the node leaves an input out. */
  readonly inputs: readonly (NdArray | undefined)[];
  /** In the order of the node; undefined where it leaves an output out. */
  readonly outputs: readonly (NdArray | undefined)[];
}

/** All tests in `test/onnx/node-tests/node-tests.br`, by name. */
export function readNodeTests(): readonly NodeTest[] {
  const files = readArchive(resolve(import.meta.dirname, 'node-tests/node-tests.br'));
  const names = [...files.keys()].filter((path) => path.endsWith('/model.onnx')).map((path) => path.slice(0, -'/model.onnx'.length));
  return names.sort().map((name) => readTest(name, files));
}

function readArchive(path: string): ReadonlyMap<string, Uint8Array> {
  const bytes = brotliDecompressSync(readFileSync(path));
  const start = bytes.indexOf(0x0a);
  const index = JSON.parse(bytes.subarray(0, start).toString('utf8')) as readonly (readonly [string, number])[];
  let at = start + 1;
  return new Map(
    index.map(([file, size]) => {
      const content = bytes.subarray(at, at + size);
      at += size;
      return [file, content];
    }),
  );
}

function readTest(name: string, files: ReadonlyMap<string, Uint8Array>): NodeTest {
  const graph = decodeOnnx(files.get(`${name}/model.onnx`)!).graph!;
  const [node, ...more] = graph.node ?? [];
  if (node === undefined || more.length > 0) throw new Error(`${name} is not a test of one node`);
  const stored = new Map<string, NdArray>();
  for (const [i, { name: input }] of (graph.input ?? []).entries())
    stored.set(input ?? '', tensor(files.get(`${name}/test_data_set_0/input_${i}.pb`)!));
  for (const [i, { name: output }] of (graph.output ?? []).entries())
    stored.set(output ?? '', tensor(files.get(`${name}/test_data_set_0/output_${i}.pb`)!));
  const values = (list: readonly string[] | undefined) => (list ?? []).map((value) => stored.get(value));
  return { name: name.replace(/^test_/, ''), node, opType: node.opType ?? '', inputs: values(node.input), outputs: values(node.output) };
}

/** A `TensorProto` file, read with `onnx-proto`. */
function tensor(bytes: Uint8Array): NdArray {
  const proto = onnxProto.onnx.TensorProto.decode(bytes);
  const dtype = dtypeOfDataType(proto.dataType ?? 0);
  if (dtype === undefined) throw new Error(`element type ${proto.dataType} of ${proto.name}`);
  const shape = (proto.dims ?? []).map(Number);
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

function typedElements(dtype: DType, proto: onnxProto.onnx.ITensorProto): Float64Array {
  const lists = [proto.floatData, proto.int32Data, proto.int64Data, proto.doubleData, proto.uint64Data];
  const list = lists.find((candidate) => candidate !== null && candidate !== undefined && candidate.length > 0) ?? [];
  const numbers = Array.from(list as ArrayLike<unknown>, Number);
  return Float64Array.from(dtype === 'f16' ? numbers.map(halfToNumber) : numbers);
}

function halfToNumber(bits: number): number {
  return new Float32Array(Uint32Array.of(f32BitsFromF16(bits)).buffer)[0]!;
}
