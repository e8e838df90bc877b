import { kernelGaps } from '../../src/5-optimize/kernel-gaps.js';
import type { OnnxGraph } from '../../src/5-optimize/lowering/onnx-graph.js';
import { lowerToOnnx } from '../../src/5-optimize/pipeline.js';
import type { Op } from '../../src/ops/define.js';
import { evaluateOp } from '../../src/ops/evaluate.js';
import { roundTo } from '../../src/ops/nd/round.js';
import type { Target } from '../../src/ops/targets.js';
import type { DType, NdArray } from '../../src/ops/types.js';
import { wideArray, withoutBf16 } from './capabilities/short-floats.js';
import { difference } from './close.js';
import { samplesOfEveryDType } from './every-dtype.js';
import { bytesOf, graphOf, outputName } from './op-graph.js';
import { type DrawnSample, dtypesOf, namedInputs } from './op-samples.js';
import type { ModelRunner } from './ort-runner.js';

/** How exact results in few bits are, relative to the largest element. */
const tolerances: Readonly<Partial<Record<DType, number>>> = { f16: 2 ** -8, bf16: 2 ** -5 };

/** What is wrong with an operator in some element types, in words: files that do not load although nothing says so, and results that differ from the reference. */
export async function dtypeFaults(
  ort: ModelRunner,
  op: Op,
  target: Target,
  isWanted: (sample: DrawnSample) => boolean,
): Promise<readonly string[]> {
  const faults: string[] = [];
  const silent: DrawnSample[] = [];
  for (const sample of samplesOfEveryDType(op).filter(isWanted)) {
    const outcomes = kernelGaps(fileOf([sample], target).onnx, target).map(({ outcome }) => outcome);
    if (outcomes.includes('untried')) faults.push(`${textOf(sample)}: not tried`);
    else if (!outcomes.some((outcome) => outcome !== 'on-cpu')) silent.push(sample);
  }
  if (silent.length === 0 || (await faultOf(ort, silent, target)) === undefined) return faults;
  for (const sample of silent) {
    const fault = await faultOf(ort, [sample], target);
    if (fault !== undefined) faults.push(`${textOf(sample)}: ${fault}`);
  }
  return faults;
}

function fileOf(samples: readonly DrawnSample[], target: Target) {
  const { graph, feeds } = graphOf(samples);
  const onnx: OnnxGraph = lowerToOnnx(graph, { target });
  return { onnx, feeds };
}

async function faultOf(ort: ModelRunner, samples: readonly DrawnSample[], target: Target): Promise<string | undefined> {
  const { onnx, feeds } = fileOf(samples, target);
  const given = Object.fromEntries(Object.entries(feeds).map(([name, array]) => [name, wideArray(array)]));
  try {
    const outputs = await ort.run(bytesOf(withoutBf16(onnx)), given);
    for (const sample of samples)
      for (const [k, exact] of evaluateOp(sample.op, sample.inputs, sample.attrs).entries()) {
        const got = outputs[outputName(sample.index, k)];
        const wanted = unsigned(wideArray(roundTo(exact.dtype, exact)));
        const wrong = got === undefined ? 'no output' : difference(got, wanted, Math.max(sample.tolerance, toleranceOf(sample)));
        if (wrong !== undefined) return `output ${k}: ${wrong}`;
      }
    return undefined;
  } catch (error) {
    return String(error).slice(0, 300);
  }
}

/** The reference does not wrap integers of 64 bits. */
function unsigned(array: NdArray): NdArray {
  return array.dtype === 'u64' ? { ...array, data: array.data.map((value) => (value < 0 ? value + 2 ** 64 : value)) } : array;
}

function toleranceOf(sample: DrawnSample): number {
  return Math.max(...dtypesOf(sample).map((dtype) => tolerances[dtype] ?? 0));
}

function textOf({ op, inputs, types, attrs }: DrawnSample): string {
  const options = Object.entries(attrs).map(([name, value]) => ` ${name}=${String(value)}`);
  return `${op.name}(${namedInputs(op, inputs).map(({ array }) => `${array.dtype}[${array.shape}]`)}${options.join('')}) -> ${types.map(({ dtype }) => dtype)}`;
}
