import { asDeclared } from '../../src/2-check/models/choice.js';
import { checkTraining } from '../../src/2-check/train/check-training.js';
import type { CheckedTraining } from '../../src/2-check/train/checked-training.js';
import { elaborate } from '../../src/3-graph/elaborate.js';
import type { Graph } from '../../src/3-graph/graph.js';
import { renderTerminal } from '../../src/diagnostics/render-terminal.js';
import { createMemoryHost } from '../../src/memory-host.js';
import { only } from '../../src/ops/only.js';
import { start, trainingSession } from '../../src/stages.js';

/** A checked `train` block, and the graph that computes its loss and metrics. */
export interface TrainedGraph {
  readonly training: CheckedTraining;
  readonly graph: Graph;
}

/** Checks a `train` block, by its name or the only one, and unfolds it. Fails with the rendered diagnostics if anything is wrong. */
export function trainedGraph(source: string | Readonly<Record<string, string>>, name?: string): TrainedGraph {
  const started = start('main.arch', createMemoryHost(typeof source === 'string' ? { 'main.arch': source } : source), {});
  const { module, report, loader } = started;
  const train = name === undefined ? only(module.trains) : module.trains.find((other) => other.name.text === name);
  if (train === undefined) throw new Error(`there is no train block ${name}`);
  const session = trainingSession(started);
  const training = checkTraining(session, module, train, asDeclared);
  const program = training && elaborate(training.model, report, session.limits);
  if (training === undefined || program === undefined || report.hasErrors)
    throw new Error(renderTerminal(report.diagnostics, loader.sources));
  return { training, graph: only(program.entries).graph };
}

/** The names of the stored tensors of a graph; with `trainable`, of those that are trained. */
export function storedNames({ graph }: Pick<TrainedGraph, 'graph'>, trainable?: boolean): readonly string[] {
  return graph.parameters.flatMap(({ source }) =>
    source.kind === 'parameter' && (trainable === undefined || source.parameter.trainable === trainable) ? [source.parameter.name] : [],
  );
}
