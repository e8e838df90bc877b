import { bodiesIn, type OnnxGraph } from '../5-optimize/lowering/onnx-graph.js';
import type { Report } from '../diagnostics/report.js';
import type { Span } from '../diagnostics/span.js';
import type { Limits } from '../limits.js';
import { bytesOfElements } from '../ops/types.js';
import { type Encoding, encodeModel } from './onnx/encode.js';
import type { ModelMeta } from './onnx/metadata.js';
import { constantShape, modelProto, type TensorStorage } from './onnx/model.js';
import type { StoragePlan } from './storage.js';

/** The ONNX file of a graph. `storage` says where the bytes of each parameter are. */
export function emitOnnx(graph: OnnxGraph, storage: (parameter: string) => TensorStorage, meta: ModelMeta): Encoding {
  return encodeModel(modelProto(graph, storage, meta));
}

/**
 * A placeholder for the weights: every parameter is in a data file that has not been written. The model is otherwise complete, and can be
 * encoded without making or reading any weights.
 */
export function withoutWeights(graph: OnnxGraph, location: string): (parameter: string) => TensorStorage {
  const places = new Map<string, TensorStorage>();
  let offset = 0;
  for (const { parameter } of graph.parameters) {
    const count = constantShape(parameter.type, parameter.name).reduce((a, b) => a * b, 1);
    const length = bytesOfElements(parameter.type.dtype, count);
    places.set(parameter.name, { kind: 'external', location, offset, length });
    offset += length;
  }
  return (name) => places.get(name) ?? { kind: 'external', location, offset: 0, length: 0 };
}

/** Reports names and constants beyond the limits, before any of them is encoded. */
export function checkEmitLimits(
  graph: OnnxGraph,
  { inlineConstant, nameLength }: Pick<Limits, 'inlineConstant' | 'nameLength'>,
  report: Report,
  place: Span,
): void {
  const all = [graph, ...bodiesIn(graph.nodes)];
  for (const { value, array } of all.flatMap(({ constants }) => constants)) {
    const size = bytesOfElements(array.dtype, array.data.length);
    if (size > inlineConstant) report.add('constant-too-large', place, { name: value.name, size, limit: inlineConstant });
  }
  // Names are paths: if one is too long, so are all names below it, and one message is enough.
  let isSaid = false;
  const check = (name: string, span: Span) => {
    if (name.length <= nameLength || isSaid) return;
    isSaid = true;
    report.add('onnx-name-too-long', span, { name: `${name.slice(0, 60)}…`, length: name.length, limit: nameLength });
  };
  for (const { parameter } of graph.parameters) check(parameter.name, parameter.span);
  for (const value of [...graph.inputs, ...graph.outputs]) check(value.name, place);
  for (const node of all.flatMap(({ nodes }) => nodes)) {
    check(node.name, node.span ?? place);
    for (const output of node.outputs) if (output !== null) check(output.name, node.span ?? place);
  }
}

/** Whether the file stays within `limit` bytes with the weights inside it; reports if not, before any of them is made or read. */
export function checkInlineSize(plan: StoragePlan, limit: number, report: Report, place: Span): boolean {
  let size = 0;
  for (const source of plan.inline.values()) size += source.length;
  return isReadableSize(size, limit, report, place);
}

/** Whether the file stays within `limit` bytes; reports if not. */
export function checkEmittedSize(encoding: Encoding, limit: number, report: Report, place: Span): boolean {
  return isReadableSize(encoding.size, limit, report, place);
}

function isReadableSize(size: number, limit: number, report: Report, place: Span): boolean {
  if (size <= limit) return true;
  report.add('onnx-too-large', place, { size, limit });
  return false;
}
