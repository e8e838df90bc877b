import { checkEmitLimits, checkEmittedSize, checkInlineSize, emitOnnx } from './6-emit/emit.js';
import { modelMeta } from './6-emit/model-meta.js';
import { joinChunks } from './6-emit/onnx/encode.js';
import { planStorage, storageOf } from './6-emit/storage.js';
import { initializeWeights } from './6-emit/weights/initialize-weights.js';
import { matchWeights } from './6-emit/weights/match-weights.js';
import type { NamePattern } from './6-emit/weights/name-map.js';
import type { TensorSource } from './6-emit/weights/tensor-source.js';
import { openWeights } from './6-emit/weights/weight-file.js';
import { type CompiledModel, type CompileOptions, type CompileResult, compile } from './compile.js';
import { Report } from './diagnostics/report.js';
import type { BinaryHost, Host } from './host.js';
import { defaultLimits } from './limits.js';

export interface BuildOptions extends CompileOptions {
  /** Seed of the initial weights; 0 by default. The same seed gives the same bytes on every machine. */
  readonly seed?: number | undefined;
  /** A safetensors file, or the index of a sharded one, that the host can open; without it, weights are drawn from the seed. */
  readonly weights?: string | undefined;
  /** Names in the weights file that differ from the model's: `{ 'module.*': '*' }`. */
  readonly map?: Readonly<Record<string, string>> | undefined;
}

export interface BuildResult extends CompileResult {
  /** The ONNX file, including its weights; absent if there was an error. */
  readonly bytes?: Uint8Array | undefined;
}

/**
 * Compiles a model to one ONNX file in memory. Models of 1 GiB and more are better written by the command line, which streams their weights.
 * Throws `HostError` if a file cannot be read.
 */
export function build(entry: string, host: Host & Partial<BinaryHost>, options: BuildOptions = {}): BuildResult {
  const compiled = compile(entry, host, options);
  if (compiled.model === undefined) return compiled;
  const report = new Report(Number.POSITIVE_INFINITY, compiled.sources);
  for (const d of compiled.diagnostics) report.push(d);
  const bytes = encode(compiled.model, compiled.sources, host, options, report);
  const result = { ...compiled, diagnostics: report.diagnostics, failed: report.hasErrors };
  return bytes === undefined ? result : { ...result, bytes };
}

function encode(
  model: CompiledModel,
  sources: ReadonlyMap<string, string>,
  host: Host & Partial<BinaryHost>,
  options: BuildOptions,
  report: Report,
): Uint8Array | undefined {
  const place = model.checked.span;
  const limits = { ...defaultLimits, ...options.limits };
  checkEmitLimits(model.onnx, limits, report, place);
  const weights = weightsOf(model, host, options, report);
  if (weights === undefined || report.hasErrors) return undefined;
  const plan = planStorage(weights, { external: 'never' });
  if (!checkInlineSize(plan, limits.onnxBytes, report, place)) return undefined;
  const encoding = emitOnnx(model.onnx, storageOf(plan, ''), modelMeta(sources, fileName));
  return checkEmittedSize(encoding, limits.onnxBytes, report, place) ? joinChunks(encoding.write()) : undefined;
}

function weightsOf(
  model: CompiledModel,
  host: Host & Partial<BinaryHost>,
  options: BuildOptions,
  report: Report,
): ReadonlyMap<string, TensorSource> | undefined {
  const parameters = model.onnx.parameters.map(({ parameter }) => parameter);
  if (options.weights === undefined) return initializeWeights(parameters, options.seed ?? 0, report);
  if (host.openBinary === undefined) throw new TypeError('this host cannot open weights files');
  const opened = openWeights(options.weights, { openBinary: host.openBinary, resolve: host.resolve }, report, model.checked.span);
  if (opened === undefined) return undefined;
  const patterns: NamePattern[] = Object.entries(options.map ?? {}).map(([from, to]) => ({ from, to }));
  return matchWeights(parameters, opened, patterns, report, model.checked.span).sources;
}

/** Models must not reveal the folder in which they were built. */
function fileName(path: string): string {
  return path.slice(Math.max(path.lastIndexOf('/'), path.lastIndexOf('\\')) + 1);
}
