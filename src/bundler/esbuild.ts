import type { Plugin } from 'esbuild';
import type { ArchcOptions } from '../api/bundler.js';
import { esbuildPlugin } from './plugin.js';

export type { ArchcOptions, Environment, ImportOptions } from '../api/bundler.js';

/** The plugin for esbuild, with which a program imports models. */
const archc: (options?: ArchcOptions) => Plugin = esbuildPlugin;

export default archc;
