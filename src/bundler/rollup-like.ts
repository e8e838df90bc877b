import { existsSync, readFileSync, realpathSync } from 'node:fs';
import { copyFile, mkdir } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import type { ArchcOptions, Environment } from '../api/bundler.js';
import { filesOfImport } from './import-code.js';
import { archImport } from './import-request.js';
import { errorsIn, hashedName, type Imported, Importer } from './importer.js';
import type { Problem } from './problem.js';

/** What is used of the context of Rollup, Rolldown and Vite. */
export interface RollupContext {
  readonly meta?: { readonly watchMode?: boolean };
  /** Only in Vite. */
  readonly environment?: { readonly name: string; readonly config: ViteEnvironmentConfig };
  resolve(id: string, importer: string | undefined, options: { readonly skipSelf: true }): Promise<{ readonly id: string } | null>;
  addWatchFile(file: string): void;
  emitFile(file: { readonly type: 'asset'; readonly fileName: string; readonly source: Uint8Array }): string;
  warn(warning: RollupLog): void;
  error(error: RollupLog): never;
}

export interface ViteEnvironmentConfig {
  readonly consumer: Environment;
  readonly build: { readonly assetsDir: string; readonly lib?: unknown };
}

interface RollupLog {
  readonly message: string;
  readonly id?: string;
  readonly loc?: { readonly file: string; readonly line: number; readonly column: number };
  readonly frame?: string;
  readonly stack?: string;
}

/** An asset that was emitted. */
interface Emitted {
  readonly reference: string;
  readonly path: string;
}

/** The hooks that Rollup, Rolldown and Vite share. */
export class RollupHooks {
  importer: Importer;
  readonly #options: ArchcOptions;
  /** By the name of the environment, the assets by their names. */
  readonly #emitted = new Map<string, Map<string, Emitted>>();

  constructor(options: ArchcOptions) {
    this.#options = options;
    this.importer = new Importer(options, process.cwd());
  }

  get hooks() {
    const hooks = this;
    return {
      buildStart(this: unknown): void {
        hooks.#emitted.delete(nameOf(this as RollupContext));
      },
      /** Rollup itself takes a query for a part of the name of the file, and does not know packages. */
      resolveId: {
        filter: { id: archImport },
        async handler(this: unknown, id: string, importer: string | undefined) {
          const [path = '', query] = id.split(/\?(.*)/s);
          const found = await (this as RollupContext).resolve(path, importer, { skipSelf: true });
          const file = found === null ? inPackage(path, importer) : found.id;
          if (file === undefined) return undefined;
          return { ...found, id: query === undefined ? file : `${file}?${query}` };
        },
      },
      load: {
        filter: { id: archImport },
        async handler(this: unknown, id: string) {
          const context = this as RollupContext;
          return moduleOf(context, id, await hooks.#import(context, id));
        },
      },
    };
  }

  environmentOf(context: RollupContext): Environment {
    return this.#options.environment ?? context.environment?.config.consumer ?? 'client';
  }

  #import(context: RollupContext, id: string): Promise<Imported | undefined> {
    const folder = this.#options.assetsDir ?? context.environment?.config.build.assetsDir ?? 'assets';
    return this.importer.import(id, {
      environment: this.environmentOf(context),
      placesOf: (built, request) => {
        const references = new Map<string, string>();
        for (const name of filesOfImport(request, built)) {
          const fileName = [folder, hashedName(name, built)].filter((part) => part !== '').join('/');
          references.set(name, this.#emit(context, fileName, join(built.folder, name)));
        }
        return (name) => `import.meta.ROLLUP_FILE_URL_${references.get(name)}`;
      },
    });
  }

  /** Emits an asset, once for all imports that have it. */
  #emit(context: RollupContext, fileName: string, path: string): string {
    const all = this.#emitted.get(nameOf(context)) ?? new Map<string, Emitted>();
    this.#emitted.set(nameOf(context), all);
    const known = all.get(fileName);
    if (known !== undefined) return known.reference;
    const reference = context.emitFile({ type: 'asset', fileName, source: readFileSync(path) });
    all.set(fileName, { reference, path });
    return reference;
  }

  /** Whether an asset is a file of a model. */
  isEmitted(context: RollupContext, fileName: string): boolean {
    return this.#emitted.get(nameOf(context))?.has(fileName) === true;
  }

  /** Writes assets that the bundler left out: Vite does so for programs of servers, which need their models all the same. */
  async writeMissing(context: RollupContext, folder: string, bundle: Readonly<Record<string, unknown>>): Promise<void> {
    const all = this.#emitted.get(nameOf(context)) ?? new Map<string, Emitted>();
    for (const [fileName, { path }] of all) {
      const to = join(folder, fileName);
      if (Object.hasOwn(bundle, fileName) || existsSync(to)) continue;
      await mkdir(dirname(to), { recursive: true });
      await copyFile(path, to);
    }
  }
}

/** A file of a package that Node finds from the importing file. */
function inPackage(path: string, importer: string | undefined): string | undefined {
  if (importer === undefined || path.startsWith('.')) return undefined;
  try {
    return realpathSync(createRequire(importer).resolve(path));
  } catch {
    return undefined;
  }
}

function nameOf({ environment }: RollupContext): string {
  return environment?.name ?? '';
}

/** The module of an import. Errors end the build, and its message lists every one. */
export function moduleOf(context: RollupContext, id: string, imported: Imported | undefined) {
  if (imported === undefined) return undefined;
  const { code, problems, files } = imported;
  for (const file of files) context.addWatchFile(file);
  for (const problem of problems) if (problem.severity === 'warning') context.warn(logOf(problem, id));
  if (code === undefined) return context.error(logOfAll(errorsIn(problems), id));
  return { code, map: { mappings: '' as const }, moduleType: 'js' as const, moduleSideEffects: false };
}

function logOf({ message, place, frame }: Problem, id: string): RollupLog {
  const file = id.replace(/\?.*$/s, '');
  return {
    message,
    id: file,
    ...(place === undefined ? {} : { loc: { file: place.file, line: place.line, column: place.column } }),
    ...(frame === '' ? {} : { frame }),
  };
}

/** Rollup takes one error: it has the place of the first one, and shows all. */
function logOfAll(errors: readonly Problem[], id: string): RollupLog {
  const [first, ...others] = errors;
  if (first === undefined) return { message: 'the model was not built', id };
  // The place is in the source of the model: a stack would only show archc's own.
  const log = { ...logOf(first, id), stack: '' };
  if (others.length === 0) return log;
  const more = others.map(({ message, frame }) => `${message}\n${frame}`.trimEnd());
  const count = `and ${others.length} more ${others.length === 1 ? 'error' : 'errors'}`;
  return { ...log, message: `${first.message} (${count})`, frame: [first.frame, ...more].join('\n\n') };
}
