import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ArchcOptions, Environment } from '../api/bundler.js';
import { quoted } from '../module/names.js';
import { filesOfImport } from './import-code.js';
import { archImport } from './import-request.js';
import { errorsIn, hashedName, Importer } from './importer.js';
import { type Problem, shownPath } from './problem.js';

/** What is used of a compiler of webpack or Rspack. */
export interface WebpackCompiler {
  readonly context: string;
  readonly options: {
    readonly externalsPresets?: { readonly node?: boolean | undefined };
    readonly output: {
      readonly module?: boolean | undefined;
      readonly environment?: { readonly dynamicImport?: boolean | undefined } | undefined;
    };
  };
  readonly hooks: { readonly afterEnvironment: { tap(name: string, work: () => void): void } };
}

/** The bundler's own plugin for packages that are not bundled. */
type Externals = new (type: string, packages: string[]) => { apply(compiler: never): void };

/** What is used of the context of a loader. */
interface LoaderContext {
  readonly _module?: WebpackModule;
  addDependency(file: string): void;
  addMissingDependency(file: string): void;
  emitFile(name: string, content: Uint8Array): void;
  emitError(error: Error): void;
  emitWarning(error: Error): void;
}

interface WebpackModule {
  addError?(error: Error): void;
  addWarning?(error: Error): void;
}

/** What `unplugin` gives a hook. */
interface LoadContext {
  getNativeBuildContext(): { readonly loaderContext?: LoaderContext };
}

/** What webpack and Rspack do with imports of models. */
export class WebpackHooks {
  readonly #options: ArchcOptions;
  #importer: Importer | undefined;
  #environment: Environment = 'client';

  constructor(options: ArchcOptions) {
    this.#options = options;
  }

  configure(compiler: WebpackCompiler, externals: Externals): void {
    // Before that, what the options leave open is not known.
    compiler.hooks.afterEnvironment.tap('archc', () => {
      this.#environment = this.#options.environment ?? (compiler.options.externalsPresets?.node === true ? 'server' : 'client');
      this.#importer = new Importer(this.#options, compiler.context);
      if (this.#environment === 'client') return;
      // ONNX Runtime is not JavaScript alone; the runtime starts workers whose files are beside its own.
      new externals(typeOfRuntime(compiler), ['archc/runtime']).apply(compiler as never);
      new externals('node-commonjs', ['onnxruntime-node']).apply(compiler as never);
    });
  }

  get load() {
    const hooks = this;
    return {
      filter: { id: archImport },
      handler(this: unknown, id: string) {
        return hooks.#load(this as LoadContext, id);
      },
    };
  }

  async #load(context: LoadContext, id: string) {
    const importer = this.#importer;
    const { loaderContext } = context.getNativeBuildContext();
    if (importer === undefined || loaderContext === undefined) return undefined;
    const folder = this.#options.assetsDir ?? '';
    const imported = await importer.import(id, {
      environment: this.#environment,
      placesOf: (built, request) => {
        const paths = new Map<string, string>();
        for (const name of filesOfImport(request, built)) {
          const path = [folder, hashedName(name, built)].filter((part) => part !== '').join('/');
          // By the loader, so that the file is emitted again with a module from the bundler's cache.
          loaderContext.emitFile(path, readFileSync(join(built.folder, name)));
          paths.set(name, path);
        }
        return (name) => `new URL(__webpack_public_path__ + ${quoted(paths.get(name) ?? name)}, __webpack_base_uri__).href`;
      },
    });
    if (imported === undefined) return undefined;
    const { code, problems, files } = imported;
    for (const file of files) {
      if (existsSync(file)) loaderContext.addDependency(file);
      else loaderContext.addMissingDependency(file);
    }
    for (const problem of problems) if (problem.severity === 'warning') report(loaderContext, problem, importer.root);
    for (const problem of errorsIn(problems)) report(loaderContext, problem, importer.root);
    return { code: code ?? 'export {};', map: null };
  }
}

/** How a bundle for a server imports a package that is a module: `require` can do so, too, in all versions of Node that archc supports. */
function typeOfRuntime({ options: { output } }: WebpackCompiler): string {
  if (output.module === true) return 'module';
  return output.environment?.dynamicImport === true ? 'import' : 'node-commonjs';
}

/** Reports a problem with its place. webpack shows the places of errors that a module has; Rspack only their messages. */
function report(context: LoaderContext, { severity, message, place, frame }: Problem, root: string): void {
  const where = place === undefined ? '' : `${shownPath(place.file, root)}:${place.line}:${place.column + 1}\n`;
  const error: Error & { loc?: object; file?: string } = new Error(`${where}${message}${frame === '' ? '' : `\n${frame}`}`);
  error.name = 'ArchcError';
  // The place is in the source of the model: a stack would only show archc's own.
  error.stack = error.message;
  if (place !== undefined) {
    const { line, column, length } = place;
    error.file = place.file;
    error.loc = { start: { line, column }, end: { line, column: column + length } };
  }
  const { _module: module } = context;
  const add = severity === 'error' ? module?.addError : module?.addWarning;
  if (module !== undefined && add !== undefined) add.call(module, error);
  else if (severity === 'error') context.emitError(error);
  else context.emitWarning(error);
}
