import { expect, test } from 'vitest';
import { Graph, type Value } from '../../src/3-graph/graph.js';
import { lowerToOnnx } from '../../src/5-optimize/pipeline.js';
import { Dim } from '../../src/dims/dim.js';
import { Facts } from '../../src/dims/facts.js';
import { bindInputs, mapBound } from '../../src/ops/bind.js';
import { evaluateOp } from '../../src/ops/evaluate.js';
import { opNamed } from '../../src/ops/registry.js';
import { SymbolicRule } from '../../src/ops/symbolic-rule.js';
import type { NdArray, TensorType } from '../../src/ops/types.js';
import { difference } from '../kit/close.js';
import { bytesOf } from '../kit/op-graph.js';
import { type DrawnSample, drawSamples, isList } from '../kit/op-samples.js';
import { useOrt } from '../kit/ort.js';

/**
 * For each operator the axes of its inputs that get a name, in order; `.` keeps its number. Of `.. T S` the last name is the last axis, and
 * sizes of 1 keep their number, because they may be broadcast.
 */
const named: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  conv1d: { x: 'N . L' },
  conv2d: { x: 'N . H W' },
  conv3d: { x: 'N . D H W' },
  conv_transpose1d: { x: 'N . L' },
  conv_transpose2d: { x: 'N . H W' },
  conv_transpose3d: { x: 'N . D H W' },
  max_pool1d: { x: 'N C L' },
  max_pool2d: { x: 'N C H W' },
  max_pool3d: { x: 'N C D H W' },
  avg_pool1d: { x: 'N C L' },
  avg_pool2d: { x: 'N C H W' },
  avg_pool3d: { x: 'N C D H W' },
  adaptive_avg_pool1d: { x: 'N C L' },
  adaptive_avg_pool2d: { x: 'N C H W' },
  adaptive_max_pool2d: { x: 'N C H W' },
  adaptive_max_pool3d: { x: 'N C D H W' },
  global_avg_pool: { x: 'N C D H W' },
  global_max_pool: { x: 'N C D H W' },
  batch_norm: { x: 'N . D H W' },
  layer_norm: { x: 'N' },
  rms_norm: { x: 'N' },
  instance_norm: { x: 'N . D H W' },
  group_norm: { x: 'N . D H W' },
  lstm: { x: 'N T', h0: '. N', c0: '. N', lengths: 'N' },
  gru: { x: 'N T', h0: '. N', lengths: 'N' },
  rnn: { x: 'N T', h0: '. N', lengths: 'N' },
  attention: { q: 'N . T', k: 'N . S', v: 'N . S', mask: '.. N . T S' },
  interpolate: { x: 'N . D H W' },
  pixel_shuffle: { x: 'N . H W' },
};

/** Samples whose options need numbers: odd factors. */
const refused: Readonly<Record<string, readonly number[]>> = { interpolate: [7] };

const ort = useOrt();

test.each(Object.keys(named))('%s computes with sizes that are known at run time only', async (name) => {
  const op = opNamed(name);
  if (op === undefined) throw new Error(`there is no operator ${name}`);
  for (const sample of drawSamples(op)) {
    if (refused[name]?.includes(sample.index)) {
      expect(() => symbolicGraph(sample)).toThrow();
      continue;
    }
    const { graph, feeds } = symbolicGraph(sample);
    for (const fused of op.kind === 'composite' ? [true, false] : [true]) {
      const results: Readonly<Record<string, NdArray>> = await ort.run(bytesOf(lowerToOnnx(graph, { fused })), feeds);
      for (const [k, wanted] of evaluateOp(op, sample.inputs, sample.attrs).entries()) {
        const got = results[`y${k}`];
        const wrong: string | undefined = got === undefined ? 'no output' : difference(got, wanted, sample.tolerance);
        if (wrong !== undefined) expect.fail(`sample ${sample.index}${fused ? '' : ' lowered'}, output ${k}: ${wrong}`);
      }
    }
  }
});

/** The sample as a graph whose named sizes are symbolic. */
function symbolicGraph({ op, inputs, attrs }: DrawnSample): { readonly graph: Graph; readonly feeds: Readonly<Record<string, NdArray>> } {
  const graph = new Graph('symbolic');
  const feeds: Record<string, NdArray> = {};
  const values = Object.keys(op.inputs).map((name, i): Value | undefined => {
    const array = inputs[i] ?? undefined;
    if (array === undefined) return undefined;
    if (isList(array)) throw new Error('these operators have no variadic inputs');
    feeds[name] = array;
    return graph.input(name, { dtype: array.dtype, shape: symbolicShape(array.shape, named[op.name]?.[name] ?? '') });
  });
  const rule = new SymbolicRule(Facts.none, () => {}, op.name);
  const types: readonly TensorType[] = op.infer(
    rule,
    mapBound(bindInputs(op, values), (value) => value.type),
    attrs,
  );
  const outputs = graph.op(op, values, attrs, types, { path: [], kinds: ['Symbolic'], span: undefined });
  for (const [k, output] of outputs.entries()) graph.output(`y${k}`, output);
  return { graph, feeds };
}

function symbolicShape(shape: readonly number[], spec: string): readonly Dim[] {
  const isRight = spec.startsWith('.. ');
  const names = (isRight ? spec.slice(3) : spec).split(' ');
  const shift = isRight ? names.length - shape.length : 0;
  return shape.map((size, i) => {
    const name = names[i + shift] ?? '.';
    return name === '.' || name === '' || (isRight && size === 1) ? Dim.of(size) : Dim.variable(name);
  });
}
