import { expect, test } from 'vitest';
import { lowerToOnnx } from '../../src/5-optimize/pipeline.js';
import { kernelOf } from '../../src/ops/capabilities/capability.js';
import { kernels } from '../../src/ops/capabilities/probed-kernels.js';
import type { Op } from '../../src/ops/define.js';
import { evaluateOp } from '../../src/ops/evaluate.js';
import { roundTo } from '../../src/ops/nd/round.js';
import { onnxSchema } from '../../src/ops/onnx-schema.js';
import { defaultOpset, opsets } from '../../src/ops/opsets.js';
import { type Target, targets } from '../../src/ops/targets.js';
import { difference } from '../kit/close.js';
import { everyOp } from '../kit/every-op.js';
import { bytesOf, graphOf, outputName } from '../kit/op-graph.js';
import { drawSamples } from '../kit/op-samples.js';
import { useOrt } from '../kit/ort.js';

const ort = useOrt();

const formed = everyOp.filter((op) => op.kind === 'composite' && (op.forms ?? []).length > 0);

test.each(formed)('the form of $name is right with the operators of opset 23', async (op) => {
  await expectRight(op, 23, ['cpu']);
});

// Kernels of ONNX Runtime are registered up to an opset, so that a node which runs at one may not run at a later one.
test.each(everyOp)('ONNX Runtime computes $name as its reference does at the newest opset, for each target', async (op) => {
  await expectRight(op, opsets.max, targets);
});

async function expectRight(op: Op, opset: number, targets: readonly Target[]): Promise<void> {
  const samples = drawSamples(op);
  const { graph, feeds } = graphOf(samples);
  const files = new Map(
    targets.map((target) => {
      const bytes = bytesOf(lowerToOnnx(graph, { target, opset }));
      return [Buffer.from(bytes).toString('latin1'), { target, bytes }] as const;
    }),
  );
  for (const { target, bytes } of files.values()) {
    const outputs = await ort.run(bytes, feeds);
    for (const sample of samples) {
      for (const [k, exact] of evaluateOp(op, sample.inputs, sample.attrs).entries()) {
        const got = outputs[outputName(sample.index, k)];
        const wrong = got === undefined ? 'no output' : difference(got, roundTo(exact.dtype, exact), sample.tolerance);
        if (wrong !== undefined) expect.fail(`${target}, sample ${sample.index}, output ${k}: ${wrong}`);
      }
    }
  }
}

test.each([
  ['attention', 'Attention', ['cpu', 'wasm']],
  ['rms_norm', 'RMSNormalization', targets],
] as const)('%s has a form of its own from opset 23', (name, opType, where) => {
  const op = formed.find((op) => op.name === name);
  if (op === undefined) throw new Error(`${name} has no form of its own`);
  const { graph } = graphOf(drawSamples(op).slice(0, 1));
  const opTypes = (target: Target, opset: number) => lowerToOnnx(graph, { target, opset }).nodes.map((n) => n.opType);
  for (const target of targets) {
    expect(opTypes(target, 23).includes(opType)).toBe((where as readonly Target[]).includes(target));
    expect(opTypes(target, 22)).not.toContain(opType);
  }
});

test('the default opset is the lowest one, except on the CPU: there it is the first with attention and RMS norm, up to which no kernel is lost', () => {
  expect(targets.filter((target) => defaultOpset(target) !== opsets.min)).toEqual(['cpu']);
  const opset = defaultOpset('cpu');
  for (const opType of ['Attention', 'RMSNormalization'] as const) {
    const group = kernels[opType]?.find(({ forms }) => forms.some(([dtype]) => dtype === 'f32'));
    expect([opType, group?.cpu, onnxSchema(opType, opset)?.since]).toEqual([opType, 'kernel', opset]);
  }
  const lost = Object.entries(kernels).flatMap(([opType, groups]) =>
    groups.flatMap(({ cpu, since = opsets.min, forms }) =>
      cpu === 'kernel' || since > opset
        ? []
        : forms.filter((form) => kernelOf(opType, form, 'cpu', opsets.min) === 'kernel').map((form) => `${opType} ${form}`),
    ),
  );
  expect(lost).toEqual([]);
});
