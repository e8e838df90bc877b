import { removeUnused } from '../../3-graph/remove-unused.js';
import type { Pass } from '../pass.js';

/**
 * Removes nodes whose results nobody uses.
 *
 * Before: `a = relu(x); b = tanh(x); return a`. After: `a = relu(x); return a`.
 * Parameters stay even if unused: they are part of the model's interface. Runs last, after everything that leaves nodes without uses.
 */
export const deadCode: Pass = {
  name: 'dead-code',
  summary: 'removes nodes whose results are not used',
  run: removeUnused,
};
