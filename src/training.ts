import type { CheckedTraining } from './2-check/train/checked-training.js';
import type { Graph } from './3-graph/graph.js';
import { type TrainingStep, toTrainingForm, writeTrainingStep } from './4-train/train-graph.js';
import { openForGradient } from './5-optimize/pipeline.js';
import type { CompileOptions } from './api/options.js';
import type { Report } from './diagnostics/report.js';

/** The most bytes that a WebGPU device lets one tensor have, unless it is asked for more. */
const largestBinding = 128 * 2 ** 20;

/**
 * Turns the graph of a checked `train` block, which computes loss and metrics, into one step of training: forward, backward and the update of the optimizer. It is not optimized
 * yet. Reports what has no gradient.
 */
export function toTrainingStep(
  graph: Graph,
  training: CheckedTraining,
  options: Pick<CompileOptions, 'target' | 'opset'>,
  report: Report,
  pieceBytes = largestBinding,
): TrainingStep | undefined {
  const form = toTrainingForm(graph, training, report);
  if (report.hasErrors) return undefined;
  openForGradient(graph, options);
  return writeTrainingStep(graph, form, training, report, { pieceBytes });
}
