import type { Plugin } from 'rollup';
import type { ArchcOptions } from '../api/bundler.js';
import { rollupPlugin } from './plugin.js';

export type { ArchcOptions, Environment, ImportOptions } from '../api/bundler.js';

/** The plugin for Rollup, with which a program imports models. */
const archc: (options?: ArchcOptions) => Plugin = rollupPlugin as (options?: ArchcOptions) => Plugin;

export default archc;
