import type { FileSet } from '../platform.js';
import { externalFiles } from '../pure/external-files.js';
import type { TensorData } from '../pure/tensor-data.js';
import type { ModelSource } from '../session/engine.js';

/** What ONNX Runtime loads for an entry: the file itself if it can, which needs the least memory. `weights` replace those that are stored. Throws `HostError`. */
export async function sourceOf(files: FileSet, file: string, weights: ReadonlyMap<string, TensorData>): Promise<ModelSource> {
  const path = files.pathOf(file);
  if (path !== undefined && weights.size === 0) return path;
  const stored = await files.read(file);
  const bytes = weights.size === 0 ? stored : (await import('../trainer/replace-initializers.js')).replaceInitializers(stored, weights);
  const data = await Promise.all(externalFiles(bytes).map(async (name) => [name, await files.read(name)] as const));
  return { bytes, data: new Map(data) };
}

/** The same files, each read only once: several entries share one file of weights. */
export function readOnce(files: FileSet): FileSet {
  const contents = new Map<string, Promise<Uint8Array>>();
  return {
    pathOf: (name) => files.pathOf(name),
    read: (name) => {
      const known = contents.get(name) ?? files.read(name);
      contents.set(name, known);
      return known;
    },
  };
}
