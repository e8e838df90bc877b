import type { Target } from '../ops/targets.js';
import { kernelOfNode } from './kernel-gaps.js';
import type { OnnxGraph, OnnxNode } from './lowering/onnx-graph.js';
import { rolesOf } from './node-roles.js';

/** The first node that computes a symbolic size for which the device of the target has no kernel. Sizes are i64; the size of an axis needs no arithmetic. */
export function sizeOnCpu(graph: OnnxGraph, target: Target = 'portable'): OnnxNode | undefined {
  const found = [...rolesOf(graph)].find(([node, role]) => role === 'size' && kernelOfNode(node, graph.opset, target) === 'none');
  return found?.[0];
}
