import type { CompileOptions } from '../api/options.js';
import { SourceText } from '../diagnostics/source-line.js';
import type { Span } from '../diagnostics/span.js';
import { isStandardFile } from '../standard-file.js';
import { version } from '../version.js';
import type { ModelMeta } from './onnx/metadata.js';
import { sourceHash } from './source-hash.js';

/**
 * The metadata of a model about its origin: archc's version, the hash of its sources and the line of each node. `nameOf` gives the name of
 * a file in the model, so that it contains no path of the machine; the standard library is part of the version. Settings are not part of the hash, also where they are in a project file, since the model that they
 * make is in the file: otherwise a change of another build would change its bytes.
 */
export function modelMeta(
  sources: ReadonlyMap<string, string>,
  nameOf: (path: string) => string,
  { setIn, writtenIn = {} }: Pick<CompileOptions, 'setIn' | 'writtenIn'> = {},
): ModelMeta {
  const texts = new Map<string, SourceText>();
  const projects = new Set([setIn, ...Object.values(writtenIn)].map((part) => part?.file));
  const own = [...sources].filter(([path]) => !isStandardFile(path) && !path.startsWith('--') && !projects.has(path));
  return {
    version,
    sourceHash: sourceHash(new Map(own.map(([path, text]) => [nameOf(path), text]))),
    locate: ({ file, start }: Span) => {
      const source = sources.get(file);
      if (source === undefined) return undefined;
      const text = texts.get(file) ?? new SourceText(source);
      texts.set(file, text);
      const { line, column } = text.position(start);
      return `${isStandardFile(file) ? file : nameOf(file)}:${line}:${column}`;
    },
  };
}
