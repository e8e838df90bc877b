/// <reference types="node" />
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { evaluateOp } from '../../src/ops/evaluate.js';
import { ndArray, sizeOf } from '../../src/ops/nd/array.js';
import { opNamed } from '../../src/ops/registry.js';
import type { NdArray } from '../../src/ops/types.js';
import { difference } from '../kit/close.js';

/** One call and PyTorch's float64 results, rounded to 7 decimals; `torch-golden.py` wrote them. */
interface Golden {
  readonly op: string;
  /** Shapes; the data is `wave`, with the input's place as its frequency. */
  readonly inputs: Readonly<Record<string, readonly number[]>>;
  readonly attrs: Readonly<Record<string, unknown>>;
  readonly lengths?: readonly number[];
  readonly outputs: readonly { readonly shape: readonly number[]; readonly data: readonly number[] }[];
}

const cases: readonly Golden[] = JSON.parse(readFileSync(new URL('./torch-golden.json', import.meta.url), 'utf8'));

test.each(cases.map((golden, i) => ({ ...golden, i })))('$op agrees with PyTorch: case $i, $attrs', (golden) => {
  const op = opNamed(golden.op);
  if (op === undefined) throw new Error(`there is no operator ${golden.op}`);
  const order = Object.keys(golden.inputs);
  const inputs = Object.keys(op.inputs).map((name) => {
    if (name === 'lengths' && golden.lengths !== undefined) return lengthsOf(golden.lengths);
    const shape = golden.inputs[name];
    return shape === undefined ? undefined : wave(shape, order.indexOf(name) + 1);
  });
  const outputs = evaluateOp(op, inputs, golden.attrs);
  expect(outputs.length).toBe(golden.outputs.length);
  for (const [k, { shape, data }] of golden.outputs.entries()) {
    // Half a unit of the last decimal, on values of the order of 1.
    expect(difference(outputs[k] as NdArray, ndArray('f64', shape, Float64Array.from(data)), 1e-6)).toBeUndefined();
  }
});

function wave(shape: readonly number[], frequency: number): NdArray {
  return ndArray(
    'f64',
    shape,
    Float64Array.from({ length: sizeOf(shape) }, (_, i) => Math.sin(i * 1.7 * frequency + frequency)),
  );
}

function lengthsOf(lengths: readonly number[]): NdArray {
  return ndArray('i64', [lengths.length], Float64Array.from(lengths));
}
