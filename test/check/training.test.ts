import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Graph } from '../../src/3-graph/graph.js';
import { verify } from '../../src/3-graph/verify.js';
import { Dim } from '../../src/dims/dim.js';
import { EvalBuilder } from '../../src/ops/evaluate.js';
import { nth } from '../../src/ops/only.js';
import type { NdArray } from '../../src/ops/types.js';
import { evaluateGraph } from '../kit/evaluate-graph.js';
import { programsOf } from '../kit/programs.js';
import { randomNumbers } from '../kit/random.js';
import { compileText } from '../kit/source.js';
import { storedNames, type TrainedGraph, trainedGraph } from '../kit/trained-graph.js';

const trainsIn = (source: string) => [...source.matchAll(/^train (\w+) for/gm)].map(([, name = '']) => name);

function expectSound({ graph, training }: TrainedGraph): void {
  expect(verify(graph)).toEqual([]);
  expect(graph.outputs.map(({ name }) => name)).toEqual(['loss', ...training.metrics]);
  for (const { value } of graph.outputs) expect(value.type).toEqual({ dtype: 'f32', shape: [] });
  expect(graph.states).toEqual([]);
}

describe('an example', () => {
  const examples = resolve(import.meta.dirname, '../../examples');
  const trains = readdirSync(examples).flatMap((example) => {
    const source = readFileSync(join(examples, example, 'model.arch'), 'utf8');
    return trainsIn(source).map((name) => ({ example, name, source }));
  });

  it('trains', () => expect(trains.length).toBeGreaterThan(3));

  it.each(trains)('$example, $name', ({ source, name }) => {
    const made = trainedGraph(source, name);
    expectSound(made);
    const { model } = compileText(source, { model: made.training.model.name });
    expect([...storedNames(made)].sort()).toEqual((model?.parameters ?? []).map((parameter) => parameter.name).sort());
  });
});

describe('a program', () => {
  const right = programsOf('training.txt').filter(({ expected, options }) => !/@\d/.test(expected) && options.set === undefined);
  const trains = right.flatMap(({ title, files }) => trainsIn(files['main.arch'] ?? '').map((name) => ({ title, name, files })));

  it.each(trains)('$title, $name', ({ files, name }) => expectSound(trainedGraph(files, name)));
});

const block = (body: string) => `
layer Block(x: Tensor[N, D]) -> Tensor[N, D] {
  hidden = x -> fc: Linear(D) -> relu
  return x + hidden
}
model M(x: Tensor[N, 4]) -> (y: Tensor[N, 4]) {
  for i in 0..3 { x = x -> layers[i]: Block }
  return x -> Linear(4)
}
model Big(classes: int)(x: Tensor[N, 4]) -> (y: Tensor[N, classes]) { return x -> Dropout(0.5) -> BatchNorm1d -> out: Linear(classes) }
train T for M {
  ${body}
}`;

