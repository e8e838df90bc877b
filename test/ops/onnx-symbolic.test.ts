import { expect, test } from 'vitest';
import { lowerToOnnx } from '../../src/5-optimize/lowering/to-onnx.js';
import type { Op } from '../../src/ops/define.js';
import { evaluateOp } from '../../src/ops/evaluate.js';
import { ops } from '../../src/ops/index.js';
import { roundTo } from '../../src/ops/nd/round.js';
import { difference } from '../kit/close.js';
import { bytesOf, graphOf, outputName } from '../kit/op-graph.js';
import { type DrawnSample, drawSamples } from '../kit/op-samples.js';
import { useOrt } from '../kit/ort.js';
import { inferNamed, named, sizesOf } from '../kit/symbolic-sample.js';

const ort = useOrt();

test.each(ops)('one file of $name serves all sizes', async (op) => {
  for (const { sample, sizes } of namedSamples(op)) {
    for (const fused of op.kind === 'composite' ? [true, false] : [true]) {
      const { graph, feeds } = graphOf([sample], named(sizes));
      const outputs = await ort.run(bytesOf(lowerToOnnx(graph, { fused })), feeds);
      for (const [k, exact] of evaluateOp(op, sample.inputs, sample.attrs).entries()) {
        const got = outputs[outputName(sample.index, k)];
        const wrong = got === undefined ? 'no output' : difference(got, roundTo(exact.dtype, exact), sample.tolerance);
        if (wrong !== undefined) expect.fail(`sample ${sample.index} with S${sizes.join(', S')}, fused ${fused}, output ${k}: ${wrong}`);
      }
    }
  }
});

/** Each sample with as many of its sizes as names as its shape rule proves: all of them or, if not, each of them alone. */
function namedSamples(op: Op): readonly { readonly sample: DrawnSample; readonly sizes: readonly number[] }[] {
  return drawSamples(op).flatMap((sample) => {
    const all = sizesOf(sample);
    if (all.length === 0) return [];
    const choices = proved(sample, all) === undefined ? all.map((size) => [size]) : [all];
    return choices.flatMap((sizes) => {
      const types = proved(sample, sizes);
      return types === undefined ? [] : [{ sample: { ...sample, types }, sizes }];
    });
  });
}

/** The types, unless the rule refuses or leaves something open. */
function proved(sample: DrawnSample, sizes: readonly number[]): DrawnSample['types'] | undefined {
  let open = 0;
  const types = inferNamed(sample, sizes, () => open++);
  return open === 0 ? types : undefined;
}
