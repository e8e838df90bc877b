import { basename, dirname, relative, resolve } from 'node:path';
import { modelMeta } from '../6-emit/model-meta.js';
import type { BuildFileOptions } from '../api/options.js';
import type { BuildFileResult, WrittenModel } from '../api/results.js';
import { demandEmissions, demandOneOf, weightsOf } from '../demand-options.js';
import { modelOf } from '../describe-model.js';
import { outcomeOf, prepareModel } from '../prepare-model.js';
import { filesOf, modelPath } from './model-files.js';
import { createNodeHost } from './node-host.js';
import { refuseToReplace } from './output-path.js';
import { writeBeside } from './write-beside.js';
import { writeModel } from './write-model.js';

/**
 * Compiles a model and writes it to a file or into a folder, one file for each entry, with its weights streamed from their file or from the seed. Both the model and its data file are complete before they take the place
 * of older ones. Throws `HostError` if a file cannot be read or written, or if an option cannot have its value.
 */
export async function buildFile(entry: string, output: string, options: BuildFileOptions = {}): Promise<BuildFileResult> {
  const settings = options;
  const { emit: wanted, externalData = 'auto', copyWeights = false } = options;
  demandOneOf(externalData, ['auto', 'always', 'never'], 'weights can be external auto, always, never, not');
  const emit = demandEmissions(wanted);
  const preparation = prepareModel(entry, createNodeHost(), { settings: options, weights: weightsOf(options), emit });
  const { compiled, report, prepared } = preparation;
  try {
    let written: WrittenModel | undefined;
    if (prepared !== undefined) {
      const path = modelPath(output, entry);
      const files = filesOf(prepared.model, path);
      for (const file of files) refuseToReplace(file.path, [...compiled.sources.keys(), ...prepared.weights.files]);
      const folder = dirname(resolve(entry));
      const meta = modelMeta(compiled.sources, (path) => relative(folder, resolve(path)).replaceAll('\\', '/'), settings);
      const { onnxBytes } = prepared.limits;
      const place = prepared.model.checked.span;
      const parts = { files, weights: prepared.weights.sources, meta };
      const options = { external: externalData, copyWeights, onnxBytes, report, place };
      written = emit.includes('onnx') ? await writeModel(path, parts, options) : { files: [], dataFile: undefined, referenced: [] };
      if (written !== undefined) {
        const beside = writeBeside(prepared, path, { source: basename(entry), emit, written });
        written = { ...written, beside: beside.length === 0 ? undefined : beside };
      }
    }
    const { model, ...result } = outcomeOf(preparation);
    return { ...result, model: model && modelOf(model), written };
  } finally {
    prepared?.weights.close();
  }
}
