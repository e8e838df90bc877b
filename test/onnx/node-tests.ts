/// <reference types="node" />
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { brotliDecompressSync } from 'node:zlib';
import onnxProto from 'onnx-proto';
import { decodeOnnx } from '../../src/6-emit/onnx/decode.js';
import type { OnnxNode } from '../../src/ops/onnx-table/index.js';
import type { NdArray } from '../../src/ops/types.js';
import { nodeOf, tensorOf } from './node-of-file.js';

/** One official test of one ONNX node. */
export interface NodeTest {
  readonly name: string;
  readonly node: OnnxNode;
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
  return { name: name.replace(/^test_/, ''), node: nodeOf(node), inputs: values(node.input), outputs: values(node.output) };
}

/** A `TensorProto` file, read with `onnx-proto`. */
function tensor(bytes: Uint8Array): NdArray {
  return tensorOf(onnxProto.onnx.TensorProto.decode(bytes));
}
