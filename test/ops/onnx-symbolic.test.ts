import { expect, test } from 'vitest';
import { lowerToOnnx } from '../../src/5-optimize/pipeline.js';
import type { Op } from '../../src/ops/define.js';
import { evaluateOp } from '../../src/ops/evaluate.js';
import { roundTo } from '../../src/ops/nd/round.js';
import { difference } from '../kit/close.js';
import { everyOp } from '../kit/every-op.js';
import { bytesOf, graphOf, outputName } from '../kit/op-graph.js';
import { type DrawnSample, drawSamples } from '../kit/op-samples.js';
import { useOrt } from '../kit/ort.js';
import { inferNamed, named, sizesOf } from '../kit/symbolic-sample.js';

const ort = useOrt();

/** Their samples have the same numbers for sizes of the image and of the weight; `run-time-sizes.test.ts` names single axes of theirs. */
const coinciding: readonly string[] = ['conv_transpose3d'];

test.each(everyOp.filter((op) => hasSizes(op) && !coinciding.includes(op.name)))('one file of $name serves all sizes', async (op) => {
  let served = 0;
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
    served++;
  }
  expect(served).toBeGreaterThan(0);
});

function hasSizes(op: Op): boolean {
  return drawSamples(op).some((sample) => sizesOf(sample).length > 0);
}

type NamedSample = { readonly sample: DrawnSample; readonly sizes: readonly number[] };

/** Each sample with as many of its sizes as names as possible: all of them or, if not, each of them that can be one alone. */
function namedSamples(op: Op): readonly NamedSample[] {
  return drawSamples(op).flatMap((sample) => {
    const sizes = sizesOf(sample);
    if (sizes.length === 0) return [];
    const all = withNames(sample, sizes);
    return all.length > 0 ? all : sizes.flatMap((size) => withNames(sample, [size]));
  });
}

/**
 * The sample with names, as a list of one; none where the shape rule refuses them or leaves something open.
 */
function withNames(sample: DrawnSample, sizes: readonly number[]): readonly NamedSample[] {
  let open = 0;
  const types = inferNamed(sample, sizes, () => open++);
  return types === undefined || open > 0 ? [] : [{ sample: { ...sample, types }, sizes }];
}
