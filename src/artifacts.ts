import { checkEmittedSize, checkInlineSize, emitOnnx } from './6-emit/emit.js';
import { joinChunks } from './6-emit/onnx/encode.js';
import type { ModelMeta } from './6-emit/onnx/metadata.js';
import { planStorage, type StoragePlan, storageOf } from './6-emit/storage.js';
import { wholeTensor } from './6-emit/weights/tensor-source.js';
import { reportUnusable } from './6-emit/weights/unusable-weight.js';
import type { Artifact } from './api/results.js';
import type { CompiledModel } from './compile.js';
import type { Report } from './diagnostics/report.js';
import { HostError } from './host.js';
import type { PreparedModel } from './prepare-model.js';

/**
 * The files of a model: one `.onnx` for each entry, with the weights inside if there is one entry, and otherwise one data file with the
 * weights of all of them. `stem` is the beginning of their names. Undefined if a file would be too large, or if a weight has a value that
 * cannot be written, which is reported.
 */
export function artifactsOf(prepared: PreparedModel, stem: string, meta: ModelMeta, report: Report): readonly Artifact[] | undefined {
  try {
    return madeArtifacts(prepared, stem, meta, report);
  } catch (error) {
    return reportUnusable(error, report);
  }
}

function madeArtifacts(prepared: PreparedModel, stem: string, meta: ModelMeta, report: Report): readonly Artifact[] | undefined {
  const { model, weights, limits } = prepared;
  const used = new Set(model.entries.flatMap(({ onnx }) => onnx.parameters.map(({ parameter }) => parameter.name)));
  const sources = new Map([...weights.sources].filter(([name]) => used.has(name)));
  const plan = planStorage(sources, { external: model.entries.length > 1 ? 'always' : 'never' });
  if (!checkInlineSize(plan, limits.onnxBytes, report, model.checked.span)) return undefined;
  const data = `${stem}.data`;
  const artifacts: Artifact[] = [];
  for (const { name, onnx, checked } of model.entries) {
    const encoding = emitOnnx(onnx, storageOf(plan, data), meta);
    if (!checkEmittedSize(encoding, limits.onnxBytes, report, checked.span)) return undefined;
    artifacts.push({ name: fileOfEntry(model, name, `${stem}.onnx`), bytes: joinChunks(encoding.write()), entry: name });
  }
  return plan.dataSize === 0 ? artifacts : [...artifacts, { name: data, bytes: dataOf(plan), entry: undefined }];
}

/** The file of an entry: `m.onnx` if it is the only one or the model has a signature of its own, and otherwise `m.encode.onnx`. */
export function fileOfEntry({ entries }: Pick<CompiledModel, 'entries'>, entry: string, file: string): string {
  if (entries.length === 1 || entry === 'forward') return file;
  return file.endsWith('.onnx') ? `${file.slice(0, -'.onnx'.length)}.${entry}.onnx` : `${file}.${entry}`;
}

/** Throws `HostError` if memory cannot hold it. */
function dataOf({ pieces, dataSize }: StoragePlan): Uint8Array {
  const bytes = allocated(dataSize);
  for (const { offset, source } of pieces) bytes.set(wholeTensor(source), offset);
  return bytes;
}

function allocated(size: number): Uint8Array {
  try {
    return new Uint8Array(size);
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    throw new HostError(`memory cannot hold the weights, which have ${size} bytes: write the model to a file`);
  }
}
