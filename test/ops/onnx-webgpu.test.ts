import { expect, test } from 'vitest';
import { lowerToOnnx } from '../../src/5-optimize/pipeline.js';
import { evaluateOp } from '../../src/ops/evaluate.js';
import { roundTo } from '../../src/ops/nd/round.js';
import { opsets } from '../../src/ops/opsets.js';
import { difference } from '../kit/close.js';
import { everyOp } from '../kit/every-op.js';
import { bytesOf, graphOf, outputName } from '../kit/op-graph.js';
import { drawSamples, dtypesOf } from '../kit/op-samples.js';
import { useOrt } from '../kit/ort.js';
import { everyNth } from '../kit/samples.js';
import { webgpu } from '../kit/webgpu.js';

const ort = useOrt();

// Without Chromium there is nothing on a test machine that could run these.
test.runIf(webgpu).each(everyNth(everyOp, 2))(
  'WebGPU computes $name as its reference does',
  async (op) => {
    // The software GPU does not have the extension for half precision (shader-f16).
    const samples = drawSamples(op).filter((sample) => !dtypesOf(sample).includes('f16'));
    const { graph, feeds } = graphOf(samples);
    // In the newest opset, nodes differ only where a composite has a form of its own.
    for (const opset of op.kind === 'composite' && (op.forms ?? []).length > 0 ? [opsets.min, opsets.max] : [opsets.min]) {
      const outputs = await ort.run(bytesOf(lowerToOnnx(graph, { target: 'webgpu', opset })), feeds, { provider: 'webgpu' });
      for (const sample of samples) {
        for (const [k, exact] of evaluateOp(op, sample.inputs, sample.attrs).entries()) {
          const got = outputs[outputName(sample.index, k)];
          // Shaders compute exp and the like to about 1e-5; sums are in another order.
          const relative = Math.max(1e-4, sample.tolerance);
          const wrong = got === undefined ? 'no output' : difference(got, roundTo(exact.dtype, exact), relative);
          if (wrong !== undefined) expect.fail(`opset ${opset}, sample ${sample.index}, output ${k}: ${wrong}`);
        }
      }
    }
    // On a software GPU, compiling the shaders of some samples takes seconds.
  },
  180_000,
);
