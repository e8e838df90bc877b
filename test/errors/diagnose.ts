import { checkEmitLimits, checkInlineSize } from '../../src/6-emit/emit.js';
import { planStorage } from '../../src/6-emit/storage.js';
import { initializeWeights } from '../../src/6-emit/weights/initialize-weights.js';
import { matchWeights } from '../../src/6-emit/weights/match-weights.js';
import type { TensorSource } from '../../src/6-emit/weights/tensor-source.js';
import { openWeights } from '../../src/6-emit/weights/weight-file.js';
import { writeSafetensors } from '../../src/6-emit/weights/write-safetensors.js';
import type { Diagnostic, Edit } from '../../src/diagnostics/diagnostic.js';
import { Report } from '../../src/diagnostics/report.js';
import { type CompiledModel, type CompileOptions, check, compile } from '../../src/index.js';
import { defaultLimits } from '../../src/limits.js';
import { createMemoryHost } from '../../src/memory-host.js';
import type { DType } from '../../src/ops/types.js';
import { inputSlots } from '../../src/runtime/pure/input-slots.js';
import { resolveSizes } from '../../src/runtime/pure/resolve-sizes.js';
import { signatureOfModel } from '../../src/runtime/pure/signature-of-model.js';
import { elementCount, type TensorData } from '../../src/runtime/pure/tensor-data.js';
import { tensorOf } from '../../src/runtime/pure/tensor-numbers.js';
import { typedTensor } from '../../src/runtime/pure/typed-tensor.js';
import { hostOf, type Sample } from './sample.js';

export interface Diagnosis {
  readonly diagnostics: readonly Diagnostic[];
  readonly sources: ReadonlyMap<string, string>;
}

/** What archc says about a sample, or about the sample after some edits. */
export function diagnose(sample: Sample, edits: readonly Edit[] = []): Diagnosis {
  const { build, inputs, weights, limits, codes: _, map: __, external: ___, unreadable: ____, ...options } = sample.expect;
  const all: CompileOptions = { ...options, ...(limits === undefined ? {} : { limits }) };
  const host = hostOf(sample, edits);
  if (build !== true && inputs === undefined) return check(sample.file, host, all);
  const { model, diagnostics, sources } = compile(sample.file, host, all);
  const report = new Report();
  for (const d of diagnostics) report.push(d);
  if (model !== undefined) {
    checkEmitLimits(model.onnx, { ...defaultLimits, ...limits }, report, model.checked.span);
    if (weights !== undefined) giveWeights(sample, model, report);
    if (inputs !== undefined) giveInputs(inputs, model, report);
  }
  return { diagnostics: report.diagnostics, sources };
}

function giveWeights({ expect }: Sample, { onnx, checked }: CompiledModel, report: Report): void {
  const parameters = onnx.parameters.map(({ parameter }) => parameter);
  let sources: ReadonlyMap<string, TensorSource> | undefined;
  if (expect.weights === null) sources = initializeWeights(parameters, 0, report);
  else {
    const host = createMemoryHost({ 'weights.safetensors': weightsFile(expect.weights) });
    const opened = openWeights('weights.safetensors', host, report, checked.span);
    const patterns = Object.entries(expect.map ?? {}).map(([from, to]) => ({ from, to }));
    if (opened !== undefined) sources = matchWeights(parameters, opened, patterns, report, checked.span).sources;
  }
  if (sources !== undefined)
    checkInlineSize(planStorage(sources, { external: expect.external ?? 'auto' }), defaultLimits.onnxBytes, report, checked.span);
}

function weightsFile(weights: Readonly<Record<string, string>> | string | undefined): Uint8Array {
  if (typeof weights === 'string') return new TextEncoder().encode(weights);
  const tensors = Object.entries(weights ?? {}).map(([name, type]) => {
    const [dtype = '', shape = '[]'] = type.split(/ (.*)/);
    return { name, ...tensor(dtype.toLowerCase() as DType, JSON.parse(shape)) };
  });
  const chunks = writeSafetensors(tensors);
  return Uint8Array.from(chunks.flatMap((chunk) => [...chunk]));
}

function tensor(dtype: DType, shape: readonly number[]): TensorData {
  return tensorOf(dtype, shape, new Float64Array(elementCount(shape)));
}

function giveInputs(inputs: NonNullable<Sample['expect']['inputs']>, model: CompiledModel, report: Report): void {
  const signature = signatureOfModel(model);
  const slots = inputSlots(signature, new Map());
  const given = new Map<string, TensorData>();
  for (const slot of slots) {
    const input = inputs[slot.name];
    if (input === undefined) continue;
    const [dtype = 'f32', shape = ''] = typeof input === 'string' ? input.split(/ (.*)/) : ['f32', JSON.stringify(input)];
    const typed = typedTensor(slot, tensor(dtype as DType, JSON.parse(shape)), report);
    if (typed !== undefined) given.set(slot.name, typed);
  }
  if (!report.hasErrors) resolveSizes(slots, given, new Map(), signature.demands, report);
}
