import { basename, dirname } from 'node:path';
import type { ModelMeta } from '../6-emit/onnx/metadata.js';
import { elementCount } from '../6-emit/parameter-count.js';
import type { Emission } from '../api/module.js';
import { artifactsOf } from '../artifacts.js';
import type { CompiledModel, CompileOptions } from '../compile.js';
import type { Report } from '../diagnostics/report.js';
import { filesOf, modelPath } from '../node/model-files.js';
import { refuseToReplace } from '../node/output-path.js';
import { writeBeside } from '../node/write-beside.js';
import { type WriteModelOptions, writeModel } from '../node/write-model.js';
import { type PreparedModel, prepareModel } from '../prepare-model.js';
import type { ParsedOptions } from './arguments.js';
import { commandHost, sourcePath } from './input.js';
import { modelMeta } from './model-meta.js';
import { checkWeightsOptions, weightsOptions, weightsRemarks } from './model-weights.js';
import type { Progress } from './progress.js';
import type { Findings } from './reporting.js';
import { UsageError } from './usage-error.js';
import { grouped } from './wording.js';

/** A model that has been written. */
export interface BuiltModel {
  readonly model: CompiledModel;
  /** The model files with their bytes, or the file itself if it was not written to a path. */
  readonly files: readonly { readonly name: string; readonly size: number }[];
  /** The paths of the files. */
  readonly paths: readonly string[];
  readonly bytes: Uint8Array | undefined;
  readonly dataFile: { readonly name: string; readonly size: number } | undefined;
  readonly referenced: readonly string[];
  /** The folder of the files; the current one if there are none. */
  readonly folder: string;
  /** The files of weights that were read. */
  readonly weights: readonly string[];
  /** The other files, by name. */
  readonly beside: readonly string[];
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
  /** Where the model goes, a file or a folder; if undefined, its bytes are returned. */
  readonly output: string | undefined;
  readonly settings: CompileOptions;
  /** These determine the weights and the storage. */
  readonly options: ParsedOptions;
  readonly progress: Progress;
  /** What is made; default: `onnx`. */
  readonly emit?: readonly Emission[] | undefined;
  /** Called once the model is known to be correct. Whatever it throws ends the build. */
  readonly onCompiled?: ((model: CompiledModel) => void) | undefined;
}

/** Compiles a model and writes it with its weights. */
export async function buildModel({
  word,
  output,
  settings,
  options,
  progress,
  onCompiled,
  emit = ['onnx'],
}: BuildRequest): Promise<BuildResult> {
  const host = commandHost();
  const path = sourcePath(word);
  const { compiled, report, prepared } = prepareModel(path, host, {
    settings,
    weights: weightsOptions(options),
    emit,
    onCompiled: (model) => {
      checkWeightsOptions(options, host);
      onCompiled?.(model);
    },
  });
  const { sources } = compiled;
  const failed = (): BuildResult => ({ diagnostics: report.diagnostics, sources, built: undefined });
  if (prepared === undefined) return failed();
  const { model, weights } = prepared;
  const isWritten = emit.includes('onnx');
  try {
    if (options.has('deny-warnings') && report.diagnostics.length > 0) return failed();
    const target = output === undefined ? undefined : modelPath(output, path);
    const files = target === undefined || !isWritten ? [] : filesOf(model, target);
    for (const file of files) refuseToReplace(file.path, [...sources.keys(), ...weights.files]);
    const meta = modelMeta(path, sources, settings);
    const count = model.parameters.reduce((sum, parameter) => sum + elementCount(parameter), 0);
    if (count > manyParameters && isWritten) progress.announce(`writing ${grouped(count)} numbers`);
    progress.start(`writing ${target ?? 'the model'}`);
    const written =
      target === undefined
        ? inMemory(prepared, meta, report)
        : !isWritten
          ? { bytes: undefined, files: [], dataFile: undefined, referenced: [] }
          : await writeModel(target, { files, weights: weights.sources, meta }, writeOptions(prepared, options, report));
    if (written === undefined) return failed();
    const beside = target === undefined ? [] : writeBeside(prepared, target, { source: basename(path), emit, written });
    const built: BuiltModel = {
      bytes: undefined,
      ...written,
      paths: files.map((file) => file.path),
      folder: target === undefined ? '.' : dirname(target),
      weights: weights.files,
      beside,
      model,
      remarks: weightsRemarks(weights, options),
    };
    return { diagnostics: report.diagnostics, sources, built };
  } finally {
    progress.stop();
    weights.close();
  }
}

type Written = Omit<BuiltModel, 'model' | 'paths' | 'remarks' | 'folder' | 'weights' | 'beside'>;

/** The file of the only entry. Throws `UsageError` if there are several, which one stream cannot hold. */
function inMemory(prepared: PreparedModel, meta: ModelMeta, report: Report): Written | undefined {
  const names = prepared.model.entries.map(({ name }) => name);
  if (names.length > 1)
    throw new UsageError(
      `\`${prepared.model.name}\` has several entries, and standard output takes one file`,
      `choose one with \`--entry\` (${names.join(', ')}), or give a file or folder with \`-o\``,
    );
  const [file] = artifactsOf(prepared, 'model', meta, report) ?? [];
  return file && { files: [{ name: '<stdout>', size: file.bytes.length }], bytes: file.bytes, dataFile: undefined, referenced: [] };
}

function writeOptions({ model, limits }: PreparedModel, options: ParsedOptions, report: Report): WriteModelOptions {
  return {
    external: external(options),
    copyWeights: options.has('copy-weights'),
    onnxBytes: limits.onnxBytes,
    report,
    place: model.checked.span,
  };
}

function external(options: ParsedOptions): 'auto' | 'always' | 'never' {
  const choice = options.value('external-data');
  return choice === 'always' || choice === 'never' ? choice : 'auto';
}
