/** The hooks for versions of Node that run them in a thread of their own. */
import { createHooks } from './bundler/node-hooks.js';

export const { load, resolve } = createHooks();
