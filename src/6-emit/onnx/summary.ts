import { bytesOf, type DType } from '../../ops/types.js';
import { dtypeOfDataType } from './data-type.js';
import type { Int64, ModelProto, StringStringEntryProto, TensorProto, ValueInfoProto } from './proto.js';

/** An input or output of an ONNX file. */
export interface TensorSummary {
  readonly name: string;
  /** Undefined for an element type that archc does not have, and for what is no tensor. */
  readonly dtype: DType | undefined;
  /** A number, a name or formula, or undefined where the file leaves the size open; no list: even the rank is open. */
  readonly shape: readonly (number | string | undefined)[] | undefined;
}

/** What an ONNX file holds, read off its message without loading weights. */
export interface ModelSummary {
  readonly name: string;
  readonly producer: string;
  readonly irVersion: number;
  /** Version by domain; the standard operators are `ai.onnx`. */
  readonly opsets: Readonly<Record<string, number>>;
  readonly inputs: readonly TensorSummary[];
  readonly outputs: readonly TensorSummary[];
  readonly nodes: number;
  /** How often each operator is used, most often first; other domains as `domain.Op`. */
  readonly operators: readonly { readonly name: string; readonly count: number }[];
  readonly weights: {
    readonly tensors: number;
    readonly elements: number;
    readonly bytes: number;
    /** The files beside the model that hold weights. */
    readonly files: readonly string[];
  };
  readonly metadata: Readonly<Record<string, string>>;
}

/** Reads the overview of a decoded model. Total: any message that could be decoded has one. */
export function summarize(model: ModelProto): ModelSummary {
  const graph = model.graph ?? {};
  const initializers = graph.initializer ?? [];
  const stored = new Set(initializers.map((tensor) => tensor.name));
  const counts = new Map<string, number>();
  for (const { opType = '', domain = '' } of graph.node ?? []) {
    const name = domain === '' || domain === 'ai.onnx' ? opType : `${domain}.${opType}`;
    counts.set(name, (counts.get(name) ?? 0) + 1);
  }
  return {
    name: graph.name ?? '',
    producer: [model.producerName, model.producerVersion].filter((part) => part !== undefined && part !== '').join(' '),
    irVersion: Number(model.irVersion ?? 0),
    opsets: Object.fromEntries((model.opsetImport ?? []).map(({ domain, version }) => [domain || 'ai.onnx', Number(version ?? 0)])),
    // Old files list their weights among the inputs, too.
    inputs: (graph.input ?? []).filter((value) => !stored.has(value.name)).map(tensorSummary),
    outputs: (graph.output ?? []).map(tensorSummary),
    nodes: graph.node?.length ?? 0,
    operators: [...counts].map(([name, count]) => ({ name, count })).sort((a, b) => b.count - a.count || (a.name < b.name ? -1 : 1)),
    weights: {
      tensors: initializers.length,
      elements: initializers.reduce((sum, tensor) => sum + elementsOf(tensor), 0),
      bytes: initializers.reduce((sum, tensor) => sum + bytesOfTensor(tensor), 0),
      files: [...new Set(initializers.flatMap((tensor) => entryOf(tensor.externalData, 'location') ?? []))].sort(),
    },
    metadata: Object.fromEntries((model.metadataProps ?? []).map(({ key, value }) => [key ?? '', value ?? ''])),
  };
}

function tensorSummary(value: ValueInfoProto): TensorSummary {
  const tensor = value.type?.tensorType;
  return {
    name: value.name ?? '',
    dtype: dtypeOfDataType(tensor?.elemType ?? 0),
    shape:
      tensor?.shape?.dim?.map(({ dimValue, dimParam }) => (dimValue === undefined ? dimParam || undefined : size(dimValue))) ??
      (tensor?.shape && []),
  };
}

function size(value: Int64): number {
  return Number(value);
}

function elementsOf(tensor: TensorProto): number {
  return (tensor.dims ?? []).reduce<number>((product, dim) => product * Number(dim), 1);
}

function bytesOfTensor(tensor: TensorProto): number {
  const dtype = dtypeOfDataType(tensor.dataType ?? 0);
  return dtype === undefined ? (tensor.rawData?.length ?? 0) : elementsOf(tensor) * bytesOf[dtype];
}

function entryOf(entries: readonly StringStringEntryProto[] | undefined, key: string): string | undefined {
  return entries?.find((entry) => entry.key === key)?.value;
}
