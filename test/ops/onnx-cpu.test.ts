import { expect, test } from 'vitest';
import { lowerToOnnx } from '../../src/5-optimize/pipeline.js';
import type { Op } from '../../src/ops/define.js';
import { evaluateOp } from '../../src/ops/evaluate.js';
import { roundTo } from '../../src/ops/nd/round.js';
import type { Target } from '../../src/ops/targets.js';
import { difference } from '../kit/close.js';
import { everyOp } from '../kit/every-op.js';
import { bytesOf, graphOf, outputName } from '../kit/op-graph.js';
import { drawSamples } from '../kit/op-samples.js';
import { useOrt } from '../kit/ort.js';

const ort = useOrt();

const targets: readonly Target[] = ['portable', 'cpu', 'cuda', 'webgpu', 'wasm'];

test.each(everyOp)('ONNX Runtime computes $name as its reference does, in every form', async (op) => {
  const samples = drawSamples(op);
  const { graph, feeds } = graphOf(samples);
  for (const [form, file] of formsOf(op, graph)) {
    const outputs = await ort.run(file, feeds);
    for (const sample of samples) {
      for (const [k, exact] of evaluateOp(op, sample.inputs, sample.attrs).entries()) {
        const wanted = roundTo(exact.dtype, exact);
        const got = outputs[outputName(sample.index, k)];
        const wrong = got === undefined ? 'no output' : difference(got, wanted, sample.tolerance);
        if (wrong !== undefined) expect.fail(`${form}, sample ${sample.index}, output ${k}: ${wrong}`);
      }
    }
  }
});

/** Every different file that some target gets, fused or not. */
function formsOf(op: Op, graph: Parameters<typeof lowerToOnnx>[0]): ReadonlyMap<string, Uint8Array> {
  const forms = new Map<string, Uint8Array>();
  const seen = new Set<string>();
  for (const target of targets) {
    for (const fused of op.kind === 'composite' ? [true, false] : [true]) {
      const file = bytesOf(lowerToOnnx(graph, { target, fused }));
      const key = Buffer.from(file).toString('latin1');
      if (seen.has(key)) continue;
      seen.add(key);
      forms.set(`${target}${fused ? '' : ' lowered'}`, file);
    }
  }
  return forms;
}
