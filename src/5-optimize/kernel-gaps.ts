import { reportedAt } from '../3-graph/node.js';
import type { Remedy } from '../diagnostics/catalog/device.js';
import type { Span } from '../diagnostics/span.js';
import { capability, hasKernel } from '../ops/capabilities/capability.js';
import { isComputed, type Kernel } from '../ops/capabilities/kernel-table.js';
import { opsets } from '../ops/opsets.js';
import type { Target } from '../ops/targets.js';
import type { DType } from '../ops/types.js';
import type { OnnxGraph, OnnxNode } from './lowering/onnx-graph.js';
import { type Role, rolesOf } from './node-roles.js';
import { elementTypeOf, remediesFor } from './remedies.js';

/** An operator that the device of the target does not compute correctly, or not as far as is known. */
export interface KernelGap {
  readonly opType: string;
  /** The element type that it computes in. */
  readonly dtype: DType | undefined;
  /** The last earlier opset in which the device has a kernel for it. */
  readonly opset: number | undefined;
  /** An element type that can often be used instead, if the device has a kernel for it. */
  readonly instead: DType | undefined;
  /** Whether the device converts from the one to the other. */
  readonly isConverted: boolean;
  /** What to write instead, for nodes that run on the CPU. */
  readonly remedies?: readonly Remedy[] | undefined;
}

/** For some element types, one that can often replace it and that more kernels support. */
const narrower: Readonly<Partial<Record<DType, DType>>> = { i64: 'i32', f64: 'f32', bf16: 'f32' };

/**
 * What becomes of such a node: it runs on the CPU; the model does not load, since the CPU has no kernel either; it is computed wrongly on the device, or on the CPU, where it runs instead; or its form was
 * never tried.
 */
export type Outcome = 'on-cpu' | 'not-loaded' | 'wrong' | 'wrong-on-cpu' | 'untried';

/** What one place in the source needs and the device lacks. */
export interface PlaceOfGaps {
  readonly span: Span | undefined;
  readonly outcome: Outcome;
  /** The gaps without duplicates, in the order of the graph. */
  readonly gaps: readonly KernelGap[];
}

/** What the device of a target does with a node of a graph; undefined if that is not known. */
export function kernelOfNode({ opType, domain, attrs, inputs, outputs }: OnnxNode, opset: number, target: Target): Kernel | undefined {
  const types = (values: OnnxNode['inputs']) => values.map((value) => value?.type ?? null);
  return capability({ opType, domain, attrs, inputs: types(inputs), outputs: types(outputs) }, opset, target);
}

/**
 * What becomes of a node; undefined if it is computed where it should be. What depends on constants alone is computed on the CPU, when the model is loaded. Nothing is said about bf16 in a portable file,
 * which is for another runtime.
 */
function outcomeOf(node: OnnxNode, role: Role, opset: number, target: Target): Outcome | undefined {
  if (target === 'portable' && hasBf16(node)) return undefined;
  const onCpu = () => kernelOfNode(node, opset, target === 'wasm' ? 'wasm' : 'cpu');
  const kernel = role === 'constant' ? onCpu() : kernelOfNode(node, opset, target);
  if (isComputed(kernel)) return undefined;
  if (kernel === undefined) return 'untried';
  if (kernel === 'wrong') return role === 'constant' ? 'wrong-on-cpu' : 'wrong';
  const instead = onCpu();
  return instead === 'none' ? 'not-loaded' : instead === 'wrong' ? 'wrong-on-cpu' : 'on-cpu';
}

function hasBf16({ inputs, outputs }: OnnxNode): boolean {
  return [...inputs, ...outputs].some((value) => value?.type.dtype === 'bf16');
}

/** The last opset before `opset` in which the device of a target computes a node. */
function earlierOpset(node: OnnxNode, opset: number, target: Target): number | undefined {
  for (let earlier = opset - 1; earlier >= opsets.min; earlier--) if (isComputed(kernelOfNode(node, earlier, target))) return earlier;
  return undefined;
}

/** The nodes of a graph and its bodies that the target's device leaves to the CPU, computes wrongly, or was never tried with, grouped by their places in the source. Scans are not included. */
export function kernelGaps(graph: OnnxGraph, target: Target = 'portable'): readonly PlaceOfGaps[] {
  const places = new Map<string, { readonly place: PlaceOfGaps; readonly gaps: Map<string, KernelGap> }>();
  const remedies = remediesFor(graph, target);
  for (const [node, role] of rolesOf(graph)) {
    const { opType } = node;
    if (role === 'size' || opType === 'Scan') continue;
    const outcome = outcomeOf(node, role, graph.opset, target);
    if (outcome === undefined) continue;
    const span = reportedAt(node);
    const key = `${outcome} ${span === undefined ? '' : `${span.file} ${span.start} ${span.end}`}`;
    const gaps = places.get(key)?.gaps ?? new Map<string, KernelGap>();
    const dtype = elementTypeOf(node);
    const other = dtype && narrower[dtype];
    const instead = other !== undefined && hasKernel(target, opType, other) ? other : undefined;
    const isConverted = dtype !== undefined && opType !== 'Cast' && hasKernel(target, 'Cast', dtype);
    const opset = earlierOpset(node, graph.opset, target);
    const found = outcome === 'on-cpu' && (dtype === 'i64' || instead === undefined) ? remedies?.(node) : undefined;
    gaps.set(`${opType} ${dtype}`, { opType, dtype, opset, instead, isConverted, remedies: found });
    places.set(key, { place: { span, outcome, gaps: [] }, gaps });
  }
  return [...places.values()].map(({ place, gaps }) => ({ ...place, gaps: [...gaps.values()] }));
}
