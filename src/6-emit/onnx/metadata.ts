import type { StateInGraph } from '../../3-graph/states.js';
import type { OnnxGraph, OnnxNode } from '../../5-optimize/lowering/onnx-graph.js';
import type { Span } from '../../diagnostics/span.js';
import type { NewSize } from '../../dims/new-size.js';
import { initialState } from '../initial-state.js';
import { countParameters } from '../parameter-count.js';
import { plainRange } from '../plain-range.js';
import type { StringStringEntryProto } from './proto.js';

/** What the emitter records about the build. Nothing in it depends on the machine or the time. */
export interface ModelMeta {
  /** The version of archc. */
  readonly version: string;
  /** sha256 over all source files, in hexadecimal; see source-hash.ts. */
  readonly sourceHash?: string | undefined;
  /** A place as `file:line:column`, the file relative to the model's, or undefined if there is none to show. */
  readonly locate?: ((span: Span) => string | undefined) | undefined;
  /** Further entries for the model, such as the seed or the hash of the weights; written in this order, with keys prefixed by `archc.`. */
  readonly facts?: Readonly<Record<string, string>> | undefined;
}

/** The names that the sizes of a model's inputs depend on, in the order in which they appear. */
export function dimNames(graph: OnnxGraph): readonly string[] {
  const names = new Set<string>();
  for (const { type } of graph.inputs) for (const dim of type.shape) for (const name of dim.variables()) names.add(name);
  return [...names];
}

export function modelMetadata(graph: OnnxGraph, meta: ModelMeta): readonly StringStringEntryProto[] {
  const count = countParameters(graph.parameters.map(({ parameter }) => parameter));
  return entries({
    'archc.version': meta.version,
    'archc.source.sha256': meta.sourceHash,
    'archc.parameters': String(count.parameters),
    'archc.buffers': count.buffers === 0 ? undefined : String(count.buffers),
    'archc.dims': JSON.stringify(dimNames(graph)),
    'archc.facts': JSON.stringify(graph.facts),
    'archc.states': graph.states.length === 0 ? undefined : JSON.stringify(graph.states.map(statePlain)),
    'archc.open': graph.open === undefined || graph.open.length === 0 ? undefined : JSON.stringify(graph.open),
    'archc.data_dims':
      graph.dataSizes === undefined || graph.dataSizes.length === 0 ? undefined : JSON.stringify(graph.dataSizes.map(rangeOf)),
    'archc.ranges': rangesPlain(graph.ranges),
    'archc.session_options': graph.advice && JSON.stringify(graph.advice),
    'archc.device_checks': graph.deviceChecks?.join(' ') || undefined,
    ...Object.fromEntries(Object.entries(meta.facts ?? {}).map(([key, value]) => [`archc.${key}`, value])),
  });
}

/** The integers that the inputs may hold, for what runs the file to check. */
function rangesPlain(ranges: OnnxGraph['ranges'] = new Map()): string | undefined {
  return ranges.size === 0 ? undefined : JSON.stringify(Object.fromEntries([...ranges].map(([name, range]) => [name, plainRange(range)])));
}

/** A size that the data decide, with its least and greatest value as they are written in shapes. */
function rangeOf({ name, least, most }: NewSize) {
  return { name, least: String(least), ...(most === undefined ? {} : { most: String(most) }) };
}

/**
 * The layers around a node under the keys and in the form (Python lists) of PyTorch's exporter, `_get_node_namespace` in
 * torch/onnx/_internal/exporter/_core.py: viewers that fold PyTorch's modules also fold archc's layers. `archc.src` is the line in the
 * source.
 */
export function nodeMetadata(node: OnnxNode, meta: ModelMeta): readonly StringStringEntryProto[] {
  const leaf = node.name.slice(node.name.lastIndexOf('/') + 1);
  const scopes = [''];
  let namespace = `: ${node.kinds[0] ?? ''}/`;
  for (const [i, label] of node.path.entries()) {
    const scope = i === 0 ? label : `${scopes[i]}.${label}`;
    scopes.push(scope);
    namespace += `${scope}: ${node.kinds[i + 1] ?? ''}/`;
  }
  const props = [
    { key: 'namespace', value: `${namespace}${leaf}: ${node.opType}` },
    { key: 'pkg.torch.onnx.class_hierarchy', value: pythonList([...node.kinds, node.opType]) },
    { key: 'pkg.torch.onnx.name_scopes', value: pythonList([...scopes, leaf]) },
  ];
  const place = node.span === undefined ? undefined : meta.locate?.(node.span);
  return place === undefined ? props : [...props, { key: 'archc.src', value: place }];
}

function pythonList(items: readonly string[]): string {
  return `['${items.map(pythonText).join("', '")}']`;
}

/** Names with quotes are rare, and this runs for every layer around every node. */
function pythonText(text: string): string {
  return text.includes("'") || text.includes('\\') ? text.replaceAll('\\', '\\\\').replaceAll("'", "\\'") : text;
}

/** A state as the metadata have it: the names of its input and output, and what it is before the first call. */
function statePlain({ state, isRead, isSet }: StateInGraph) {
  const { kind, ...start } = initialState(state.start);
  return {
    ...(isRead ? { input: state.input } : {}),
    ...(isSet ? { output: state.output } : {}),
    start: 'value' in start ? jsonNumber(start.value) : 'values' in start ? { ...start, values: start.values.map(jsonNumber) } : kind,
  };
}

/** JSON has no number for these. */
function jsonNumber(value: number): number | string {
  if (Number.isNaN(value)) return 'nan';
  return Number.isFinite(value) ? value : value > 0 ? 'inf' : '-inf';
}

function entries(record: Readonly<Record<string, string | undefined>>): readonly StringStringEntryProto[] {
  return Object.entries(record).flatMap(([key, value]) => (value === undefined ? [] : [{ key, value }]));
}
