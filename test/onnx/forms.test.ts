import { expect, test } from 'vitest';
import { lowerToOnnx } from '../../src/5-optimize/pipeline.js';
import type { Op } from '../../src/ops/define.js';
import { evaluateOp } from '../../src/ops/evaluate.js';
import { ops } from '../../src/ops/index.js';
import { roundTo } from '../../src/ops/nd/round.js';
import { opsets } from '../../src/ops/opsets.js';
import { targets } from '../../src/ops/targets.js';
import { difference } from '../kit/close.js';
import { evaluateOnnx } from '../kit/evaluate-onnx.js';
import { graphOf, outputName } from '../kit/op-graph.js';
import { drawSamples } from '../kit/op-samples.js';

/** What archc writes for an operator means that operator again: there and back through the ONNX forms and the table. */
test.each(ops)('the ONNX forms of $name mean what it computes', (op) => {
  const samples = drawSamples(op);
  const { graph, feeds } = graphOf(samples);
  for (const form of forms(op)) {
    const values = evaluateOnnx(lowerToOnnx(graph, form), feeds);
    for (const sample of samples) {
      for (const [k, exact] of evaluateOp(op, sample.inputs, sample.attrs).entries()) {
        const got = values.get(outputName(sample.index, k));
        const wanted = roundTo(exact.dtype, exact);
        const wrong = got === undefined || !('data' in got) ? 'only a type' : difference(roundTo(got.dtype, got), wanted, sample.tolerance);
        if (wrong !== undefined) expect.fail(`${JSON.stringify(form)}, sample ${sample.index}, output ${k}: ${wrong}`);
      }
    }
  }
});

function forms(op: Op) {
  return targets.flatMap((target) =>
    [opsets.min, opsets.max].flatMap((opset) =>
      (op.kind === 'composite' ? [true, false] : [true]).map((fused) => ({ target, opset, fused })),
    ),
  );
}
