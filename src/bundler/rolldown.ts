import type { Plugin } from 'rolldown';
import type { ArchcOptions } from '../api/bundler.js';
import { rolldownPlugin } from './plugin.js';

export type { ArchcOptions, Environment, ImportOptions } from '../api/bundler.js';

/** The plugin for Rolldown, with which a program imports models. */
const archc: (options?: ArchcOptions) => Plugin = rolldownPlugin as (options?: ArchcOptions) => Plugin;

export default archc;
