import { describe, expect, it, test } from 'vitest';
import { lowerToOnnx } from '../../src/5-optimize/pipeline.js';
import type { Op } from '../../src/ops/define.js';
import { nonconformities } from '../../src/ops/onnx-conformance.js';
import { type Operator, onnxSchema, schemaOf } from '../../src/ops/onnx-schema.js';
import { opsets } from '../../src/ops/opsets.js';
import { targets } from '../../src/ops/targets.js';
import { type DType, dtypes, isFloat, type TensorType } from '../../src/ops/types.js';
import { everyOp } from '../kit/every-op.js';
import { bytesOf, graphOf } from '../kit/op-graph.js';
import { drawSamples, withDType } from '../kit/op-samples.js';
import { inferNamed, named, sizesOf } from '../kit/symbolic-sample.js';

const every = Array.from({ length: opsets.max - opsets.min + 1 }, (_, i) => opsets.min + i);

test.each(everyOp)('the nodes of $name conform to the schema of each opset, for each target and element type', (op) => {
  for (const dtype of dtypes) {
    const samples = drawSamples(op).flatMap((sample) => withDType(sample, dtype));
    if (samples.length === 0) continue;
    const { graph } = graphOf(samples);
    // Types of integers and texts do not change between opsets, as types of floats do.
    for (const opset of isFloat(dtype) ? every : [opsets.min, opsets.max]) expectConforming(op, graph, opset);
  }
});

test.each(everyOp)('the nodes of $name conform to the schema where sizes are known only at run time', (op) => {
  for (const sample of drawSamples(op)) {
    const sizes = sizesOf(sample);
    let isRefused = false;
    const types = inferNamed(sample, sizes, ({ kind }) => {
      isRefused ||= kind === 'constant';
    });
    if (sizes.length === 0 || types === undefined || isRefused) continue;
    const { graph } = graphOf([{ ...sample, types }], named(sizes));
    for (const opset of [opsets.min, opsets.max]) expectConforming(op, graph, opset);
  }
});

/** The opsets at which the forms of a target change, which are those that add attention and RMS norms, and the first and last opset. */
const turns: readonly number[] = [opsets.min, 23, opsets.max];

function expectConforming(op: Op, graph: Parameters<typeof lowerToOnnx>[0], opset: number): void {
  for (const target of turns.includes(opset) ? targets : (['portable'] as const)) {
    for (const fused of op.kind === 'composite' ? [true, false] : [true]) {
      const { nodes } = lowerToOnnx(graph, { target, opset, fused });
      const typed = nodes.map((node) => ({ ...node, inputs: node.inputs.map(typeOrNull), outputs: node.outputs.map(typeOrNull) }));
      const problems = typed.flatMap((node) => nonconformities(node, opset));
      if (problems.length > 0) expect.fail(`${target}, fused ${fused}: ${problems.join('; ')}`);
      const isKnown = target === 'portable' ? isStandard : (node: Operator) => schemaOf(node, opset) !== undefined;
      expect(nodes.filter((node) => !isKnown(node))).toEqual([]);
    }
  }
}

function isStandard({ domain, opType }: Operator): boolean {
  return domain === '' && onnxSchema(opType, opsets.max) !== undefined;
}

function typeOrNull(value: { readonly type: TensorType } | null): TensorType | null {
  return value?.type ?? null;
}

describe('the check of a node', () => {
  const tensor = (dtype: DType): TensorType => ({ dtype, shape: [] });
  const f32 = tensor('f32');
  const gelu = { opType: 'Gelu', domain: 'com.microsoft', inputs: [f32] };
  const node = { opType: 'Conv', domain: '', inputs: [f32, f32], outputs: [f32], attrs: {} };

  it.each([
    ['a node that conforms', {}, []],
    ['a bias that is left out', { inputs: [f32, f32, null] }, []],
    ['an operator that ONNX does not have', { opType: 'Convolution' }, ['opset 21 has no operator Convolution']],
    ['an operator of a later opset', { opType: 'Swish', inputs: [f32] }, ['opset 21 has no operator Swish']],
    ['an operator of another domain', { opType: 'Swish', domain: 'com.example' }, []],
    ['an operator of ONNX Runtime that conforms', gelu, []],
    ['an operator of ONNX Runtime without a domain of its own', { opType: 'SimplifiedLayerNormalization' }, []],
    [
      'an operator of ONNX Runtime with one input too many',
      { ...gelu, inputs: [f32, f32] },
      ['com.microsoft.Gelu at opset 21: it has no input 2'],
    ],
    [
      'an operator of ONNX Runtime of another element type',
      { ...gelu, inputs: [tensor('i32')], outputs: [tensor('i32')] },
      ['X', 'Y'].map((name) => `com.microsoft.Gelu at opset 21: ${name} is i32, which T does not range over`),
    ],
    ['an input too few', { inputs: [f32] }, ['Conv at opset 21: the input W is left out']],
    ['an input that must not be left out', { inputs: [f32, null] }, ['Conv at opset 21: the input W is left out']],
    ['an input too many', { inputs: [f32, f32, f32, f32] }, ['Conv at opset 21: it has no input 4']],
    ['no output', { outputs: [] }, ['Conv at opset 21: the output Y is left out']],
    ['two element types for one variable', { inputs: [f32, tensor('f16')] }, ['Conv at opset 21: W is f16, but T is f32']],
    [
      'an element type of a later opset',
      { inputs: [tensor('bf16'), tensor('bf16')], outputs: [tensor('bf16')] },
      ['X', 'W', 'Y'].map((name) => `Conv at opset 21: ${name} is bf16, which T does not range over`),
    ],
    ['an attribute that it does not have', { attrs: { alpha: { float: 1 } } }, ['Conv at opset 21: it has no attribute alpha']],
    ['an attribute of another kind', { attrs: { group: { float: 1 } } }, ['Conv at opset 21: the attribute group is not of the kind int']],
    ['an attribute that must be there', { opType: 'Cast', inputs: [f32] }, ['Cast at opset 21: the attribute to is missing']],
    [
      'a variadic input without a tensor',
      { opType: 'Concat', inputs: [], attrs: { axis: { int: 0 } } },
      ['Concat at opset 21: the input inputs is left out'],
    ],
  ])('tells %s', (_, change, problems) => {
    expect(nonconformities({ ...node, ...change }, 21)).toEqual(problems);
  });

  it('knows the forms of each opset', () => {
    const bf16 = [tensor('bf16'), tensor('bf16')];
    const conv = { ...node, inputs: bf16, outputs: [tensor('bf16')] };
    expect(nonconformities(conv, 22)).toEqual([]);
    const topk = { ...node, opType: 'TopK', inputs: [tensor('bf16'), tensor('i64')], outputs: [tensor('bf16'), tensor('i64')] };
    expect([23, 24].map((opset) => nonconformities(topk, opset).length)).toEqual([2, 0]);
  });
});

test.each(everyOp)('$name of any element type is either refused by its rule or written to a file', (op) => {
  for (const dtype of dtypes) {
    const samples = drawSamples(op).flatMap((sample) => withDType(sample, dtype));
    if (samples.length > 0) expect(bytesOf(lowerToOnnx(graphOf(samples).graph)).length).toBeGreaterThan(0);
  }
});
