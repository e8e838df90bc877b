import { checkInlineSize } from '../../src/6-emit/emit.js';
import { planStorage } from '../../src/6-emit/storage.js';
import { checkpointFormat } from '../../src/6-emit/weights/checkpoint-format.js';
import { writeSafetensors } from '../../src/6-emit/weights/write-safetensors.js';
import { artifactsOf } from '../../src/artifacts.js';
import { check } from '../../src/check.js';
import type { CompiledModel, CompileOptions } from '../../src/compile.js';
import type { Diagnostic, Edit } from '../../src/diagnostics/diagnostic.js';
import { Report } from '../../src/diagnostics/report.js';
import { type Host, HostError } from '../../src/host.js';
import { defaultLimits, type Limits } from '../../src/limits.js';
import { createMemoryHost } from '../../src/memory-host.js';
import type { DType } from '../../src/ops/types.js';
import { prepareModel } from '../../src/prepare-model.js';
import { optionsOf, projectFile, readProject } from '../../src/project/read-project.js';
import { reportUnreadable } from '../../src/project/report-unreadable.js';
import { prune } from '../../src/prune-model.js';
import { inputSlots } from '../../src/runtime/pure/input-slots.js';
import { resolveSizes } from '../../src/runtime/pure/resolve-sizes.js';
import { signatureOfEntry } from '../../src/runtime/pure/signature-of-entry.js';
import { elementCount, type TensorData } from '../../src/runtime/pure/tensor-data.js';
import { tensorOf } from '../../src/runtime/pure/tensor-numbers.js';
import { typedTensor } from '../../src/runtime/pure/typed-tensor.js';
import { onlyGraph } from '../kit/source.js';
import { hostOf, type Sample } from './sample.js';

export interface Diagnosis {
  readonly diagnostics: readonly Diagnostic[];
  readonly sources: ReadonlyMap<string, string>;
}

/** What archc says about a sample, or about the sample after some edits. */
export function diagnose(sample: Sample, edits: readonly Edit[] = []): Diagnosis {
  const {
    build,
    inputs,
    weights,
    checkpoint = false,
    skipMismatch: skipsMismatch,
    frozen = {},
    map,
    external,
    limits,
    emit,
    prune: pruning,
    codes: _,
    project,
    unreadable: __,
    ...options
  } = sample.expect;
  const settings: CompileOptions = { ...options, ...(limits === undefined ? {} : { limits }) };
  const own = Object.entries(frozen).map(([name, tensors]) => [`${name}.safetensors`, weightsFile(tensors)]);
  const files = { [weightsPath]: weightsFile(weights ?? {}, checkpoint), ...Object.fromEntries(own) };
  const host = { ...hostOf(sample, edits), openBinary: createMemoryHost(files).openBinary };
  if (project !== undefined) return projectDiagnosis(host, { ...defaultLimits, ...limits });
  if (pruning !== undefined) return prune(sample.file, host, { ...settings, ...pruning, weights: weightsPath });
  if (build !== true && inputs === undefined) return check(sample.file, host, settings);
  const patterns = Object.entries(map ?? {}).map(([from, to]) => ({ from, to }));
  const file = weights === undefined || weights === null ? undefined : weightsPath;
  const sources = {
    file,
    frozen: new Map(Object.keys(frozen).map((name) => [name, `${name}.safetensors`])),
    patterns,
    skipsMismatch,
    seed: 0,
  };
  const { compiled, report, prepared } = prepareModel(sample.file, host, { settings, weights: sources, emit });
  if (prepared !== undefined) {
    const { model, limits: all } = prepared;
    const plan = planStorage(prepared.weights.sources, { external: external ?? 'auto' });
    const isSmall = checkInlineSize(plan, all.onnxBytes, report, model.checked.span);
    if (isSmall && file !== undefined) artifactsOf(prepared, 'model', { version: 'test' }, report);
    if (inputs !== undefined) giveInputs(inputs, model, report);
  }
  return { diagnostics: report.diagnostics, sources: compiled.sources };
}

/** What archc says about a project file and, if that is right, about its first build. */
function projectDiagnosis(host: Host, limits: Limits): Diagnosis {
  const { project, diagnostics, sources } = readProject(projectFile, host, limits);
  const [first] = project?.builds ?? [];
  // The codes of the catalog.
  if (first === undefined) return { diagnostics: diagnostics as readonly Diagnostic[], sources };
  try {
    return check(first.file, host, optionsOf(first, host));
  } catch (error) {
    if (!(error instanceof HostError)) throw error;
    const report = new Report();
    reportUnreadable(error, first, sources.get(projectFile) ?? '', host, report);
    return { diagnostics: report.diagnostics, sources };
  }
}

const weightsPath = 'weights.safetensors';

function weightsFile(weights: Readonly<Record<string, string>> | string, isCheckpoint = false): Uint8Array {
  if (typeof weights === 'string') return new TextEncoder().encode(weights);
  const tensors = Object.entries(weights).map(([name, type]) => {
    const [, dtype = '', shape = '[]', value = '0'] = /^(\S+) (.*?)(?: = (.*))?$/.exec(type) ?? [];
    return { name, ...tensor(dtype.toLowerCase() as DType, JSON.parse(shape), Number(value)) };
  });
  const chunks = writeSafetensors(tensors, isCheckpoint ? { format: checkpointFormat } : {});
  return Uint8Array.from(chunks.flatMap((chunk) => [...chunk]));
}

function tensor(dtype: DType, shape: readonly number[], value = 0): TensorData {
  return tensorOf(dtype, shape, new Float64Array(elementCount(shape)).fill(value));
}

function giveInputs(inputs: NonNullable<Sample['expect']['inputs']>, model: CompiledModel, report: Report): void {
  const signature = signatureOfEntry(onlyGraph(model));
  const slots = inputSlots(signature, new Map());
  const given = new Map<string, TensorData>();
  for (const slot of slots) {
    const input = inputs[slot.name];
    if (input === undefined) continue;
    const [dtype = 'f32', shape = ''] = typeof input === 'string' ? input.split(/ (.*)/) : ['f32', JSON.stringify(input)];
    const typed = typedTensor(slot, tensor(dtype as DType, JSON.parse(shape)), report);
    if (typed !== undefined) given.set(slot.name, typed);
  }
  if (!report.hasErrors) resolveSizes(slots, given, { bound: new Map(), empty: new Map() }, signature.demands, report);
}
