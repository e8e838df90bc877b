import type { ModelMeta } from '../6-emit/onnx/metadata.js';
import { elementCount } from '../6-emit/parameter-count.js';
import type { CompiledModel, CompileOptions } from '../compile.js';
import type { Report } from '../diagnostics/report.js';
import { refuseToReplace } from '../node/output-path.js';
import { writeModel } from '../node/write-model.js';
import { modelBytes, type PreparedModel, prepareModel } from '../prepare-model.js';
import type { ParsedOptions } from './arguments.js';
import { commandHost, sourcePath } from './input.js';
import { modelMeta } from './model-meta.js';
import { checkWeightsOptions, weightsOptions, weightsRemarks } from './model-weights.js';
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
  const { compiled, report, prepared } = prepareModel(path, host, {
    settings,
    weights: weightsOptions(options),
    onCompiled: () => checkWeightsOptions(options, host),
  });
  const { sources } = compiled;
  const failed = (): BuildResult => ({ diagnostics: report.diagnostics, sources, built: undefined });
  if (prepared === undefined) return failed();
  const { model, weights } = prepared;
  try {
    if (options.has('deny-warnings') && report.diagnostics.length > 0) return failed();
    if (output !== undefined) refuseToReplace(output, [...sources.keys(), ...weights.files]);
    const meta = modelMeta(path, sources);
    const count = model.onnx.parameters.reduce((sum, { parameter }) => sum + elementCount(parameter), 0);
    if (count > manyParameters) progress.announce(`writing ${grouped(count)} numbers`);
    progress.start(`writing ${output ?? 'the model'}`);
    const written =
      output === undefined ? inMemory(modelBytes(prepared, meta, report)) : await writeTo(output, prepared, meta, options, report);
    if (written === undefined) return failed();
    const built: BuiltModel = { ...written, model, remarks: weightsRemarks(weights, options) };
    return { diagnostics: report.diagnostics, sources, built };
  } finally {
    progress.stop();
    weights.close();
  }
}

type Written = Omit<BuiltModel, 'model' | 'remarks'>;

function inMemory(bytes: Uint8Array | undefined): Written | undefined {
  return bytes && { size: bytes.length, bytes, dataFile: undefined, referenced: [] };
}

async function writeTo(
  output: string,
  { model, weights, limits }: PreparedModel,
  meta: ModelMeta,
  options: ParsedOptions,
  report: Report,
): Promise<Written | undefined> {
  const written = await writeModel(
    output,
    { graph: model.onnx, weights: weights.sources, meta },
    {
      external: external(options),
      copyWeights: options.has('copy-weights'),
      onnxBytes: limits.onnxBytes,
      report,
      place: model.checked.span,
    },
  );
  return written && { bytes: undefined, ...written };
}

function external(options: ParsedOptions): 'auto' | 'always' | 'never' {
  const choice = options.value('external-data');
  return choice === 'always' || choice === 'never' ? choice : 'auto';
}
