import { dirname, relative, resolve } from 'node:path';
import type { ModelMeta } from '../6-emit/onnx/metadata.js';
import { sourceHash } from '../6-emit/source-hash.js';
import { SourceText } from '../diagnostics/source-line.js';
import type { Span } from '../diagnostics/span.js';
import { version } from '../version.js';
import { stdinName } from './input.js';

/** What the model says of its origin: the hash of its sources and the line of each node, with paths relative to the model file's source. */
export function modelMeta(entry: string, sources: ReadonlyMap<string, string>): ModelMeta {
  const folder = entry === stdinName ? resolve('.') : dirname(resolve(entry));
  const nameOf = (path: string): string =>
    path.startsWith('std/') || path === stdinName ? path : relative(folder, resolve(path)).replaceAll('\\', '/');
  const texts = new Map<string, SourceText>();
  return {
    version,
    sourceHash: sourceHash(new Map([...sources].filter(([path]) => !path.startsWith('std/')).map(([path, text]) => [nameOf(path), text]))),
    locate: ({ file, start }: Span) => {
      const source = sources.get(file);
      if (source === undefined) return undefined;
      const text = texts.get(file) ?? new SourceText(source);
      texts.set(file, text);
      const { line, column } = text.position(start);
      return `${nameOf(file)}:${line}:${column}`;
    },
  };
}
