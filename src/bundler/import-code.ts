import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ModelManifest } from '../api/model-manifest.js';
import { literal, propertyKey } from '../module/literal.js';
import { moduleCode } from '../module/module-code.js';
import { quoted } from '../module/names.js';
import type { BuiltImport } from './cache.js';
import type { ImportRequest } from './import-request.js';
import { failure, type Problem } from './problem.js';

/** The JavaScript expression for the place of a file of the model. */
export type PlaceOf = (file: string) => string;

/** The JavaScript of an import, or the reason why it has none. */
export function importCode(request: ImportRequest, built: BuiltImport, placeOf: PlaceOf): string | Problem {
  const { contents, model, training } = built;
  switch (request.kind) {
    case 'module': {
      const places = (names: readonly string[]) => new Map(names.map((name) => [name, placeOf(name)]));
      const manifest = contents.training && literal(contents.training);
      return moduleCode(contents, { model: places(model), training: places(training), manifest });
    }
    case 'url': {
      const file = onlyGraph(request, contents.model);
      if (typeof file !== 'string') return file;
      return [
        `export default ${placeOf(file)};`,
        `export const files = {\n${model.map((name) => `  ${propertyKey(name)}: ${placeOf(name)},\n`).join('')}};`,
        ...manifestExport(contents.model),
      ].join('\n');
    }
    case 'inline': {
      const file = onlyGraph(request, contents.model);
      if (typeof file !== 'string') return file;
      const text = readFileSync(join(built.folder, file)).toString('base64');
      return [
        `const text = atob(${quoted(text)});`,
        'export default Uint8Array.from(text, (character) => character.charCodeAt(0));',
        ...manifestExport(contents.model),
      ].join('\n');
    }
  }
}

/** The files of an import that its module loads. */
export function filesOfImport({ kind }: ImportRequest, { model, training }: BuiltImport): readonly string[] {
  return kind === 'inline' ? [] : kind === 'url' ? model : [...new Set([...model, ...training])];
}

function manifestExport(manifest: ModelManifest): readonly string[] {
  return [`export const manifest = ${literal({ ...manifest, doc: undefined })};`, ''];
}

function onlyGraph({ kind }: ImportRequest, { name, entries }: ModelManifest): string | Problem {
  const [only, ...others] = entries;
  if (only !== undefined && others.length === 0) return only.file;
  const names = entries.map(({ signature: { entry } }) => entry);
  return failure(
    `\`?${kind}\` is for one file, and \`${name}\` has one for each of its entries: choose one with \`?${kind}&entry=${names[0]}\` (${names.join(', ')}), or import the module`,
  );
}
