import type { RspackPluginInstance } from '@rspack/core';
import type { ArchcOptions } from '../api/bundler.js';
import { rspackPlugin } from './plugin.js';

export type { ArchcOptions, Environment, ImportOptions } from '../api/bundler.js';

/** The plugin for Rspack, with which a program imports models. */
const archc: (options?: ArchcOptions) => RspackPluginInstance = rspackPlugin;

export default archc;
