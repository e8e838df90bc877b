import { expect, test } from 'vitest';
import { lowerToOnnx } from '../../src/5-optimize/pipeline.js';
import { Dim } from '../../src/dims/dim.js';
import { Facts } from '../../src/dims/facts.js';
import { bindInputs, mapBound } from '../../src/ops/bind.js';
import type { OpInput } from '../../src/ops/builder.js';
import type { Op } from '../../src/ops/define.js';
import { concreteRule, evaluateOp, typeOf } from '../../src/ops/evaluate.js';

import { ndArray, sizeOf } from '../../src/ops/nd/array.js';
import { roundTo } from '../../src/ops/nd/round.js';
import { RuleFailure } from '../../src/ops/rule.js';
import { SymbolicRule } from '../../src/ops/symbolic-rule.js';
import type { NdArray, TensorType } from '../../src/ops/types.js';
import { difference } from '../kit/close.js';
import { everyOp } from '../kit/every-op.js';
import { builtModel } from '../kit/model-run.js';
import { bytesOf, graphOf, outputName } from '../kit/op-graph.js';
import { type DrawnSample, drawSamples, isList, namedInputs } from '../kit/op-samples.js';
import { useOrt } from '../kit/ort.js';

const ort = useOrt();

/** A size that may be 0, as slices make them: `H - 1` of an axis H. */
const mayBeEmpty = Dim.variable('H').sub(1);

test.each(everyOp.filter((op) => drawSamples(op).some((sample) => sizesIn(sample).length > 0)))('$name of empty axes', async (op) => {
  const problems: string[] = [];
  for (const sample of drawSamples(op)) {
    for (const size of sizesIn(sample)) {
      const empty = emptied(sample, size);
      const wanted = empty === undefined ? undefined : reference(empty);
      if (empty === undefined || wanted === undefined) continue;
      for (const [form, run] of formsOf(op, empty)) {
        const wrong = await run().then(
          (outputs) => {
            const found = wanted.map((right, k) => {
              const got = outputs[outputName(sample.index, k)];
              return got === undefined ? 'no output' : difference(got, right, 1e-5);
            });
            return found.find((problem) => problem !== undefined);
          },
          (error: unknown) => String(error).slice(0, 300),
        );
        if (wrong !== undefined) problems.push(`sample ${sample.index}, size ${size} made 0, ${form}: ${wrong}`);
      }
    }
  }
  expect(problems).toEqual([]);
});

test('sizes that become 0 inside a graph, where ONNX Runtime drops some nodes', async () => {
  const source = `
model M(x: Tensor[N, 1], w: Tensor[N, H]) -> (a: Tensor[N, 0], b: Tensor[N, 0], c: Tensor[N, 2, 0, 3], d: Tensor[0, 1]) {
  return (
    relu(expand(tanh(x), [N, 0])),
    repeat_interleave(w, 0, axis = 1),
    tanh(x) -> unsqueeze([1, 2]) -> expand([-1, 2, 0, 3]) -> relu,
    neg(zeros([0, 1]))
  )
}`;
  const ones = (...shape: readonly number[]) => ndArray('f32', shape, new Float64Array(sizeOf(shape)).fill(1));
  for (const optimization of ['all', 'disabled'] as const) {
    const outputs = await ort.run(builtModel(source).bytes, { x: ones(2, 1), w: ones(2, 3) }, { optimization });
    expect(Object.fromEntries(Object.entries(outputs).map(([name, { shape }]) => [name, shape]))).toEqual({
      a: [2, 0],
      b: [2, 0],
      c: [2, 2, 0, 3],
      d: [0, 1],
    });
  }
});

function sizesIn(sample: DrawnSample): readonly number[] {
  return [...new Set(namedInputs(sample.op, sample.inputs).flatMap(({ array }) => array.shape))].filter((size) => size > 1);
}

/** The sample with every axis of this size empty; undefined where the shape rule refuses that. */
function emptied(sample: DrawnSample, size: number): DrawnSample | undefined {
  const empty = (array: NdArray): NdArray => {
    if (!array.shape.includes(size)) return array;
    const shape = array.shape.map((n) => (n === size ? 0 : n));
    return ndArray(array.dtype, shape, array.data.slice(0, sizeOf(shape)));
  };
  const inputs = mapInputs(sample.inputs, empty);
  const types = typesOf(() => sample.op.infer(concreteRule(sample.op.name), mapBound(bindInputs(sample.op, inputs), typeOf), sample.attrs));
  return types === undefined ? undefined : { ...sample, inputs, types };
}

/** What a shape rule says; undefined where it refuses. */
function typesOf(infer: () => readonly TensorType[]): readonly TensorType[] | undefined {
  try {
    return infer();
  } catch (error) {
    if (error instanceof RuleFailure) return undefined;
    throw error;
  }
}

/** What the reference says; undefined where the indices of the sample, which are data, are outside an axis without positions. */
function reference({ op, inputs, attrs }: DrawnSample): readonly NdArray[] | undefined {
  try {
    return evaluateOp(op, inputs, attrs).map((exact) => roundTo(exact.dtype, exact));
  } catch (error) {
    if (error instanceof Error && /^index -?\d+ is outside/.test(error.message)) return undefined;
    throw error;
  }
}

type Runs = readonly (readonly [string, () => Promise<Readonly<Record<string, NdArray>>>])[];

/** With the size known and open, fused and by definition, for the CPU and for every target. */
function formsOf(op: Op, sample: DrawnSample): Runs {
  const dims: readonly (readonly [string, (size: number) => Dim])[] = [
    ['known', Dim.of],
    ['open', (n) => (n === 0 ? mayBeEmpty : Dim.of(n))],
  ];
  const seen = new Set<string>();
  return dims.flatMap(([name, dim]) => {
    const types = inferWith(sample, dim);
    if (types === undefined) return [];
    const { graph, feeds } = graphOf([{ ...sample, types }], dim);
    return (['portable', 'cpu', 'webgpu'] as const).flatMap((target) =>
      (op.kind === 'composite' ? [true, false] : [true]).flatMap((fused) => {
        const file = bytesOf(lowerToOnnx(graph, { target, fused }));
        const key = Buffer.from(file).toString('latin1');
        if (seen.has(key)) return [];
        seen.add(key);
        return [[`${name}, ${target}${fused ? '' : ' lowered'}`, () => ort.run(file, feeds)] as const];
      }),
    );
  });
}

/** What the rule says of an axis that may be empty; undefined where it refuses or leaves a demand open, which an empty axis may break. */
function inferWith({ op, inputs, attrs }: DrawnSample, dim: (size: number) => Dim): readonly TensorType[] | undefined {
  let open = 0;
  const rule = new SymbolicRule(Facts.none, () => open++);
  const type = (array: NdArray): TensorType => ({ dtype: array.dtype, shape: array.shape.map(dim) });
  const types = typesOf(() => op.infer(rule, mapBound(bindInputs(op, inputs), type), attrs));
  return open === 0 ? types : undefined;
}

function mapInputs(inputs: readonly OpInput<NdArray>[], map: (array: NdArray) => NdArray): readonly OpInput<NdArray>[] {
  return inputs.map((input) => (input === undefined || input === null ? undefined : isList(input) ? input.map(map) : map(input)));
}
