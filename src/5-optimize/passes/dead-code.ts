import type { Pass } from '../pass.js';

/**
 * Removes nodes whose results nobody uses.
 *
 * Before: `a = relu(x); b = tanh(x); return a`. After: `a = relu(x); return a`.
 * What no body of control flow reads is not captured by it any more. Parameters stay even if unused: they are part of the model's interface. Runs last, after everything that leaves nodes without uses.
 */
export const deadCode: Pass = {
  name: 'dead-code',
  summary: 'removes nodes whose results nobody uses',
  run(region) {
    let changes = 0;
    // Uses come after definitions, so that a walk from the end has removed all users of a node before it reaches the node.
    for (const node of region.nodes.reversed()) {
      if (node.outputs.some((value) => value.users.size > 0)) {
        if ('bodies' in node) changes += region.dropCaptures(node);
        continue;
      }
      region.remove(node);
      changes++;
    }
    return changes;
  },
};
