/// <reference types="node" />
import { existsSync, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { lowerToOnnx } from '../../src/5-optimize/lowering/to-onnx.js';
import { evaluateOp } from '../../src/ops/evaluate.js';
import { ops } from '../../src/ops/index.js';
import { roundTo } from '../../src/ops/nd/round.js';
import { difference } from '../kit/close.js';
import { bytesOf, graphOf, outputName } from '../kit/op-graph.js';
import { drawSamples } from '../kit/op-samples.js';
import { useOrt } from '../kit/ort.js';

/** The software GPU that comes with Chromium; the child process that runs the models inherits these. */
const softwareGpu = '/usr/lib/chromium/vk_swiftshader_icd.json';
const hasGpu = existsSync(softwareGpu);
if (hasGpu) {
  process.env.VK_DRIVER_FILES = softwareGpu;
  process.env.XDG_RUNTIME_DIR ??= mkdtempSync(join(tmpdir(), 'archc-gpu-'));
}

const ort = useOrt();

// Without Chromium there is nothing on a test machine that could run these.
test.runIf(hasGpu).each(ops)('WebGPU computes $name as its reference does', async (op) => {
  const samples = drawSamples(op);
  const { graph, feeds } = graphOf(samples);
  const outputs = await ort.run(bytesOf(lowerToOnnx(graph, { target: 'webgpu' })), feeds, { provider: 'webgpu' });
  for (const sample of samples) {
    for (const [k, exact] of evaluateOp(op, sample.inputs, sample.attrs).entries()) {
      const got = outputs[outputName(sample.index, k)];
      // Shaders compute exp, sin and the like to about 1e-5; sums are in another order.
      const relative = Math.max(1e-4, sample.tolerance);
      const wrong = got === undefined ? 'no output' : difference(got, roundTo(exact.dtype, exact), relative);
      if (wrong !== undefined) expect.fail(`sample ${sample.index}, output ${k}: ${wrong}`);
    }
  }
});
