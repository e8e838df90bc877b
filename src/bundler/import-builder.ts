import { readFileSync } from 'node:fs';
import type { ArchcOptions } from '../api/bundler.js';
import type { BuildFileOptions } from '../api/options.js';
import { type BinaryHost, type Host, HostError } from '../host.js';
import { createNodeHost } from '../node/node-host.js';
import { utf8Text } from '../node/utf8-text.js';
import { buildId } from './build-id.js';
import { type BuildSettings, buildSettings, keptPath, type Place } from './build-settings.js';
import { type BuiltImport, Cache, cacheFolderFor } from './cache.js';
import { type FileMark, hashOfText, markOf } from './file-hash.js';
import type { ImportRequest } from './import-request.js';
import { type Problem, problemsOf } from './problem.js';
import { unreadable } from './unreadable.js';

/** What became of an import. */
export interface ImportOutcome {
  /** Undefined if there was an error, which is among the problems. */
  readonly built: BuiltImport | undefined;
  /** Errors and warnings. */
  readonly problems: readonly Problem[];
  /** All files whose change can change the outcome, by their absolute paths, also those that do not exist. */
  readonly files: readonly string[];
}

/** How often a model is built again because its files changed meanwhile. */
const mostAttempts = 3;

/** Builds what a program imports, or finds it in the cache. */
export class ImportBuilder {
  readonly #options: ArchcOptions;
  readonly #root: string;
  readonly #host: Host & BinaryHost = createNodeHost();
  readonly #running = new Map<string, Promise<ImportOutcome>>();
  #cache: Cache | undefined;

  constructor(options: ArchcOptions, root: string) {
    this.#options = options;
    this.#root = root;
  }

  /** The folder of what has been built, once something has been asked for. */
  get cacheFolder(): string | undefined {
    return this.#cache?.folder;
  }

  /** Reports the user's mistakes as problems and never throws for them. Simultaneous calls with the same request share one build. */
  async build(request: ImportRequest, environment: Place['environment']): Promise<ImportOutcome> {
    const prepared = this.#prepare(request, environment);
    if ('problems' in prepared) return prepared;
    const { key, settings } = prepared;
    const running = this.#running.get(key) ?? this.#build(key, request, settings);
    this.#running.set(key, running);
    try {
      return await running;
    } finally {
      this.#running.delete(key);
    }
  }

  /** What an earlier build of the request left, or why there can be none; undefined if it has to be built. */
  find(request: ImportRequest, environment: Place['environment']): ImportOutcome | undefined {
    const prepared = this.#prepare(request, environment);
    return 'problems' in prepared ? prepared : this.#found(prepared.key, prepared.settings);
  }

  #prepare(
    request: ImportRequest,
    environment: Place['environment'],
  ): ImportOutcome | { readonly key: string; readonly settings: Settled } {
    try {
      this.#cache ??= new Cache(cacheFolderFor(this.#root, this.#options.cacheDir), this.#root);
      const settings = buildSettings(request, this.#options, { root: this.#root, environment }, this.#host);
      const { options, diagnostics, sources, files } = settings;
      if (options === undefined)
        return { built: undefined, problems: problemsOf(diagnostics, sources, this.#root), files: [request.file, ...files] };
      const settled = { ...settings, options };
      return { key: this.#keyOf(request, settled), settings: settled };
    } catch (error) {
      if (!(error instanceof HostError)) throw error;
      return { built: undefined, problems: [unreadable(error, undefined, new Map(), this.#host, this.#root)], files: [request.file] };
    }
  }

  /** The request without its sources: options, `archc.json` and the version of archc. */
  #keyOf({ file }: ImportRequest, { options, sources }: Settled): string {
    const texts = JSON.stringify([options, [...sources]]).replaceAll(JSON.stringify(this.#root).slice(1, -1), '');
    return hashOfText(JSON.stringify([buildId, keptPath(file, this.#root), texts])).slice(0, 24);
  }

  #found(key: string, settings: Settled): ImportOutcome | undefined {
    const found = this.#cache?.find(key);
    if (found === undefined) return undefined;
    const { built, files } = found;
    return { built, problems: built.warnings, files: [...new Set([...files, ...settings.files])] };
  }

  async #build(key: string, request: ImportRequest, settings: Settled): Promise<ImportOutcome> {
    const cache = this.#cache;
    const known = this.#found(key, settings);
    if (known !== undefined || cache === undefined) return known ?? { built: undefined, problems: [], files: [] };
    // What is in the cache needs no compiler, which takes a while to load.
    const { compileImport } = await import('./compile-import.js');
    for (let attempt = 1; ; attempt++) {
      const folder = cache.open();
      const started = Date.now();
      try {
        const { compiled, problems, files } = await compileImport(request.file, folder, settings, this.#host, this.#root);
        if (compiled === undefined) return { built: undefined, problems, files };
        const marks = files.flatMap((path) => markOf(path, keptPath(path, this.#root)) ?? []);
        if (attempt < mostAttempts && !isSame(compiled.sources, marks, started)) continue;
        const { sources: _, ...built } = compiled;
        return { built: cache.keep(key, folder, built, marks), problems: built.warnings, files };
      } catch (error) {
        if (!(error instanceof HostError)) throw error;
        return {
          built: undefined,
          problems: [unreadable(error, settings.build, settings.sources, this.#host, this.#root)],
          files: settings.files,
        };
      } finally {
        cache.discard(folder);
      }
    }
  }
}

type Settled = BuildSettings & { readonly options: BuildFileOptions };

/** Whether the files still have the texts that were compiled, and none is newer than that. */
function isSame(sources: ReadonlyMap<string, string>, marks: readonly FileMark[], compiled: number): boolean {
  if (marks.some(({ time }) => time > compiled)) return false;
  try {
    return [...sources].every(([path, text]) => utf8Text(readFileSync(path), path) === text);
  } catch {
    return false;
  }
}
