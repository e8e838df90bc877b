import { checkEmitLimits, checkEmittedSize, checkInlineSize, emitOnnx } from '../6-emit/emit.js';
import { joinChunks } from '../6-emit/onnx/encode.js';
import { elementCount } from '../6-emit/parameter-count.js';
import { planStorage, storageOf } from '../6-emit/storage.js';
import { Report } from '../diagnostics/report.js';
import type { Span } from '../diagnostics/span.js';
import { type CompiledModel, type CompileOptions, compile, defaultLimits } from '../index.js';
import { refuseToReplace } from '../node/output-path.js';
import { writeModel } from '../node/write-model.js';
import type { ParsedOptions } from './arguments.js';
import { commandHost, sourcePath } from './input.js';
import { modelMeta } from './model-meta.js';
import { modelWeights } from './model-weights.js';
import type { Progress } from './progress.js';
import type { Findings } from './reporting.js';
import { grouped } from './wording.js';

/** A model that has been written. */
export interface BuiltModel {
  readonly model: CompiledModel;
  /** Bytes of the model file, or the file itself if it was not written to a path. */
  readonly size: number;
  readonly bytes: Uint8Array | undefined;
  readonly dataFile: { readonly name: string; readonly size: number } | undefined;
  readonly referenced: readonly string[];
  readonly remarks: readonly string[];
}

export interface BuildResult extends Findings {
  /** Undefined if something stopped the build. */
  readonly built: BuiltModel | undefined;
}

/** This many numbers take a second to make. */
const manyParameters = 20_000_000;

/** What to build, and how. */
export interface BuildRequest {
  /** The file, or `-`. */
  readonly word: string;
  /** Where the model goes; if undefined, its bytes are returned. */
  readonly output: string | undefined;
  readonly settings: CompileOptions;
  /** These determine the weights and the storage. */
  readonly options: ParsedOptions;
  readonly progress: Progress;
}

/** Compiles a model and writes it with its weights. */
export async function buildModel({ word, output, settings, options, progress }: BuildRequest): Promise<BuildResult> {
  const host = commandHost();
  const path = sourcePath(word);
  const { diagnostics, sources, model } = compile(path, host, settings);
  const report = new Report(Number.POSITIVE_INFINITY, sources);
  for (const d of diagnostics) report.push(d);
  const failed = (): BuildResult => ({ diagnostics: report.diagnostics, sources, built: undefined });
  if (model === undefined || report.hasErrors) return failed();
  const place: Span = model.checked.span;
  const limits = { ...defaultLimits, ...settings.limits };
  checkEmitLimits(model.onnx, limits, report, place);
  if (report.hasErrors) return failed();
  const parameters = model.onnx.parameters.map(({ parameter }) => parameter);
  const weights = modelWeights(parameters, options, host, report, place);
  if (weights === undefined) return failed();
  if (options.has('deny-warnings') && report.diagnostics.length > 0) {
    weights.close();
    return failed();
  }
  try {
    if (output !== undefined) refuseToReplace(output, [...sources.keys(), ...weights.files]);
    const meta = modelMeta(path, sources);
    const count = parameters.reduce((sum, parameter) => sum + elementCount(parameter), 0);
    if (count > manyParameters) progress.announce(`writing ${grouped(count)} numbers`);
    progress.start(`writing ${output ?? 'the model'}`);
    const written =
      output === undefined
        ? encode(model, weights.sources, meta, report, place, limits.onnxBytes)
        : await writeModel(
            output,
            { graph: model.onnx, weights: weights.sources, meta },
            { external: external(options), copyWeights: options.has('copy-weights'), onnxBytes: limits.onnxBytes, report, place },
          );
    if (written === undefined) return failed();
    const built: BuiltModel = { bytes: undefined, ...written, model, remarks: weights.remarks };
    return { diagnostics: report.diagnostics, sources, built };
  } finally {
    progress.stop();
    weights.close();
  }
}

/** The whole model in one file, including its weights. */
function encode(
  model: CompiledModel,
  sources: Parameters<typeof planStorage>[0],
  meta: Parameters<typeof emitOnnx>[2],
  report: Report,
  place: Span,
  onnxBytes: number,
): Omit<BuiltModel, 'model' | 'remarks'> | undefined {
  const plan = planStorage(sources, { external: 'never' });
  if (!checkInlineSize(plan, onnxBytes, report, place)) return undefined;
  const encoding = emitOnnx(model.onnx, storageOf(plan, ''), meta);
  if (!checkEmittedSize(encoding, onnxBytes, report, place)) return undefined;
  return { size: encoding.size, bytes: joinChunks(encoding.write()), dataFile: undefined, referenced: [] };
}

function external(options: ParsedOptions): 'auto' | 'always' | 'never' {
  const choice = options.value('external-data');
  return choice === 'always' || choice === 'never' ? choice : 'auto';
}
