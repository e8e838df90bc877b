import { expect, test } from 'vitest';
import { lowerToOnnx } from '../../src/5-optimize/pipeline.js';
import type { Op } from '../../src/ops/define.js';
import { evaluateOp } from '../../src/ops/evaluate.js';
import { ops } from '../../src/ops/index.js';
import { roundTo } from '../../src/ops/nd/round.js';
import type { NdArray } from '../../src/ops/types.js';
import { difference } from '../kit/close.js';
import { bytesOf, graphOf, outputName } from '../kit/op-graph.js';
import { type DrawnSample, drawSamples, isList, withDType } from '../kit/op-samples.js';
import { useOrt } from '../kit/ort.js';

const ort = useOrt();

/** Four roundings of f16, of the largest element. */
const tolerance = 2 ** -9;

test.each(ops.filter((op) => inHalf(op).length > 0))('ONNX Runtime computes $name in f16', async (op) => {
  const samples = inHalf(op);
  const { graph, feeds } = graphOf(samples);
  const outputs = await ort.run(bytesOf(lowerToOnnx(graph)), feeds);
  for (const sample of samples) {
    for (const [k, exact] of evaluateOp(op, sample.inputs, sample.attrs).entries()) {
      const got = outputs[outputName(sample.index, k)];
      const wrong = got === undefined ? 'no output' : difference(got, roundTo(exact.dtype, exact), tolerance);
      if (wrong !== undefined) expect.fail(`sample ${sample.index}, output ${k}: ${wrong}`);
    }
  }
});

/** The samples that have f32 tensors, with tensors of f16 and numbers that it has. */
function inHalf(op: Op): readonly DrawnSample[] {
  const samples = drawSamples(op).filter((sample) => sample.types.every(({ dtype }) => dtype !== 'bf16'));
  return samples
    .flatMap((sample) => withDType(sample, 'f16'))
    .map((sample) => {
      const inputs = sample.inputs.map((input) =>
        input === undefined || input === null ? input : isList(input) ? input.map(halves) : halves(input),
      );
      return { ...sample, inputs };
    });
}

function halves(array: NdArray): NdArray {
  return array.dtype === 'f16' ? roundTo('f16', array) : array;
}
