import { expect, test } from 'vitest';
import { lowerToOnnx } from '../../src/5-optimize/lowering/to-onnx.js';
import { evaluateOp } from '../../src/ops/evaluate.js';
import { ops } from '../../src/ops/index.js';
import { roundTo } from '../../src/ops/nd/round.js';
import { difference } from '../kit/close.js';
import { bytesOf, graphOf, outputName } from '../kit/op-graph.js';
import { drawSamples } from '../kit/op-samples.js';
import { useOrt } from '../kit/ort.js';

const ort = useOrt();

const fused = ops.filter((op) => op.kind === 'composite' && op.fused !== undefined);

test.each(fused)('the fused form of $name is right with the operators of opset 23', async (op) => {
  const samples = drawSamples(op);
  const { graph, feeds } = graphOf(samples);
  const outputs = await ort.run(bytesOf(lowerToOnnx(graph, { target: 'cpu', opset: 23 })), feeds);
  for (const sample of samples) {
    for (const [k, exact] of evaluateOp(op, sample.inputs, sample.attrs).entries()) {
      const got = outputs[outputName(sample.index, k)];
      const wrong = got === undefined ? 'no output' : difference(got, roundTo(exact.dtype, exact), sample.tolerance);
      if (wrong !== undefined) expect.fail(`sample ${sample.index}, output ${k}: ${wrong}`);
    }
  }
});

test('attention and rms_norm have forms of their own there', () => {
  for (const [name, opType] of [
    ['attention', 'Attention'],
    ['rms_norm', 'RMSNormalization'],
  ]) {
    const op = fused.find((op) => op.name === name);
    if (op === undefined) throw new Error(`${name} has no fused form`);
    const { graph } = graphOf(drawSamples(op).slice(0, 1));
    expect(lowerToOnnx(graph, { target: 'cpu', opset: 23 }).nodes.map((node) => node.opType)).toContain(opType);
    expect(lowerToOnnx(graph, { target: 'portable', opset: 21 }).nodes.map((node) => node.opType)).not.toContain(opType);
  }
});
