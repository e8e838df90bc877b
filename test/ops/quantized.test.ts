import { describe, expect, it, test } from 'vitest';
import { lowerToOnnx } from '../../src/5-optimize/pipeline.js';
import { Dim } from '../../src/dims/dim.js';
import type { Op } from '../../src/ops/define.js';
import { evaluateOp } from '../../src/ops/evaluate.js';
import { internalOps } from '../../src/ops/internal.js';
import { roundTo } from '../../src/ops/nd/round.js';
import { nth } from '../../src/ops/only.js';
import { gatherNBits } from '../../src/ops/quantized/gather-n-bits.js';
import { matmulNBits } from '../../src/ops/quantized/matmul-n-bits.js';
import { quantizeBlocks } from '../../src/ops/quantized/quantize-blocks.js';
import { opNamed } from '../../src/ops/registry.js';
import { bytes, exactly, floats32 } from '../../src/ops/sample.js';
import type { Target } from '../../src/ops/targets.js';
import type { NdArray } from '../../src/ops/types.js';
import { difference } from '../kit/close.js';
import { bytesOf, graphOf, outputName } from '../kit/op-graph.js';
import { drawSamples } from '../kit/op-samples.js';
import { useOrt } from '../kit/ort.js';
import { randomNumbers } from '../kit/random.js';
import { webgpu } from '../kit/webgpu.js';

const ort = useOrt();

it('keeps internal operators out of the language', () => {
  expect(internalOps.map(({ name }) => opNamed(name))).toEqual(internalOps.map(() => undefined));
});

const atRunTime = internalOps.filter(({ storage }) => storage === 'unpacks');

/** Compares samples of an operator with what a provider computes. */
async function demandEqual(op: Op, target: Target, provider: 'cpu' | 'webgpu'): Promise<void> {
  // Only the CPU computes products in 8-bit integers.
  const samples = drawSamples(op).filter(({ attrs }) => provider === 'cpu' || attrs.accuracy !== 4);
  const { graph, feeds } = graphOf(samples);
  const outputs = await ort.run(bytesOf(lowerToOnnx(graph, { target })), feeds, { provider });
  for (const { index, inputs, attrs, tolerance } of samples) {
    const exact = nth(evaluateOp(op, inputs, attrs), 0);
    const got = outputs[outputName(index, 0)];
    const wrong = got === undefined ? 'no output' : difference(got, roundTo(exact.dtype, exact), Math.max(tolerance, 1e-4));
    expect(wrong, `sample ${index}`).toBeUndefined();
  }
}

test.each(atRunTime)('ONNX Runtime computes $name as its reference does', (op) => demandEqual(op, 'cpu', 'cpu'));

test.runIf(webgpu).each([matmulNBits, gatherNBits] as readonly Op[])('WebGPU computes $name as its reference does', (op) =>
  demandEqual(op, 'webgpu', 'webgpu'),
);

test('the CPU takes rows with an odd number of blocks, for which ONNX Runtime fails on WebGPU', async () => {
  const inputs = { packed: bytes([4, 3, 8]), scales: floats32([4, 3]), zeros: bytes([4, 2]), ids: exactly('i32', [2], [3, 1]) };
  const odd = { ...gatherNBits, samples: [{ inputs, attrs: { bits: 4, block: 16, columns: Dim.of(40) } }] };
  await demandEqual(odd, 'cpu', 'cpu');
  if (webgpu) await expect(demandEqual(odd, 'webgpu', 'webgpu')).rejects.toThrow('scales and zero_points must have the same shape');
});

describe('the steps of a matrix', () => {
  const random = randomNumbers(5);
  const matrix = (shape: readonly number[], make: () => number): NdArray => ({
    dtype: 'f32',
    shape,
    data: Float64Array.from({ length: nth(shape, 0) * nth(shape, 1) }, () => Math.fround(make())),
  });
  const shapes: readonly (readonly [string, () => number])[] = [
    ['around zero', () => random() - 0.5],
    ['above zero', () => 3 + random()],
    ['below zero', () => -3 - random()],
    ['zeros', () => 0],
    ['with one that is far away', () => (random() < 0.02 ? 100 : random())],
  ];
  const cases = shapes.flatMap(([name, make]) => [4, 8].flatMap((bits) => [16, 32].map((block) => [name, bits, block, make] as const)));

  it.each(cases)('%s, %d bits, blocks of %d: each number is off by at most half a step', (_, bits, block, make) => {
    const weight = matrix([3, 72], make);
    const [packed, scales, zeros] = evaluateOp(quantizeBlocks, [weight], { bits, block });
    const identity: NdArray = {
      dtype: 'f32',
      shape: [72, 72],
      data: Float64Array.from({ length: 72 * 72 }, (_, i) => (i % 73 === 0 ? 1 : 0)),
    };
    const back = nth(evaluateOp(matmulNBits, [identity, packed, scales, zeros], { bits, block }), 0);
    for (let row = 0; row < 3; row++)
      for (let k = 0; k < 72; k++) {
        const step = Math.abs(scales?.data[row * Math.ceil(72 / block) + Math.floor(k / block)] ?? 0);
        const error = Math.abs((back.data[k * 3 + row] ?? 0) - (weight.data[row * 72 + k] ?? 0));
        expect(error).toBeLessThanOrEqual(step * 0.5001);
      }
  });
});
