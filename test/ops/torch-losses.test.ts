/// <reference types="node" />
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { expect, test } from 'vitest';
import { evaluateOp } from '../../src/ops/evaluate.js';
import { ndArray } from '../../src/ops/nd/array.js';
import { opNamed } from '../../src/ops/registry.js';
import type { DType } from '../../src/ops/types.js';

interface Golden {
  readonly op: string;
  readonly inputs: readonly ({ readonly dtype: DType; readonly shape: readonly number[]; readonly values: readonly number[] } | null)[];
  readonly attrs: Readonly<Record<string, unknown>>;
  readonly y: readonly number[];
}

/** What `torch.nn.functional` of PyTorch 2.13 gives in float64, to 12 decimals. */
const goldens = JSON.parse(readFileSync(resolve(import.meta.dirname, 'torch-losses.golden.json'), 'utf8')) as readonly Golden[];

test.each(goldens.map((golden) => ({ ...golden, title: `${golden.op} ${JSON.stringify(golden.attrs)}` })))(
  '$title is that of PyTorch',
  (golden) => {
    const inputs = golden.inputs.map((input) => input && ndArray(input.dtype, input.shape, Float64Array.from(input.values)));
    const [y] = evaluateOp(opNamed(golden.op)!, inputs, golden.attrs);
    expect(y!.data.length).toBe(golden.y.length);
    for (const [i, wanted] of golden.y.entries())
      expect(Math.abs(y!.data[i]! - wanted)).toBeLessThanOrEqual(1e-10 * Math.max(1, Math.abs(wanted)));
  },
);
