/** `node --import archc/register`: a program imports models without a bundler. */
import * as nodeModule from 'node:module';
import { createHooks } from './bundler/node-hooks.js';

/** Not in the types of the oldest version of Node that archc supports. */
const { registerHooks } = nodeModule as { registerHooks?: (hooks: { load: unknown; resolve: unknown }) => void };

// Newer versions run the hooks in the thread of the program, also for workers and `require`.
if (typeof registerHooks === 'function') registerHooks(createHooks());
else nodeModule.register('./register-hooks.js', import.meta.url);
