import { modelMeta } from './6-emit/model-meta.js';
import { joinChunks } from './6-emit/onnx/encode.js';
import type { ModelManifest } from './api/model-manifest.js';
import type { BuildOptions } from './api/options.js';
import type { Artifact } from './api/results.js';
import { artifactsOf } from './artifacts.js';
import type { CompileResult } from './compile.js';
import { demandEmissions, weightsOf } from './demand-options.js';
import type { BinaryHost, Host } from './host.js';
import { modelManifestOf } from './model-manifest.js';
import { moduleFiles } from './module-files.js';
import { outcomeOf, prepareModel } from './prepare-model.js';
import { trainingFiles } from './training-files.js';

export interface BuildResult extends CompileResult {
  /** The files of the model; absent if there was an error. */
  readonly artifacts?: readonly Artifact[] | undefined;
  /** What `Model.load` of `archc/runtime` takes besides the files; absent if there was an error. */
  readonly manifest?: ModelManifest | undefined;
  /** The ONNX file of a model with one entry, including its weights; absent if there was an error. */
  readonly bytes?: Uint8Array | undefined;
}

/**
 * Compiles a model to files in memory: one ONNX file, or one for each entry and a data file with the weights of all. Models of 1 GiB and more
 * are better written by the command line, which streams their weights. Throws `HostError` if a file cannot be read.
 */
export function build(entry: string, host: Host & Partial<BinaryHost>, options: BuildOptions = {}): BuildResult {
  const emit = demandEmissions(options.emit);
  const preparation = prepareModel(entry, host, { settings: options, weights: weightsOf(options), emit });
  const { compiled, report, prepared } = preparation;
  try {
    const stem = fileName(entry).replace(/\.arch$/, '');
    const isWritten = emit.includes('onnx');
    const graphs = isWritten
      ? prepared && artifactsOf(prepared, stem, modelMeta(compiled.sources, fileName, options), report)
      : prepared && [];
    const beside = prepared === undefined || !isWritten ? [] : trainingFiles(prepared, `${stem}.onnx`);
    const data = graphs?.flatMap((artifact) => (artifact.entry === undefined ? artifact.name : [])) ?? [];
    const request = { source: fileName(entry), file: `${stem}.onnx`, emit, data };
    const modules = prepared === undefined ? [] : moduleFiles(prepared.model, request);
    const extra = [...beside, ...modules].map(({ name, chunks }) => ({ name, bytes: joinChunks([...chunks]), entry: undefined }));
    const artifacts = graphs && [...graphs, ...extra];
    if (artifacts === undefined) return outcomeOf(preparation);
    const result = { ...outcomeOf(preparation), manifest: prepared && modelManifestOf(prepared.model, `${stem}.onnx`) };
    const [only, ...others] = artifacts.slice(0, artifacts.length - modules.length);
    return others.length > 0 ? { ...result, artifacts } : { ...result, artifacts, bytes: only?.bytes };
  } finally {
    prepared?.weights.close();
  }
}

/** Models must not reveal the folder in which they were built. */
function fileName(path: string): string {
  return path.slice(Math.max(path.lastIndexOf('/'), path.lastIndexOf('\\')) + 1);
}
