/** The commands that compile a model. They need nearly the same code: bundled together, it takes fewer files. */
export { build } from './build.js';
export { checkFiles } from './check.js';
export { cost } from './cost.js';
export { types } from './types.js';
export { weights } from './weights.js';
