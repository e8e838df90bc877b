import { modelMeta } from './6-emit/model-meta.js';
import { type Artifact, artifactsOf } from './artifacts.js';
import type { CompileOptions, CompileResult } from './compile.js';
import type { BinaryHost, Host } from './host.js';
import { prepareModel } from './prepare-model.js';

export interface BuildOptions extends CompileOptions {
  /** Seed of the initial weights; 0 by default. The same seed gives the same bytes on every machine. */
  readonly seed?: number | undefined;
  /** A safetensors file, or the index of a sharded one, that the host can open; without it, weights are drawn from the seed. */
  readonly weights?: string | undefined;
  /** Names in the weights file that differ from the model's: `{ 'module.*': '*' }`. */
  readonly map?: Readonly<Record<string, string>> | undefined;
}

export interface BuildResult extends CompileResult {
  /** The files of the model; absent if there was an error. */
  readonly artifacts?: readonly Artifact[] | undefined;
  /** The ONNX file of a model with one entry, including its weights; absent if there was an error. */
  readonly bytes?: Uint8Array | undefined;
}

/**
 * Compiles a model to files in memory: one ONNX file, or one for each entry and a data file with the weights of all. Models of 1 GiB and more
 * are better written by the command line, which streams their weights. Throws `HostError` if a file cannot be read.
 */
export function build(entry: string, host: Host & Partial<BinaryHost>, options: BuildOptions = {}): BuildResult {
  const patterns = Object.entries(options.map ?? {}).map(([from, to]) => ({ from, to }));
  const weights = { file: options.weights, patterns, seed: options.seed ?? 0 };
  const { compiled, report, prepared } = prepareModel(entry, host, { settings: options, weights });
  try {
    const stem = fileName(entry).replace(/\.arch$/, '');
    const artifacts = prepared && artifactsOf(prepared, stem, modelMeta(compiled.sources, fileName), report);
    const result = { ...compiled, diagnostics: report.diagnostics, failed: report.hasErrors };
    if (artifacts === undefined) return result;
    const [only, ...others] = artifacts;
    return others.length > 0 ? { ...result, artifacts } : { ...result, artifacts, bytes: only?.bytes };
  } finally {
    prepared?.weights.close();
  }
}

/** Models must not reveal the folder in which they were built. */
function fileName(path: string): string {
  return path.slice(Math.max(path.lastIndexOf('/'), path.lastIndexOf('\\')) + 1);
}
