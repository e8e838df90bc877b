import { basename, dirname, join, relative } from 'node:path';
import { modelMeta } from '../6-emit/model-meta.js';
import type { BuildFileOptions } from '../api/options.js';
import { weightsOf } from '../demand-options.js';
import { plainDiagnostic } from '../diagnostics/diagnostic.js';
import type { Report } from '../diagnostics/report.js';
import { type BinaryHost, type Host, HostError } from '../host.js';
import type { ModuleContents } from '../module/module-types.js';
import { moduleParts } from '../module-files.js';
import { filesOf } from '../node/model-files.js';
import { writeBeside } from '../node/write-beside.js';
import { writeModel } from '../node/write-model.js';
import { type PreparedModel, prepareModel } from '../prepare-model.js';
import { isStandardFile } from '../standard-file.js';
import type { BuildSettings } from './build-settings.js';
import { type Problem, problemsOf } from './problem.js';
import { unreadable } from './unreadable.js';

/** A model in a folder. */
export interface CompiledImport {
  readonly contents: ModuleContents;
  /** The names of the files that the model loads: its graphs, and then their weights. */
  readonly model: readonly string[];
  /** The names of the files that its training loads. */
  readonly training: readonly string[];
  readonly warnings: readonly Problem[];
  /** The texts that were compiled, by their absolute paths. */
  readonly sources: ReadonlyMap<string, string>;
}

export interface Compilation {
  /** Undefined if there was an error. */
  readonly compiled: CompiledImport | undefined;
  readonly problems: readonly Problem[];
  /** Every file that decides the result, by its absolute path, as far as they are known. */
  readonly files: readonly string[];
}

/** Compiles a file into a folder. `file` is its absolute path; frames show paths relative to `root`. */
export async function compileImport(
  file: string,
  folder: string,
  settings: BuildSettings & { readonly options: BuildFileOptions },
  host: Host & BinaryHost,
  root: string,
): Promise<Compilation> {
  const { options, build } = settings;
  const asked = new Set<string>([file, ...settings.files]);
  const recording = recordingHost(host, asked);
  let sources: ReadonlyMap<string, string> = settings.sources;
  const stopped = (problems: readonly Problem[]): Compilation => ({ compiled: undefined, problems, files: [...asked] });
  try {
    const preparation = prepareModel(file, recording, { settings: options, weights: weightsOf(options), emit: ['onnx', 'js', 'dts'] });
    const { compiled, report, prepared } = preparation;
    sources = new Map([...settings.sources, ...compiled.sources]);
    const written = prepared && (await write(prepared, file, folder, options, compiled.sources, report));
    const problems = problemsOf(report.diagnostics.map(plainDiagnostic), sources, root);
    if (written === undefined) return stopped(problems);
    const own = new Map([...compiled.sources].filter(([path]) => asked.has(path)));
    return { compiled: { ...written, warnings: problems, sources: own }, problems: [], files: [...asked] };
  } catch (error) {
    if (!(error instanceof HostError)) throw error;
    return stopped([unreadable(error, build, sources, host, root)]);
  }
}

/** Wraps a host to record the path of every file that is requested, whether or not it exists. */
function recordingHost(host: Host & BinaryHost, asked: Set<string>): Host & BinaryHost {
  return {
    read(path) {
      if (!isStandardFile(path)) asked.add(path);
      return host.read(path);
    },
    resolve: (source, from) => host.resolve(source, from),
    openBinary(path) {
      asked.add(path);
      return host.openBinary(path);
    },
  };
}

async function write(
  prepared: PreparedModel,
  file: string,
  folder: string,
  { externalData = 'auto', setIn, writtenIn }: BuildFileOptions,
  sources: ReadonlyMap<string, string>,
  report: Report,
): Promise<Pick<CompiledImport, 'contents' | 'model' | 'training'> | undefined> {
  try {
    const source = basename(file);
    const path = join(folder, source.replace(/\.arch$/, '.onnx'));
    const nameOf = (path: string) => relative(dirname(file), path).replaceAll('\\', '/');
    const parts = {
      files: filesOf(prepared.model, path),
      weights: prepared.weights.sources,
      meta: modelMeta(sources, nameOf, { setIn, writtenIn }),
    };
    const { onnxBytes } = prepared.limits;
    const place = prepared.model.checked.span;
    const written = await writeModel(path, parts, { external: externalData, copyWeights: true, onnxBytes, report, place });
    if (written === undefined) return undefined;
    writeBeside(prepared, path, { source, emit: ['onnx'], written });
    const data = written.dataFile === undefined ? [] : [written.dataFile.name];
    return moduleParts(prepared.model, { source, file: basename(path), data });
  } finally {
    prepared.weights.close();
  }
}
