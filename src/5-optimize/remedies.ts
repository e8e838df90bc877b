import type { Remedy } from '../diagnostics/catalog/device.js';
import { hasKernel } from '../ops/capabilities/capability.js';
import type { Target } from '../ops/targets.js';
import { bodiesIn, type OnnxGraph, type OnnxNode, type OnnxValue } from './lowering/onnx-graph.js';

/** The functions of the language that give i64 for integers of any width, by the operators that compute them. */
const summing: Readonly<Record<string, string>> = { ReduceSum: 'sum', ReduceProd: 'prod', CumSum: 'cumsum' };
/** Operators whose results are positions. */
const positions: ReadonlySet<string> = new Set(['ArgMax', 'ArgMin', 'TopK', 'NonZero', 'Unique', 'NonMaxSuppression']);
/** Operators that nothing replaces on a device, whatever the element type. */
const irreplaceable: ReadonlySet<string> = new Set(['NonZero', 'Unique', 'NonMaxSuppression', 'IsNaN', 'IsInf']);

/** Says what to write instead of a node that a device without kernels for i64 leaves to the CPU. Undefined for other devices. */
export function remediesFor(graph: OnnxGraph, target: Target): ((node: OnnxNode) => readonly Remedy[]) | undefined {
  if (hasKernel(target, 'Add', 'i64')) return undefined;
  const makers = new Map<string, OnnxNode>();
  const bodies = [graph, ...bodiesIn(graph.nodes)];
  for (const node of bodies.flatMap(({ nodes }) => nodes))
    for (const output of node.outputs) if (output !== null) makers.set(output.name, node);
  const stored = new Set([...graph.parameters, ...bodies.flatMap(({ constants }) => constants)].map(({ value }) => value.name));
  const inputs = new Set(graph.inputs.map(({ name }) => name));
  return (node) => {
    if (irreplaceable.has(node.opType)) return [{ kind: 'none' }];
    const dtype = elementTypeOf(node);
    const own = ownRemedy(node, dtype);
    const from = dtype === 'i64' ? originOf(node, { makers, stored, inputs }) : undefined;
    // A remainder of i32 is computed in i64; its operands need no other type.
    if (own?.kind === 'remainder' && from?.kind !== 'input') return [own];
    const found = [from, own].filter((remedy) => remedy !== undefined);
    return found.length === 0 ? [{ kind: 'none' }] : found;
  };
}

/** The element type that a node computes in: of `where`, that of its branches. */
export function elementTypeOf({ opType, inputs }: OnnxNode) {
  return inputs[opType === 'Where' ? 1 : 0]?.type.dtype;
}

function ownRemedy({ opType }: OnnxNode, dtype: string | undefined): Remedy | undefined {
  if (opType === 'Mod') return { kind: 'remainder', isFloat: dtype === 'f32' };
  return opType === 'Round' ? { kind: 'rounding' } : undefined;
}

interface Known {
  readonly makers: ReadonlyMap<string, OnnxNode>;
  readonly stored: ReadonlySet<string>;
  readonly inputs: ReadonlySet<string>;
}

/** What gives a node its i64: the first of its operands that is not stored in the file, and what that is computed from. */
function originOf(node: OnnxNode, known: Known): Remedy {
  const seen = new Set<OnnxNode>();
  for (let at = node; !seen.has(at); ) {
    seen.add(at);
    const value = at.inputs.find(
      (input): input is OnnxValue => input !== null && input.type.dtype === 'i64' && !known.stored.has(input.name),
    );
    const call = summing[at.opType];
    if (value !== undefined && known.inputs.has(value.name)) return { kind: 'input', name: value.name };
    const maker = value === undefined ? undefined : known.makers.get(value.name);
    const isConverted = maker === undefined || (maker.opType === 'Cast' && maker.inputs[0]?.type.dtype !== 'i64');
    if (call !== undefined && isConverted) return { kind: 'sum', call };
    if (at.opType === 'Range') return { kind: 'range' };
    if (maker === undefined || isConverted) return { kind: 'converted' };
    if (positions.has(maker.opType)) return { kind: 'position' };
    at = maker;
  }
  return { kind: 'converted' };
}
