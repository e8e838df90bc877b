import { expect, test } from 'vitest';
import { lowerToOnnx } from '../../src/5-optimize/pipeline.js';
import { roundTo } from '../../src/ops/nd/round.js';
import { isFloat, type NdArray, type TensorType } from '../../src/ops/types.js';
import { difference } from '../kit/close.js';
import { evaluateOnnx } from '../kit/evaluate-onnx.js';
import { bytesOf } from '../kit/op-graph.js';
import { useOrt } from '../kit/ort.js';
import { randomNumbers } from '../kit/random.js';
import { modelOf } from '../kit/source.js';
import { onnxCalls } from './calls.js';

const ort = useOrt();

/** The open sizes of the inputs, which the file leaves open. */
const sizes: ReadonlyMap<string, number> = new Map(Object.entries({ N: 2, T: 3, H: 4, W: 5 }));

test.each(onnxCalls)('$call computes what the table says', async ({ inputs, call, outputs, low = 0, high = 1 }) => {
  const names = outputs.map((_, i) => `y${i}`);
  const declared = outputs.map((type, i) => `${names[i]}: ${type}`).join(', ');
  const body = names.length === 1 ? `return ${call}` : `(${names.join(', ')}) = ${call}\n  return (${names.join(', ')})`;
  const { graph } = modelOf(`model M(${inputs}) -> (${declared}) {\n  ${body}\n}`);
  const onnx = lowerToOnnx(graph);
  const random = randomNumbers(7);
  const feeds = Object.fromEntries(onnx.inputs.map(({ name, type }) => [name, drawn(type, low, high, random)]));
  const wanted = evaluateOnnx(onnx, feeds);
  const got = await ort.run(bytesOf(onnx), feeds);
  for (const name of names) {
    const value = wanted.get(name);
    if (value === undefined || !('data' in value)) throw new Error(`only the type of ${name} is known`);
    expect(difference(got[name]!, roundTo(value.dtype, value), 1e-5)).toBeUndefined();
  }
});

function drawn({ dtype, shape }: TensorType, low: number, high: number, random: () => number): NdArray {
  const known = shape.map((size) => size.evaluate(sizes));
  const count = known.reduce((a, b) => a * b, 1);
  const data = Float64Array.from({ length: count }, () => low + (high - low) * random());
  return isFloat(dtype) ? roundTo(dtype, { dtype, shape: known, data }) : { dtype, shape: known, data: data.map(Math.floor) };
}
