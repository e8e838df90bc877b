import { error } from './entry.js';
import { listOf } from './wording.js';

/** Why a model cannot be pruned to other settings. */
export const pruneCatalog = {
  'cannot-prune': error((p: { settings: readonly string[]; problem: string }) => ({
    message: `the model with ${listOf(p.settings)} is not a part of this one: ${p.problem}`,
    label: 'here, the channels that stay would be computed in another way',
    help: 'choose a size that makes whole channels or heads of the weights smaller, and nothing else',
  })),
  'nothing-pruned': error((p: { model: string; settings: readonly string[] }) => ({
    message: `with ${listOf(p.settings)}, \`${p.model}\` has the same weights as before`,
    label: 'no weight gets smaller',
    help: 'choose a hyperparameter that is a size of weights, and a smaller value than it has',
  })),
};
