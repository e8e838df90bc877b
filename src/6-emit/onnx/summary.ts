import type { DType } from '../../ops/types.js';
import { bitsOfDataType, dtypeOfDataType, nameOfDataType } from './data-type.js';
import type {
  AttributeProto,
  GraphProto,
  Int64,
  ModelProto,
  NodeProto,
  SparseTensorProto,
  StringStringEntryProto,
  TensorProto,
  TypeProto,
  ValueInfoProto,
} from './proto.js';

/** An input or output of an ONNX file. */
export interface TensorSummary {
  readonly name: string;
  /** `f32`, `i4`, `sequence of f32`: the element type, or the kind of value if it is not a tensor. */
  readonly type: string;
  /** Undefined for an element type that archc does not have, and for anything but a tensor. */
  readonly dtype: DType | undefined;
  /** For each axis, a number, a name or formula, or undefined if the file leaves the size open; without a list, even the rank is open. */
  readonly shape: readonly (number | string | undefined)[] | undefined;
}

/** The contents of an ONNX file, taken from its message without loading weights. */
export interface ModelSummary {
  readonly name: string;
  readonly producer: string;
  readonly irVersion: number;
  /** Version by domain; the standard operators are `ai.onnx`. */
  readonly opsets: Readonly<Record<string, number>>;
  readonly inputs: readonly TensorSummary[];
  readonly outputs: readonly TensorSummary[];
  /** All nodes of the file: of the graph, of the graphs inside its nodes (the branches of an `If`) and of its functions. */
  readonly nodes: number;
  /** How many of them are in graphs inside nodes. */
  readonly innerNodes: number;
  /** The functions of the file, with the nodes of each. */
  readonly functions: readonly { readonly name: string; readonly nodes: number }[];
  /** How often each operator is used, most frequent first; other domains as `domain.Op`. */
  readonly operators: readonly { readonly name: string; readonly count: number }[];
  /** All tensors that the file contains or refers to: initializers, sparse ones, and those of `Constant` nodes. */
  readonly weights: {
    readonly tensors: number;
    readonly elements: number;
    readonly bytes: number;
    /** The files next to the model that contain weights. */
    readonly files: readonly string[];
  };
  readonly metadata: Readonly<Record<string, string>>;
}

/** Reads the overview of a decoded model. Total: any message that could be decoded has one. */
export function summarize(model: ModelProto): ModelSummary {
  const graph = model.graph ?? {};
  const contents = new Contents();
  contents.addGraph(graph);
  const inGraph = graph.node?.length ?? 0;
  const innerNodes = contents.nodes - inGraph;
  const functions = (model.functions ?? []).map(({ name = '', domain = '', node = [] }) => {
    const before = contents.nodes;
    contents.addNodes(node);
    return { name: domain === '' ? name : `${domain}.${name}`, nodes: contents.nodes - before };
  });
  const stored = new Set(graph.initializer?.map((tensor) => tensor.name));
  return {
    name: graph.name ?? '',
    producer: [model.producerName, model.producerVersion].filter((part) => part !== undefined && part !== '').join(' '),
    irVersion: Number(model.irVersion ?? 0),
    opsets: Object.fromEntries((model.opsetImport ?? []).map(({ domain, version }) => [domain || 'ai.onnx', Number(version ?? 0)])),
    // Old files also list their weights among the inputs.
    inputs: (graph.input ?? []).filter((value) => !stored.has(value.name)).map(tensorSummary),
    outputs: (graph.output ?? []).map(tensorSummary),
    nodes: contents.nodes,
    innerNodes,
    functions,
    operators: [...contents.operators]
      .map(([name, count]) => ({ name, count }))
      .sort((a, b) => b.count - a.count || (a.name < b.name ? -1 : 1)),
    weights: {
      tensors: contents.tensors,
      elements: Math.min(contents.elements, Number.MAX_SAFE_INTEGER),
      bytes: Math.min(contents.bytes, Number.MAX_SAFE_INTEGER),
      files: [...contents.files].sort(),
    },
    metadata: Object.fromEntries((model.metadataProps ?? []).map(({ key, value }) => [key ?? '', value ?? ''])),
  };
}

