import type { Target } from '../ops/targets.js';
import type { BuildFileOptions } from './options.js';

/** What a bundler makes of an imported model. The options of `archc.json` apply first, then these; paths are relative to the root of the project. */
export interface ImportOptions
  extends Omit<BuildFileOptions, 'target' | 'emit' | 'copyWeights' | 'setIn' | 'setOption' | 'writtenIn' | 'configFile' | 'setFromFile'> {
  /**
   * Where the model will run, by the side of the program: `{ client: 'webgpu' }`. By default, what the build in `archc.json` says if it fits that side, otherwise `portable` for pages, which runs on WebGPU and in
   * WebAssembly, and `cpu` for servers.
   */
  readonly target?: Target | { readonly client?: Target | undefined; readonly server?: Target | undefined } | undefined;
  /** Which build of `archc.json` applies, by its name; needed only if several fit. */
  readonly build?: string | undefined;
}

/** The options of the plugins. */
export interface ArchcOptions extends ImportOptions {
  /** Options for single files, by their paths from the root: `{ 'src/lenet.arch': { quantize: 'int8' } }`. */
  readonly models?: Readonly<Record<string, ImportOptions>> | undefined;
  /** Whether the nearest `archc.json` above a model applies; true by default. */
  readonly project?: boolean | undefined;
  /** Whether to write the types of each imported model: `true` writes `lenet.d.arch.ts` beside `lenet.arch`, a folder keeps them together. */
  readonly dts?: boolean | string | undefined;
  /** The side of the program that is built: found by Vite, webpack, Rspack and esbuild themselves, and `client` by default for Rollup and Rolldown. */
  readonly environment?: Environment | undefined;
  /** The folder of the model files in the output; by default that of the bundler's other assets. */
  readonly assetsDir?: string | undefined;
  /** Where built models are kept; by default `node_modules/.cache/archc`. */
  readonly cacheDir?: string | undefined;
}

/** A page or its worker, or a program of Node. */
export type Environment = 'client' | 'server';
