import {
  createEsbuildPlugin,
  createRolldownPlugin,
  createRollupPlugin,
  createRspackPlugin,
  createVitePlugin,
  createWebpackPlugin,
  type UnpluginFactory,
  type UnpluginOptions,
} from 'unplugin';
import type { ArchcOptions } from '../api/bundler.js';
import { checkOptions } from './check-options.js';
import { setUpEsbuild } from './esbuild-hooks.js';
import { RollupHooks } from './rollup-like.js';
import { ViteHooks } from './vite-hooks.js';
import { WebpackHooks } from './webpack-like.js';

/** The plugin for all bundlers. */
const factory: UnpluginFactory<ArchcOptions | undefined, false> = (options = {}, { framework }) => {
  checkOptions(options);
  // Before other plugins take a query such as `?url`.
  const common = { name: 'archc', enforce: 'pre' as const };
  switch (framework) {
    case 'vite': {
      const { buildStart, load, resolveId: _, ...vite } = new ViteHooks(options, () => vitePlugin(options)).hooks;
      return { ...common, buildStart, load, vite: vite as object };
    }
    case 'webpack':
    case 'rspack': {
      const hooks = new WebpackHooks(options);
      return {
        ...common,
        load: hooks.load,
        webpack: (compiler) => hooks.configure(compiler, compiler.webpack.ExternalsPlugin as never),
        rspack: (compiler) => hooks.configure(compiler as never, compiler.rspack.ExternalsPlugin as never),
      };
    }
    case 'esbuild':
      return { ...common, esbuild: { setup: (build) => setUpEsbuild(build as never, options) } };
    default:
      return { ...common, ...new RollupHooks(options).hooks } as UnpluginOptions;
  }
};

export const vitePlugin = createVitePlugin(factory);
export const rollupPlugin = createRollupPlugin(factory);
export const rolldownPlugin = createRolldownPlugin(factory);
export const webpackPlugin = createWebpackPlugin(factory);
export const rspackPlugin = createRspackPlugin(factory);
export const esbuildPlugin = createEsbuildPlugin(factory);
