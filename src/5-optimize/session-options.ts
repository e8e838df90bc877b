import type { SessionAdvice } from '../api/session-options.js';
import { mayRunOnCpu, type Target } from '../ops/targets.js';
import { bodiesIn, type OnnxBody } from './lowering/onnx-graph.js';

/**
 * The session options with which ONNX Runtime runs a graph fastest; undefined if these are its defaults. By default, it fuses a residual
 * sum and the layer norm after it into a kernel that takes two to four times as long on a CPU as the two do separately, while every other
 * pass of its highest level helps.
 */
export function sessionAdvice(graph: OnnxBody, target: Target): SessionAdvice | undefined {
  if (!mayRunOnCpu(target) || !hasResidualNorm(graph)) return undefined;
  return { cpu: { graphOptimizationLevel: 'all', extra: { optimization: { disable_specified_optimizers: 'SkipLayerNormFusion' } } } };
}

function hasResidualNorm(graph: OnnxBody): boolean {
  return [graph, ...bodiesIn(graph.nodes)].some(({ nodes }) => {
    const sums = new Set(nodes.flatMap(({ opType, outputs }) => (opType === 'Add' ? (outputs[0]?.name ?? []) : [])));
    return nodes.some(({ opType, inputs }) => opType === 'LayerNormalization' && sums.has(inputs[0]?.name ?? ''));
  });
}