describe('a train block', () => {
  const of = (body: string) => trainedGraph(block(body));

  it('gives its settings, with the defaults of what is not given', () => {
    const { training } = of(`
      loss = mean(y)
      freeze layers[0], layers[1].fc.bias
      freeze linear with { statistics: update }
      lora(8) on *.fc
      eval layers[1]
      checkpoint layers[*]
      optimizer adamw(lr = warmup_cosine(3e-4, warmup = 10, steps = 100), betas = (0.8, 0.9)) {
        group vectors { weight_decay = 0 }
        group layers[2], linear { lr_scale = 10 }
      }
      clip_norm 1
      ema 0.99
      precision f16`);
    const { model: _, ...settings } = training;
    expect(JSON.parse(JSON.stringify(settings, (key, value) => (key === 'span' ? undefined : value)))).toEqual({
      name: 'T',
      metrics: [],
      frozen: [],
      freeze: [
        { pattern: 'layers[0]', updatesStatistics: false },
        { pattern: 'layers[1].fc.bias', updatesStatistics: false },
        { pattern: 'linear', updatesStatistics: true },
      ],
      lora: [{ patterns: [{ pattern: '*.fc' }], rank: 8, alpha: 8, dropout: 0 }],
      evaluated: [{ pattern: 'layers[1]' }],
      checkpoints: [{ pattern: 'layers[*]' }],
      optimizer: {
        name: 'adamw',
        lr: { kind: 'schedule', name: 'warmup_cosine', peak: 3e-4, warmup: 10, steps: 100, end: 0 },
        options: { betas: [0.8, 0.9], eps: 1e-8, weight_decay: 0.01, amsgrad: false },
        groups: [
          { matches: 'vectors', lrScale: 1, options: { betas: [0.8, 0.9], eps: 1e-8, weight_decay: 0, amsgrad: false } },
          ...['layers[2]', 'linear'].map((pattern) => ({
            matches: { pattern },
            lrScale: 10,
            options: { betas: [0.8, 0.9], eps: 1e-8, weight_decay: 0.01, amsgrad: false },
          })),
        ],
      },
      clipNorm: 1,
      accumulate: 1,
      ema: 0.99,
      precision: 'f16',
    });
  });

  it('trains the weights of the model, but not those of what it freezes', () => {
    const made = of(`
      teacher = frozen Big(classes = 4)
      head = Linear(2)
      loss = mean(y - teacher(x)) + mean(head(y))
      optimizer sgd(lr = input)`);
    const layers = [0, 1, 2].map((i) => `layers.${i}.fc`);
    expect(storedNames(made, true)).toEqual([...layers, 'linear', 'head'].flatMap((name) => [`${name}.weight`, `${name}.bias`]));
    const frozen = ['running_mean', 'running_var', 'num_batches_tracked', 'weight', 'bias'].map((name) => `teacher.batch_norm1d.${name}`);
    expect(storedNames(made, false)).toEqual([...frozen, 'teacher.out.weight', 'teacher.out.bias']);
    expect(made.training.frozen).toEqual(['teacher']);
  });

  it('uses the same weights in each application', () => {
    const made = of('again = model(x)\n loss = mean(square(y - again))\n metric size = mean(square(y))\n optimizer sgd(lr = 0.1)');
    expect(storedNames(made).length).toBe(8);
    const [loss, size] = evaluated(made.graph, { N: 3 });
    expect(loss).toBe(0);
    expect(size).toBeGreaterThan(0.01);
  });

  it('taps the values that the model computes', () => {
    const made = of(`
      all = tap("layers[*]")
      before = concat(unsqueeze(x, 0), all[0..2], axis = 0)
      loss = mean(square(all - before - tap("layers[*].hidden")))
      metric one = mean(square(tap("layers.1") - all[1])) + mean(square(tap("layers[1..3].hidden")[0] - tap("layers.1.hidden")))
      metric two = mean(square(y - (all[2] @ model.linear.weight.T + model.linear.bias)))
      metric three = mean(square(tap("linear") - y)) + mean(square(tap("y") - y))
      metric size = mean(tap("layers[*].hidden"))
      optimizer sgd(lr = 0.1)`);
    const [size, ...zeros] = evaluated(made.graph, { N: 3 }).toReversed();
    for (const zero of zeros) expect(zero).toBeLessThan(1e-24);
    expect(size).toBeGreaterThan(0.01);
  });

  it('has only the weights of the entry that it trains', () => {
    const source = `
model W(D = 8) {
  enc = Linear(D)
  out = Linear(D)
  entry encode(x: Tensor[N, 4]) -> (h: Tensor[N, D]) { return enc(x) }
  entry both(x: Tensor[N, 4]) -> (y: Tensor[N, D]) { return enc(x) -> relu -> out }
}
train T for W.encode {
  loss = mean(h)
  optimizer sgd(lr = 0.1)
}
train U for W.encode {
  loss = mean(h) + mean(model.both(x))
  optimizer sgd(lr = 0.1)
}`;
    expect(storedNames(trainedGraph(source, 'T'))).toEqual(['enc.weight', 'enc.bias']);
    expect(storedNames(trainedGraph(source, 'U'))).toEqual(['enc.weight', 'enc.bias', 'out.weight', 'out.bias']);
  });

  it('begins each batch with the initial values of the states', () => {
    const made = trainedGraph(`
model R(x: Tensor[N, T, 2], mask: Tensor<bool>[N, P + T]) -> (y: Tensor[N, P + T, 2], z: Tensor[N, 2]) {
  state past: Tensor[N, P, 2] = empty
  state h: Tensor[N, 2] = [0.25, -1.0]
  param scale: Tensor[1] = ones
  all = concat(past, x, axis = 1)
  next past = all
  next h = mean(x, axis = 1)
  return (where(unsqueeze(mask, 2), all, 0.0) * scale, h * 2)
}
train T for R {
  loss = mean(square(y - where(unsqueeze(mask, 2), x, 0.0) * model.scale))
  metric start = sum(square(z[:, 0] - 0.5) + square(z[:, 1] + 2.0))
  metric size = mean(square(y))
  optimizer sgd(lr = 0.1)
}`);
    expect(made.graph.inputs.map(({ hint, type }) => `${hint} [${type.shape.join(', ')}]`)).toEqual(['x [N, T, 2]', 'mask [N, T]']);
    const [loss, start, size] = evaluated(made.graph, { N: 2, T: 3 });
    expect([loss, start]).toEqual([0, 0]);
    expect(size).toBeGreaterThan(0.01);
  });
});

/** The outputs of a graph, each one number, for random inputs and parameters. */
function evaluated(graph: Graph, sizes: Readonly<Record<string, number>>): readonly number[] {
  const random = randomNumbers(7);
  const known = new Map(Object.entries(sizes).map(([name, size]) => [name, Dim.of(size)]));
  const draw = ({ dtype, shape }: Graph['inputs'][number]['type']): NdArray => {
    const numbers = shape.map((size) => size.substitute(known).constant as number);
    const data = Float64Array.from({ length: numbers.reduce((product, size) => product * size, 1) }, () =>
      dtype === 'bool' ? Number(random() > 0.3) : 2 * random() - 1,
    );
    return { dtype, shape: numbers, data };
  };
  const given = new Map([...graph.inputs, ...graph.parameters].map((value) => [value, draw(value.type)]));
  return evaluateGraph(new EvalBuilder(), graph, given, known).map(({ data }) => nth([...data], 0));
}
