import type { ArchcOptions, Environment } from '../api/bundler.js';
import type { BuiltImport } from './cache.js';
import { declarationPath, writeDeclarations } from './declarations.js';
import { ImportBuilder } from './import-builder.js';
import { importCode, type PlaceOf } from './import-code.js';
import { type ImportRequest, importRequest } from './import-request.js';
import { failure, type Problem } from './problem.js';

/** An import, ready for a bundler. */
export interface Imported {
  /** Undefined if there was an error, which is among the problems. */
  readonly code: string | undefined;
  readonly problems: readonly Problem[];
  /** All files to watch, by their absolute paths. */
  readonly files: readonly string[];
}

/** Where an import is used, and how a bundler refers to the files of its model. */
export interface Surroundings {
  readonly environment: Environment;
  readonly placesOf: (built: BuiltImport, request: ImportRequest) => PlaceOf;
}

/** What all bundlers do with imports of models. */
export class Importer {
  readonly options: ArchcOptions;
  readonly root: string;
  readonly #builder: ImportBuilder;

  constructor(options: ArchcOptions, root: string) {
    this.options = options;
    this.root = root;
    this.#builder = new ImportBuilder(options, root);
  }

  /** The module for an id; undefined if it is not an import of a model. */
  async import(id: string, { environment, placesOf }: Surroundings): Promise<Imported | undefined> {
    const request = importRequest(id);
    if (request === undefined) return undefined;
    const { built, problems, files } = await this.#builder.build(request, environment);
    if (built === undefined) return { code: undefined, problems, files };
    const code = importCode(request, built, placesOf(built, request));
    if (typeof code !== 'string') return { code: undefined, problems: [...problems, code], files };
    return { code, problems: [...problems, ...this.#writeTypes(request, built)], files };
  }

  #writeTypes({ file, kind, model, train, entry }: ImportRequest, { contents }: BuiltImport): readonly Problem[] {
    const { dts = false } = this.options;
    // TypeScript knows nothing of queries: the types are those of the import without one.
    if (dts === false || kind !== 'module' || [model, train, entry].some((word) => word !== undefined)) return [];
    const reason = writeDeclarations(declarationPath(file, dts, this.root), contents);
    return reason === undefined ? [] : [{ ...failure(`the types were not written: ${reason}`), severity: 'warning' }];
  }
}

/** The errors among problems. */
export function errorsIn(problems: readonly Problem[]): readonly Problem[] {
  return problems.filter(({ severity }) => severity === 'error');
}

/** What a name becomes in the output of a bundler. The names of data files have a hash already, and model files refer to them. */
export function hashedName(name: string, { files }: BuiltImport): string {
  if (name.endsWith('.data')) return name;
  const hash = files[name]?.hash.slice(0, 8) ?? '';
  return name.replace(/(\.[^.]+)$/, `-${hash}$1`);
}
