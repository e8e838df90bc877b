import { utf8 } from './6-emit/utf8.js';
import type { Emission } from './api/module.js';
import type { TrainingManifest } from './api/training.js';
import type { CompiledModel } from './compile.js';
import { modelManifestOf } from './model-manifest.js';
import { moduleCode, placeBeside } from './module/module-code.js';
import { type ModuleContents, moduleTypes } from './module/module-types.js';
import { type FileBeside, manifestFileOf, manifestOf } from './training-files.js';

export interface ModuleRequest {
  /** The name of the source file. */
  readonly source: string;
  /** The name of the model file, `m.onnx`: the module is `m.arch.js`. */
  readonly file: string;
  readonly emit: readonly Emission[];
  /** The names of the files of weights that the model files refer to. */
  readonly data: readonly string[];
}

/** What a module exports, and the names of the files that it loads. */
export interface ModuleParts {
  readonly contents: ModuleContents;
  readonly model: readonly string[];
  readonly training: readonly string[];
}

/** The parts of a module. `file` is the name of the model file, `data` are those of the files of weights. */
export function moduleParts(model: CompiledModel, { source, file, data }: Omit<ModuleRequest, 'emit'>): ModuleParts {
  const training = model.training && manifestOf(model, model.training, file);
  const contents: ModuleContents = { source, model: modelManifestOf(model, file), training };
  const graphs = contents.model.entries.map((entry) => entry.file);
  return { contents, model: [...graphs, ...data], training: training === undefined ? [] : [...filesOfTraining(training), ...data] };
}

/**
 * The module of a model and its training, and the declarations of the module, if they are wanted. For `import './m.arch.js'`, TypeScript reads `m.arch.d.ts`; so it does for `./m.arch`, which bundlers
 * resolve.
 */
export function moduleFiles(model: CompiledModel, request: ModuleRequest): readonly FileBeside[] {
  const { file, emit } = request;
  const { contents, ...names } = moduleParts(model, request);
  const name = `${file.replace(/\.onnx$/, '')}.arch`;
  const files: FileBeside[] = [];
  if (emit.includes('js')) {
    const beside = (list: readonly string[]) => new Map(list.map((file) => [file, placeBeside(file)]));
    const manifest = contents.training && placeBeside(manifestFileOf(file));
    const assets = { model: beside(names.model), training: beside(names.training), manifest };
    files.push({ name: `${name}.js`, chunks: [utf8(moduleCode(contents, assets))] });
  }
  if (emit.includes('dts')) files.push({ name: `${name}.d.ts`, chunks: [utf8(moduleTypes(contents))] });
  return files;
}

function filesOfTraining({ train, eval: evaluation, grads, apply, inference, stateFile }: TrainingManifest): readonly string[] {
  const graphs = [inference, train, evaluation, grads, apply].flatMap((graph) => graph?.file ?? []);
  return [...new Set([...graphs, stateFile])];
}
