import type { CheckedTraining } from '../2-check/train/checked-training.js';
import type { Graph, Origin } from '../3-graph/graph.js';
import { GraphBuilder } from '../3-graph/graph-builder.js';
import { writeWeights } from './train-graph.js';
import { TrainingState } from './training-state.js';

/**
 * Completes a graph of loss and metrics for held-out data, whose composites are open: the weights of their means are added, and what training changes becomes a state,
 * which this graph only reads.
 */
export function toEvaluation(graph: Graph, training: CheckedTraining, changed: ReadonlySet<string>): void {
  const origin: Origin = { path: [], kinds: [training.model.name], span: training.span };
  writeWeights(graph, new GraphBuilder(graph, origin), training);
  const state = new TrainingState(graph, training.span);
  for (const parameter of [...graph.parameters]) if (changed.has(parameter.hint ?? '')) state.stored(parameter);
  state.finish();
}
