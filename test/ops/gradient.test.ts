import { expect, test } from 'vitest';
import { completeAttrs } from '../../src/ops/attributes.js';
import { bindInputs } from '../../src/ops/bind.js';
import type { Op } from '../../src/ops/define.js';
import { EvalBuilder, evaluateOp } from '../../src/ops/evaluate.js';
import { isFloat, type NdArray } from '../../src/ops/types.js';
import { everyOp } from '../kit/every-op.js';
import { type DrawnSample, drawSamples, isList, namedInputs } from '../kit/op-samples.js';
import { randomNumbers } from '../kit/random.js';
import { gradientsOf } from '../kit/tape.js';

const step = 1e-5;
/** Two evaluations cost one element; of large inputs, this many elements in equal distances are checked. */
const elementsPerInput = 48;

const differentiable = everyOp.filter((op) => op.grad !== 'none');

test.each(differentiable)('the gradient of $name is its central difference', (op) => {
  const samples = drawSamples(op).filter((sample) => sample.types.some((type) => isFloat(type.dtype)));
  expect(samples.length).toBeGreaterThan(0);
  let checked = 0;
  for (const sample of samples) checked += checkSample(op, sample);
  expect(checked).toBeGreaterThan(0);
});

const ruled = everyOp.flatMap((op) =>
  op.kind === 'composite' && typeof op.grad === 'function' ? [{ name: op.name, op, rule: op.grad }] : [],
);

test.each(ruled)('the own rule of the composite $name gives the gradient of its definition', ({ op, rule }) => {
  let checked = 0;
  for (const sample of drawSamples(op)) {
    const weights = weightsFor(sample);
    const wanted = gradientsOf(op, sample.inputs, sample.attrs, weights);
    const call = { y: evaluateOp(op, sample.inputs, sample.attrs), dy: weights, attrs: completeAttrs(op, sample.attrs) };
    const found = rule(new EvalBuilder(), { ...call, x: bindInputs(op, sample.inputs) });
    for (const { name, array } of namedInputs(op, sample.inputs)) {
      const [mine, theirs] = [found[name] as NdArray | undefined, wanted(array)];
      expect(mine?.shape, name).toEqual(theirs?.shape);
      for (const [i, value] of (theirs?.data ?? []).entries()) expect(mine?.data[i]).toBeCloseTo(value, 10);
      checked++;
    }
  }
  expect(checked).toBeGreaterThan(0);
});

/** It has a derivative, and withholds it. */
const stopsGradients = 'stop_gradient';

test.each(everyOp.filter((op) => op.grad === 'none' && op.name !== stopsGradients))('$name has nothing to differentiate', (op) => {
  // Piecewise constant functions have a derivative of zero wherever they have one.
  for (const sample of drawSamples(op)) {
    const weights = weightsFor(sample);
    for (const { array } of namedInputs(op, sample.inputs)) {
      if (!isFloat(array.dtype)) continue;
      for (const i of checkedElements(array)) expect(Math.abs(centralDifference(sample, array, i, weights))).toBe(0);
    }
  }
});

/** The number of elements that were compared. */
function checkSample(op: Op, sample: DrawnSample): number {
  const weights = weightsFor(sample);
  const gradients = gradientsOf(op, sample.inputs, sample.attrs, weights);
  let checked = 0;
  for (const { name, array } of namedInputs(op, sample.inputs)) {
    if (!isFloat(array.dtype)) continue;
    const gradient = gradients(array);
    for (const i of checkedElements(array)) {
      const wanted = centralDifference(sample, array, i, weights);
      const got = gradient?.data[i] ?? 0;
      const allowed = 1e-8 + 1e-5 * Math.abs(wanted);
      if (!(Math.abs(got - wanted) <= allowed)) {
        expect.fail(`sample ${sample.index}, d/d${name}[${i}]: the rule gives ${got}, the central difference is ${wanted}`);
      }
      checked++;
    }
  }
  return checked;
}

function weightsFor(sample: DrawnSample): readonly NdArray[] {
  const random = randomNumbers(99);
  return evaluateOp(sample.op, sample.inputs, sample.attrs).map((output) => ({ ...output, data: output.data.map(() => 2 * random() - 1) }));
}

function centralDifference(sample: DrawnSample, array: NdArray, element: number, weights: readonly NdArray[]): number {
  return (weightedSum(sample, array, element, step, weights) - weightedSum(sample, array, element, -step, weights)) / (2 * step);
}

/** The sum of all float outputs, weighted, with one element of one input moved. */
function weightedSum(sample: DrawnSample, array: NdArray, element: number, shift: number, weights: readonly NdArray[]): number {
  const moved: NdArray = { ...array, data: array.data.slice() };
  moved.data[element] = (moved.data[element] as number) + shift;
  const swap = (input: NdArray): NdArray => (input === array ? moved : input);
  const inputs = sample.inputs.map((input) =>
    input === undefined || input === null ? input : isList(input) ? input.map(swap) : swap(input),
  );
  let sum = 0;
  for (const [k, output] of evaluateOp(sample.op, inputs, sample.attrs).entries()) {
    if (!isFloat(output.dtype)) continue;
    for (const [i, value] of output.data.entries()) sum += value * (weights[k]?.data[i] as number);
  }
  return sum;
}

function checkedElements(array: NdArray): readonly number[] {
  const stride = Math.max(1, Math.floor(array.data.length / elementsPerInput));
  return [...array.data.keys()].filter((i) => i % stride === 0);
}
