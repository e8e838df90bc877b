import { dirname, relative, resolve } from 'node:path';
import { modelMeta as metaOf } from '../6-emit/model-meta.js';
import type { ModelMeta } from '../6-emit/onnx/metadata.js';
import type { CompileOptions } from '../api/options.js';
import { stdinName } from './input.js';

/** The metadata of the model about its origin, with paths relative to the folder of the model's source. */
export function modelMeta(
  entry: string,
  sources: ReadonlyMap<string, string>,
  settings: Pick<CompileOptions, 'setIn' | 'writtenIn'>,
): ModelMeta {
  const folder = entry === stdinName ? resolve('.') : dirname(resolve(entry));
  return metaOf(sources, (path) => (path === stdinName ? path : relative(folder, resolve(path)).replaceAll('\\', '/')), settings);
}
