import type { OnnxGraph } from '../5-optimize/lowering/onnx-graph.js';
import type { Report } from '../diagnostics/report.js';
import type { Span } from '../diagnostics/span.js';
import type { Limits } from '../limits.js';
import { checkEmitLimits, checkInlineSize } from './emit.js';
import { planStorage } from './storage.js';
import { initializeWeights } from './weights/initialize-weights.js';

/**
 * Reports what prevents a graph from being written with initial weights: names and constants beyond the limits, initial values that cannot
 * be made, and weights that make the file too large. Nothing is written, and no weight is drawn; values that a program computes are
 * computed.
 */
export function checkEmission(graph: OnnxGraph, report: Report, place: Span, limits: Limits): void {
  checkEmitLimits(graph, limits, report, place);
  const parameters = graph.parameters.map(({ parameter }) => parameter);
  const plan = planStorage(initializeWeights(parameters, 0, report), { external: 'auto', target: graph.target });
  checkInlineSize(plan, limits.onnxBytes, report, place);
}
