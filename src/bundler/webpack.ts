import type { WebpackPluginInstance } from 'webpack';
import type { ArchcOptions } from '../api/bundler.js';
import { webpackPlugin } from './plugin.js';

export type { ArchcOptions, Environment, ImportOptions } from '../api/bundler.js';

/** The plugin for webpack, with which a program imports models. */
const archc: (options?: ArchcOptions) => WebpackPluginInstance = webpackPlugin;

export default archc;
