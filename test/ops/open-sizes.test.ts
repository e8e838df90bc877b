import { describe, expect, test } from 'vitest';
import { Graph, type NodeInput } from '../../src/3-graph/graph.js';
import { lowerToOnnx } from '../../src/5-optimize/pipeline.js';
import { Dim } from '../../src/dims/dim.js';
import { Facts } from '../../src/dims/facts.js';
import type { Attr } from '../../src/ops/attrs.js';
import { bindInputs } from '../../src/ops/bind.js';
import type { Op } from '../../src/ops/define.js';
import { ops } from '../../src/ops/index.js';
import { opsets } from '../../src/ops/opsets.js';
import { RuleFailure } from '../../src/ops/rule.js';
import { SymbolicRule } from '../../src/ops/symbolic-rule.js';
import { targets } from '../../src/ops/targets.js';
import type { NdArray, TensorType } from '../../src/ops/types.js';
import { type DrawnSample, drawSamples, isList, namedInputs } from '../kit/op-samples.js';

type Renaming = (input: number, axis: number, size: number) => Dim;

const origin = { path: [], kinds: ['M'], span: undefined };

/** First every axis of every input with its own name, then all axes of one input, then each of them alone. */
function renamings(sample: DrawnSample): readonly Renaming[] {
  const shapes = namedInputs(sample.op, sample.inputs).map(({ array }) => array.shape);
  const name = (input: number, axis: number) => Dim.variable(`S${input}_${axis}`);
  return [
    (input, axis) => name(input, axis),
    // Equal sizes with one name: the demands on them are proved.
    (_, __, size) => (size > 1 ? Dim.variable(`S${size}`) : Dim.of(size)),
    ...[...new Set(shapes.flat())].map(
      (some): Renaming =>
        (_, __, size) =>
          size === some && size > 1 ? Dim.variable(`S${size}`) : Dim.of(size),
    ),
    ...shapes.map(
      (_, i): Renaming =>
        (input, axis, size) =>
          input === i ? name(input, axis) : Dim.of(size),
    ),
    ...shapes.flatMap((shape, i) =>
      shape.map(
        (_, a): Renaming =>
          (input, axis, size) =>
            input === i && axis === a ? name(i, a) : Dim.of(size),
      ),
    ),
  ];
}

/** The call with names, lowered for every target; what the shape rule refuses is refused. */
function lowerNamed(sample: DrawnSample, rename: Renaming, attrs: Readonly<Record<string, unknown>>): boolean {
  const { op } = sample;
  const graph = new Graph('M');
  let next = 0;
  graph.input('other', { dtype: 'f32', shape: [Dim.variable('K')] });
  const enter = ({ dtype, shape }: NdArray) => {
    const input = next++;
    return graph.input(`in${input}`, { dtype, shape: shape.map((size, axis) => rename(input, axis, size)) });
  };
  const inputs = sample.inputs.map(
    (input): NodeInput => (input === undefined || input === null ? undefined : isList(input) ? input.map(enter) : enter(input)),
  );
  const rule = new SymbolicRule(
    Facts.none,
    (residual) => {
      if (residual.kind === 'constant') throw new RuleFailure(residual.code, residual.say());
    },
    op.name,
  );
  let types: readonly TensorType[];
  try {
    const bound = bindInputs(
      op,
      inputs.map((input) => (input === undefined ? undefined : 'type' in input ? input.type : input.map(({ type }) => type))),
    );
    types = op.infer(rule, bound, attrs);
  } catch (failure) {
    if (failure instanceof RuleFailure) return false;
    throw failure;
  }
  for (const [i, output] of graph.op(op, inputs, attrs, types, origin).entries()) graph.output(`out${i}`, output);
  for (const target of targets) {
    for (const fused of op.kind === 'composite' ? [true, false] : [true]) {
      for (const opset of [opsets.min, opsets.max]) lowerToOnnx(graph, { target, opset, fused });
    }
  }
  return true;
}

/** The options with each size that may be known at run time only as the size of another input. */
function openOptions(op: Op, attrs: Readonly<Record<string, unknown>>): readonly Readonly<Record<string, unknown>>[] {
  const open = Object.entries<Attr<unknown>>(op.attrs).filter(
    ([name, { kind }]) => (kind === 'dim' || kind === 'dims') && attrs[name] !== undefined,
  );
  return open.map(([name, { kind }]) => {
    const dim = Dim.variable('K');
    return { ...attrs, [name]: kind === 'dim' ? dim : (attrs[name] as readonly Dim[]).map(() => dim) };
  });
}

describe('a size that is known at run time only', () => {
  test.each(ops)('is lowered by $name, or refused by its shape rule', (op) => {
    let lowered = 0;
    for (const sample of drawSamples(op)) {
      for (const rename of renamings(sample)) {
        for (const attrs of [sample.attrs, ...openOptions(op, sample.attrs)]) if (lowerNamed(sample, rename, attrs)) lowered++;
      }
    }
    expect(lowered).toBeGreaterThan(0);
  });
});