/** The contents of a graph, of the graphs in its nodes, and so on. The decoder bounds the depth of nesting. */
class Contents {
  nodes = 0;
  tensors = 0;
  elements = 0;
  bytes = 0;
  readonly operators = new Map<string, number>();
  readonly files = new Set<string>();

  addGraph({ node = [], initializer = [], sparseInitializer = [] }: GraphProto): void {
    for (const tensor of initializer) this.#addTensor(tensor);
    for (const tensor of sparseInitializer) this.#addSparse(tensor);
    this.addNodes(node);
  }

  addNodes(nodes: readonly NodeProto[]): void {
    for (const { opType = '', domain = '', attribute = [] } of nodes) {
      this.nodes++;
      const name = domain === '' || domain === 'ai.onnx' ? opType : `${domain}.${opType}`;
      this.operators.set(name, (this.operators.get(name) ?? 0) + 1);
      for (const attr of attribute) this.#addAttribute(attr);
    }
  }

  #addAttribute({ t, tensors = [], sparseTensor, sparseTensors = [], g, graphs = [] }: AttributeProto): void {
    for (const tensor of t === undefined ? tensors : [t, ...tensors]) this.#addTensor(tensor);
    for (const tensor of sparseTensor === undefined ? sparseTensors : [sparseTensor, ...sparseTensors]) this.#addSparse(tensor);
    for (const graph of g === undefined ? graphs : [g, ...graphs]) this.addGraph(graph);
  }

  #addTensor(tensor: TensorProto): void {
    this.tensors++;
    this.elements += elementsOf(tensor);
    this.#addBytes(tensor);
  }

  /** It counts as the values that are present; their positions also take bytes. */
  #addSparse({ values, indices }: SparseTensorProto): void {
    if (values !== undefined) this.#addTensor(values);
    if (indices !== undefined) this.#addBytes(indices);
  }

  #addBytes(tensor: TensorProto): void {
    this.bytes += bytesOfTensor(tensor);
    const file = entryOf(tensor.externalData, 'location');
    if (file !== undefined) this.files.add(file);
  }
}

function tensorSummary(value: ValueInfoProto): TensorSummary {
  const tensor = value.type?.tensorType;
  return {
    name: value.name ?? '',
    type: typeName(value.type),
    dtype: dtypeOfDataType(tensor?.elemType ?? 0),
    shape:
      tensor?.shape?.dim?.map(({ dimValue, dimParam }) => (dimValue === undefined ? dimParam || undefined : Number(dimValue))) ??
      (tensor?.shape && []),
  };
}

function typeName(type: TypeProto | undefined): string {
  if (type?.sequenceType !== undefined) return `sequence of ${typeName(type.sequenceType.elemType)}`;
  if (type?.optionalType !== undefined) return `optional ${typeName(type.optionalType.elemType)}`;
  if (type?.mapType !== undefined) return `map from ${nameOfDataType(type.mapType.keyType ?? 0)} to ${typeName(type.mapType.valueType)}`;
  if (type?.sparseTensorType !== undefined) return `sparse ${nameOfDataType(type.sparseTensorType.elemType ?? 0)}`;
  return nameOfDataType(type?.tensorType?.elemType ?? 0);
}

function elementsOf({ dims = [] }: { readonly dims?: readonly Int64[] }): number {
  return dims.reduce<number>((product, dim) => product * Math.max(0, Number(dim)), 1);
}

function bytesOfTensor(tensor: TensorProto): number {
  if (tensor.stringData !== undefined) return tensor.stringData.reduce((sum, text) => sum + text.length, 0);
  return Math.ceil((elementsOf(tensor) * bitsOfDataType(tensor.dataType ?? 0)) / 8);
}

function entryOf(entries: readonly StringStringEntryProto[] | undefined, key: string): string | undefined {
  return entries?.find((entry) => entry.key === key)?.value;
}
