import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { expect, test } from 'vitest';
import type { Origin, Value } from '../../src/3-graph/graph.js';
import { GraphBuilder } from '../../src/3-graph/graph-builder.js';
import { verify } from '../../src/3-graph/verify.js';
import { differentiate } from '../../src/4-train/differentiate.js';
import { lowerToOnnx, optimize } from '../../src/5-optimize/pipeline.js';
import type { CompileOptions } from '../../src/compile.js';
import type { NdArray } from '../../src/ops/types.js';
import { arraysOf, fixtureData, fixturePath, relativeError } from '../kit/fixtures.js';
import { useOrt } from '../kit/ort.js';
import { modelOf } from '../kit/source.js';
import { onnxWithWeights } from '../kit/with-weights.js';

/**
 * The graph of a model carries its own gradient: cross entropy and the derivative of every weight are written through `GraphBuilder` onto the graph of core operators,
 * and run on ONNX Runtime. Reference values are PyTorch's.
 */
const models: Readonly<Record<string, CompileOptions>> = {
  cnn: {},
  lstm: {},
  transformer: {},
  gpt2: { set: { vocab: '100', positions: '32', D: '32', layers: '2', heads: '4' } },
};

const ort = useOrt();
const origin: Origin = { path: ['training'], kinds: ['M', 'Training'], span: undefined };

test.each(Object.entries(models))('the gradients of %s are those of PyTorch', async (name, options) => {
  const source = readFileSync(resolve(import.meta.dirname, `../../examples/${name}/model.arch`), 'utf8');
  const wanted = arraysOf(fixturePath(name, 'gradients.safetensors'));
  const model = modelOf(source, options);
  const { graph } = model;
  const logits = graph.outputs[0]?.value as Value;
  const target = graph.input('target', { dtype: 'i64', shape: logits.type.shape.slice(0, -1) });
  const g = new GraphBuilder(graph, origin);
  const classes = logits.type.shape.length - 1;
  graph.output('loss', g.op('cross_entropy', [logits, target], { axis: classes }));
  optimize(graph, { fused: false });

  const loss = graph.outputs.find((output) => output.name === 'loss')?.value as Value;
  const found = differentiate(graph, {
    from: new Map([[loss, g.scalar(1, loss)]]),
    of: graph.parameters,
    onMissing: () => expect.fail('an operator has no gradient'),
  });
  for (const [parameter, gradient] of found) graph.output(`grad.${parameter.hint}`, gradient);
  optimize(graph, { fused: false });
  expect(verify(graph)).toEqual([]);

  const bytes = onnxWithWeights({ ...model, onnx: lowerToOnnx(graph, { fused: false }) }, fixturePath(name, 'weights.safetensors'));
  const got = await ort.run(bytes, { ...fixtureData(name).inputs, target: wanted.get('target') as NdArray });
  expect(Math.abs((got.loss?.data[0] as number) - (wanted.get('losses')?.data[0] as number))).toBeLessThanOrEqual(1e-5);
  const names = [...wanted.keys()].filter((key) => key.startsWith('grad.'));
  expect(names.length).toBeGreaterThan(5);
  expect(
    Object.keys(got)
      .filter((key) => key.startsWith('grad.'))
      .sort(),
  ).toEqual(names.sort());
  for (const key of names) {
    const [mine, theirs] = [got[key] as NdArray, wanted.get(key) as NdArray];
    expect(mine.shape, key).toEqual(theirs.shape);
    expect(relativeError(mine, theirs), key).toBeLessThanOrEqual(1e-4);
  }
});
