import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { asDeclared } from '../../src/2-check/models/choice.js';
import { checkTraining } from '../../src/2-check/train/check-training.js';
import type { CheckedTraining } from '../../src/2-check/train/checked-training.js';
import { elaborate } from '../../src/3-graph/elaborate.js';
import type { Graph } from '../../src/3-graph/graph.js';
import { verify } from '../../src/3-graph/verify.js';
import { renderTerminal } from '../../src/diagnostics/render-terminal.js';
import { createMemoryHost } from '../../src/memory-host.js';
import { start, trainingSession } from '../../src/stages.js';
import { compileText } from '../kit/source.js';

interface Trained {
  readonly training: CheckedTraining;
  readonly graph: Graph;
}

function trained(source: string | Readonly<Record<string, string>>, name?: string): Trained {
  const started = start('main.arch', createMemoryHost(typeof source === 'string' ? { 'main.arch': source } : source), {});
  const { module, report, loader } = started;
  const train = module.trains.find((other) => name === undefined || other.name.text === name);
  if (train === undefined) throw new Error('no train block');
  const session = trainingSession(started);
  const training = checkTraining(session, module, train, asDeclared);
  const fail = () => new Error(renderTerminal(report.diagnostics, loader.sources));
  if (training === undefined) throw fail();
  const { entries } = elaborate(training.model, report, session.limits);
  if (report.hasErrors) throw fail();
  const [entry] = entries;
  if (entry === undefined) throw new Error('no entry');
  verify(entry.graph);
  return { training, graph: entry.graph };
}

const weights = ({ graph }: Trained) => graph.parameters.map(({ source }) => (source.kind === 'parameter' ? source.parameter.name : ''));

const examples = resolve(import.meta.dirname, '../../examples');

describe('an example', () => {
  const trains = readdirSync(examples).flatMap((name) => {
    const source = readFileSync(join(examples, name, 'model.arch'), 'utf8');
    return [...source.matchAll(/^train (\w+) for/gm)].map(([, train = '']) => ({ example: `${name}, ${train}`, source, train }));
  });

  it.each(trains)('$example', ({ source, train }) => {
    const { graph, training } = trained(source, train);
    expect(graph.outputs.map(({ name }) => name)).toEqual(['loss', ...training.metrics]);
    expect(graph.states).toEqual([]);
    const { model } = compileText(source, { model: training.model.name });
    expect(weights({ graph, training }).sort()).toEqual((model?.parameters ?? []).map(({ name }) => name).sort());
  });

  it('trains', () => expect(trains.length).toBeGreaterThan(3));
});
