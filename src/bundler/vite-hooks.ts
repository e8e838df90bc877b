import type { IncomingMessage, ServerResponse } from 'node:http';
import { join, posix } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { ArchcOptions, Environment } from '../api/bundler.js';
import { quoted } from '../module/names.js';
import { AssetServer } from './asset-server.js';
import { archImport } from './import-request.js';
import { Importer } from './importer.js';
import { moduleOf, type RollupContext, RollupHooks } from './rollup-like.js';

/** What is used of Vite's configuration. */
interface UserConfig {
  ssr?: { external?: true | string[] };
  worker?: { format?: 'es' | 'iife'; plugins?: () => unknown[] };
}

interface ResolvedConfig {
  readonly root: string;
  readonly base: string;
  readonly command: 'serve' | 'build';
  readonly server?: { readonly origin?: string; readonly headers?: Readonly<Record<string, unknown>> };
}

interface DevServer {
  readonly middlewares: { use(handle: (request: IncomingMessage, response: ServerResponse, next: () => void) => void): unknown };
}

/** What a hook is told about the place of an asset. */
interface FileUrl {
  readonly fileName: string;
  readonly chunkId: string;
  readonly format: string;
}

interface ModuleNode {
  readonly isSelfAccepting?: boolean;
}

interface DevContext {
  readonly environment: {
    readonly name: string;
    readonly config: { readonly consumer: Environment };
    readonly moduleGraph: {
      getModulesByFile(file: string): ReadonlySet<ModuleNode> | undefined;
      invalidateModule(module: ModuleNode): void;
    };
    readonly hot: { send(payload: { readonly type: 'full-reload' }): void };
  };
}

/** The hooks of Vite: those of Rollup, and what a development server needs. `again` makes the plugin for the bundles of workers. */
export class ViteHooks extends RollupHooks {
  readonly #again: () => unknown;
  readonly #server = new AssetServer();
  readonly #ownOptions: ArchcOptions;
  /** By the name of the environment and a file, the imported models that depend on it. */
  readonly #dependents = new Map<string, Set<string>>();
  #config: ResolvedConfig | undefined;

  constructor(options: ArchcOptions, again: () => unknown) {
    super(options);
    this.#ownOptions = options;
    this.#again = again;
  }

  override get hooks() {
    const hooks = this;
    const shared = super.hooks;
    return {
      ...shared,
      load: {
        filter: { id: archImport },
        async handler(this: unknown, id: string) {
          const context = this as RollupContext;
          if (hooks.#config?.command !== 'serve') return shared.load.handler.call(context, id);
          return hooks.#loadInServer(context, id);
        },
      },
      config(user: UserConfig): object {
        user.worker ??= {};
        const { plugins } = user.worker;
        // A worker has a bundle of its own, with plugins of its own. One that loads a model imports ONNX Runtime when it is needed, which only modules can.
        user.worker.format ??= 'es';
        user.worker.plugins = () => [...(plugins?.() ?? []), hooks.#again()];
        return {
          optimizeDeps: { exclude: ['archc', 'onnxruntime-web'] },
          ...(user.ssr?.external === true ? {} : { ssr: { external: ['onnxruntime-node'] } }),
        };
      },
      configResolved(config: ResolvedConfig): void {
        hooks.#config = config;
        hooks.importer = new Importer(hooks.#ownOptions, config.root);
        hooks.#server.configure(config.base, config.server?.headers);
      },
      configureServer({ middlewares }: DevServer): void {
        middlewares.use(hooks.#server.handle);
      },
      hotUpdate(this: unknown, { file, modules }: { readonly file: string; readonly modules: readonly ModuleNode[] }) {
        return hooks.#update(this as DevContext, file, modules);
      },
      /** Vite refers to assets by the base of the site, which programs of servers and libraries do not know: theirs are beside them. */
      resolveFileUrl(this: unknown, { fileName, chunkId, format }: FileUrl): string | undefined {
        const context = this as RollupContext;
        const isOfPage = hooks.environmentOf(context) === 'client' && !context.environment?.config.build.lib;
        if (isOfPage || !hooks.isEmitted(context, fileName)) return undefined;
        const place = quoted(posix.relative(posix.dirname(chunkId), fileName));
        if (format === 'es') return `new URL(${place}, import.meta.url).href`;
        return format === 'cjs' ? `new URL(${place}, require('node:url').pathToFileURL(__filename)).href` : undefined;
      },
      async writeBundle(this: unknown, { dir }: { readonly dir?: string }, bundle: Readonly<Record<string, unknown>>): Promise<void> {
        if (dir !== undefined) await hooks.writeMissing(this as RollupContext, dir, bundle);
      },
    };
  }

  async #loadInServer(context: RollupContext, id: string) {
    const environment = this.environmentOf(context);
    const imported = await this.importer.import(id, {
      environment,
      placesOf: (built) => (name) => {
        if (environment === 'server') return quoted(pathToFileURL(join(built.folder, name)).href);
        return quoted(`${this.#config?.server?.origin ?? ''}${this.#server.add(built, name)}`);
      },
    });
    const source = id.replace(/\?.*$/s, '');
    for (const file of imported?.files ?? []) {
      const key = `${context.environment?.name} ${file}`;
      this.#dependents.set(key, (this.#dependents.get(key) ?? new Set()).add(source));
    }
    return moduleOf(context, id, imported);
  }

  /** The modules that change with a file: also the models that import it, or whose weights or settings it has. */
  #update({ environment }: DevContext, file: string, modules: readonly ModuleNode[]): ModuleNode[] | undefined {
    const dependents = this.#dependents.get(`${environment.name} ${file}`);
    if (dependents === undefined) return undefined;
    const changed = [...dependents].flatMap((source) => [...(environment.moduleGraph.getModulesByFile(source) ?? [])]);
    // A module that has never been loaded, because of an error, does not lead to those that import it.
    if (environment.config.consumer === 'client' && changed.some(({ isSelfAccepting }) => isSelfAccepting === undefined)) {
      for (const module of changed) environment.moduleGraph.invalidateModule(module);
      environment.hot.send({ type: 'full-reload' });
      return [];
    }
    return [...new Set([...modules, ...changed])];
  }
}
