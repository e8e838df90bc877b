import type { OnnxBody, OnnxGraph, OnnxNode, OnnxValue } from '../../5-optimize/lowering/onnx-graph.js';
import { InternalError } from '../../diagnostics/internal-error.js';
import type { OnnxAttr } from '../../ops/onnx-builder.js';
import { onnxDType } from '../../ops/onnx-cast.js';
import { irVersionOf } from '../../ops/opsets.js';
import type { TensorType } from '../../ops/types.js';
import { utf8 } from '../utf8.js';
import { type ModelMeta, modelMetadata, nodeMetadata } from './metadata.js';
import {
  type AttributeProto,
  attributeType,
  type GraphProto,
  type ModelProto,
  type NodeProto,
  type OperatorSetIdProto,
  type TensorProto,
  type TypeProto,
  type ValueInfoProto,
} from './proto.js';
import { rawData } from './raw-data.js';

/** Where the bytes of a parameter are: in the file itself, or in another one in the same folder. */
export type TensorStorage =
  | { readonly kind: 'inline'; readonly bytes: Uint8Array }
  | { readonly kind: 'external'; readonly location: string; readonly offset: number; readonly length: number };

/** The whole graph as a message. `storage` is called once for each parameter, in the order of the graph. */
export function modelProto(graph: OnnxGraph, storage: (name: string) => TensorStorage, meta: ModelMeta): ModelProto {
  const main = graphProto(graph, meta);
  return {
    irVersion: irVersionOf(graph.opset),
    producerName: 'archc',
    producerVersion: meta.version,
    graph: {
      ...main,
      initializer: [...graph.parameters.map(({ parameter, value }) => parameterProto(value, storage(parameter.name))), ...main.initializer],
      ...(graph.doc === undefined ? {} : { docString: graph.doc }),
    },
    opsetImport: opsets(graph),
    metadataProps: modelMetadata(graph, meta),
  };
}

/** A graph or a body without weights. */
function graphProto({ name, inputs, outputs, constants, nodes }: OnnxBody, meta: ModelMeta): GraphProto & { initializer: TensorProto[] } {
  const results = new Set(outputs.map((value) => value.name));
  return {
    node: nodes.map((node) => nodeProto(node, meta)),
    name,
    initializer: constants.map(({ value, array }) => ({
      dims: array.shape,
      dataType: onnxDType[array.dtype],
      name: value.name,
      rawData: rawData(array),
    })),
    input: inputs.map(valueInfo),
    output: outputs.map(valueInfo),
    valueInfo: nodes.flatMap((node) =>
      node.outputs.flatMap((value) => (value === null || results.has(value.name) ? [] : valueInfo(value))),
    ),
  };
}

function opsets(graph: OnnxGraph): readonly OperatorSetIdProto[] {
  const domains = Object.keys(graph.domains).sort();
  return [{ domain: '', version: graph.opset }, ...domains.map((domain) => ({ domain, version: graph.domains[domain] ?? 1 }))];
}

function nodeProto(node: OnnxNode, meta: ModelMeta): NodeProto {
  return {
    input: node.inputs.map((value) => value?.name ?? ''),
    output: node.outputs.map((value) => value?.name ?? ''),
    name: node.name,
    opType: node.opType,
    attribute: [
      ...Object.entries(node.attrs).map(([name, attr]) => attributeProto(name, attr)),
      ...Object.entries(node.bodies ?? {}).map(([name, body]) => ({ name, g: graphProto(body, meta), type: attributeType.graph })),
    ],
    ...(node.domain === '' ? {} : { domain: node.domain }),
    metadataProps: nodeMetadata(node, meta),
  };
}

function attributeProto(name: string, attr: OnnxAttr): AttributeProto {
  if ('int' in attr) return { name, i: attr.int, type: attributeType.int };
  if ('ints' in attr) return { name, ints: attr.ints, type: attributeType.ints };
  if ('float' in attr) return { name, f: attr.float, type: attributeType.float };
  if ('floats' in attr) return { name, floats: attr.floats, type: attributeType.floats };
  if ('string' in attr) return { name, s: utf8(attr.string), type: attributeType.string };
  return { name, strings: attr.strings.map(utf8), type: attributeType.strings };
}

function valueInfo(value: OnnxValue): ValueInfoProto {
  return { name: value.name, type: typeProto(value.type) };
}

/** A size that is not constant is written as its formula: `floor((H + 31)/32)`. Equal sizes have equal formulas. */
function typeProto(type: TensorType): TypeProto {
  const dim = type.shape.map((size) => (size.constant === undefined ? { dimParam: size.toString() } : { dimValue: size.constant }));
  return { tensorType: { elemType: onnxDType[type.dtype], shape: { dim } } };
}

/** The sizes of a parameter, all of which are known in a built model. */
export function constantShape(type: TensorType, name: string): readonly number[] {
  return type.shape.map((size) => {
    if (size.constant === undefined) throw new InternalError(`the shape of parameter ${name} is not constant: ${size}`);
    return size.constant;
  });
}

function parameterProto(value: OnnxValue, storage: TensorStorage): TensorProto {
  const tensor = { dims: constantShape(value.type, value.name), dataType: onnxDType[value.type.dtype], name: value.name };
  if (storage.kind === 'inline') return { ...tensor, rawData: storage.bytes };
  return {
    ...tensor,
    externalData: [
      { key: 'location', value: storage.location },
      { key: 'offset', value: `${storage.offset}` },
      { key: 'length', value: `${storage.length}` },
    ],
    dataLocation: 1,
  };
}
