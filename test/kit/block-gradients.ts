import { asDeclared, type ModelChoice } from '../../src/2-check/models/choice.js';
import { checkTraining } from '../../src/2-check/train/check-training.js';
import { elaborate } from '../../src/3-graph/elaborate.js';
import type { Graph } from '../../src/3-graph/graph.js';
import { GraphBuilder } from '../../src/3-graph/graph-builder.js';
import { verify } from '../../src/3-graph/verify.js';
import { differentiate } from '../../src/4-train/differentiate.js';
import { toTrainingForm } from '../../src/4-train/training-form.js';
import { lowerToOnnx, openForGradient, optimize } from '../../src/5-optimize/pipeline.js';
import { emitOnnx } from '../../src/6-emit/emit.js';
import { joinChunks } from '../../src/6-emit/onnx/encode.js';
import { renderTerminal } from '../../src/diagnostics/render-terminal.js';
import { createMemoryHost } from '../../src/memory-host.js';
import { choiceOf, start, trainingSession } from '../../src/stages.js';

/**
 * The training graph of a block with the gradients instead of the optimizer's step: an output `grad.NAME` for each weight that is trained. All stored tensors are
 * inputs.
 */
export function gradientGraph(source: string, train: string, set: Readonly<Record<string, string>> = {}): Graph {
  const started = start('main.arch', createMemoryHost({ 'main.arch': source }), {});
  const { module, report, loader, session } = started;
  const decl = module.trains.find(({ name }) => name.text === train);
  const choice: ModelChoice | undefined = Object.keys(set).length === 0 ? asDeclared : choiceOf(session, { set }, true);
  const training = decl && choice && checkTraining(trainingSession(started), module, decl, choice);
  const graph = training && elaborate(training.model, report, session.limits).entries[0]?.graph;
  if (training === undefined || graph === undefined || report.hasErrors)
    throw new Error(renderTerminal(report.diagnostics, loader.sources));
  const { trained, origin } = toTrainingForm(graph, training, report, false);
  openForGradient(graph);
  const g = new GraphBuilder(graph, origin);
  const loss = graph.outputs.find(({ name }) => name === 'loss')?.value;
  if (loss === undefined) throw new Error('there is no loss');
  const gradients = differentiate(graph, {
    from: new Map([[loss, g.scalar(1, loss)]]),
    of: trained.map(({ value }) => value),
    onMissing: ({ kind }) => {
      throw new Error(`no gradient: ${kind}`);
    },
  });
  for (const [value, gradient] of gradients) graph.output(`grad.${value.hint}`, gradient);
  for (const parameter of [...graph.parameters]) graph.toInput(parameter);
  optimize(graph, { fused: false });
  const [problem] = verify(graph);
  if (problem !== undefined) throw new Error(problem);
  return graph;
}

/** The file of a graph without stored tensors. */
export function fileWithoutWeights(graph: Graph): Uint8Array {
  const noWeights = () => {
    throw new Error('the graph has stored tensors');
  };
  return joinChunks(emitOnnx(lowerToOnnx(graph, { fused: false }), noWeights, { version: 'test' }).write());
}
