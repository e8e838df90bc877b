import type { Plugin } from 'vite';
import type { ArchcOptions } from '../api/bundler.js';
import { vitePlugin } from './plugin.js';

export type { ArchcOptions, Environment, ImportOptions } from '../api/bundler.js';

/** The plugin for Vite, with which a program imports models. */
const archc: (options?: ArchcOptions) => Plugin = vitePlugin as (options?: ArchcOptions) => Plugin;

export default archc;
