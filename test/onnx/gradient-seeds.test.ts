import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { concreteRule, EvalBuilder } from '../../src/ops/evaluate.js';
import { TypeOnly, translate } from '../../src/ops/onnx-table/index.js';
import { isFloat, type NdArray } from '../../src/ops/types.js';
import { compareWithDifferences, type Sum } from '../kit/central-difference.js';
import { randomNumbers } from '../kit/random.js';
import { everyNth } from '../kit/samples.js';
import { gradientsOn, Tape } from '../kit/tape.js';
import { type NodeTest, readNodeTests } from './node-tests.js';

/** Elements of one tensor that are compared. */
const elementsPerTensor = 10;

const names = new Set(
  readFileSync(resolve(import.meta.dirname, 'node-tests/gradient-seeds.txt'), 'utf8')
    .trim()
    .split('\n'),
);
const seeds = readNodeTests().filter(({ name }) => names.has(name));

/** Those whose outputs archc computes; `node-tests.test.ts` lists the others with the reasons. */
const computed = seeds.filter((seed) => outputsOf(new EvalBuilder(), seed, seed.inputs).every((output) => !(output instanceof TypeOnly)));

let [compared, moved, skipped, worst] = [0, 0, 0, 0];

test('the seeds are among the node tests, and almost all can be computed', () => {
  expect(seeds.length).toBe(names.size);
  expect(seeds.length - computed.length).toBe(16);
});

test.each(everyNth(computed, 3))('the gradient of $name is its central difference', (seed) => {
  compare(seed, seed.inputs);
  // The stored numbers are often whole, and at a kink.
  const random = randomNumbers(5);
  const beside = (x: number) => x + 0.02 * (2 * random() - 1);
  compare(
    seed,
    seed.inputs.map((x) => x && (isFloat(x.dtype) ? { ...x, data: x.data.map(beside) } : x)),
  );
});

test('few elements are at a kink', () => {
  expect(moved).toBeGreaterThan(0.85 * compared);
  expect(skipped).toBeLessThan(compared / 100);
});

afterAll(() => {
  console.log(
    `${everyNth(computed, 3).length} seeds: ${compared} elements compared, ${moved} of them not zero, ${skipped} at kinks; worst ${(1e-5 * worst).toExponential(1)}`,
  );
});

function compare(seed: NodeTest, given: readonly (NdArray | undefined)[]): void {
  const inputs = given.map((x) => x && { ...x, data: x.data.slice() });
  const tape = new Tape();
  const outputs = outputsOf(tape, seed, inputs) as readonly NdArray[]; // they have values
  const random = randomNumbers(99);
  const weights = outputs.map((output) => ({ ...output, data: output.data.map(() => 2 * random() - 1) }));
  const gradients = gradientsOn(tape, outputs, weights);
  const sum = (): Sum => {
    let [total, magnitude] = [0, 0];
    for (const [k, output] of (outputsOf(new EvalBuilder(), seed, inputs) as readonly NdArray[]).entries()) {
      if (!isFloat(output.dtype)) continue;
      for (const [i, value] of output.data.entries()) {
        const part = value * (weights[k]?.data[i] as number);
        total += part;
        magnitude += Math.abs(part);
      }
    }
    return { total, magnitude };
  };
  for (const [k, array] of inputs.entries()) {
    if (array === undefined || !isFloat(array.dtype)) continue;
    const stride = Math.max(1, Math.floor(array.data.length / elementsPerTensor));
    const elements = [...array.data.keys()].filter((i) => i % stride === 0);
    const found = compareWithDifferences(array, gradients(array), elements, sum);
    expect(found.fault, `input ${k}`).toBeUndefined();
    compared += found.compared;
    moved += found.moved;
    skipped += found.skipped;
    worst = Math.max(worst, found.worst);
  }
}

/** The outputs of a test, made by a builder. */
function outputsOf(g: EvalBuilder, { node, inputs }: NodeTest, values: readonly (NdArray | undefined)[]): readonly (NdArray | TypeOnly)[] {
  const given = values.map((value, i) => (value === undefined ? undefined : { value, elements: inputs[i]?.data }));
  const result = translate(g, concreteRule(`onnx.${node.opType}`), node, given);
  if ('unknown' in result) throw new Error(result.unknown);
  return result.outputs;
}
