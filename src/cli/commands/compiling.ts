/** The commands that compile a model. They need nearly the same code: loaded together, it stands in fewer files. */
export { build } from './build.js';
export { checkFiles } from './check.js';
export { cost } from './cost.js';
export { weights } from './weights.js';
