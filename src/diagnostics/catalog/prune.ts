import { error } from './entry.js';
import { listOf } from './wording.js';

/** Why a model cannot be pruned to other settings. */
export const pruneCatalog = {
  'cannot-prune': error((p: { settings: readonly string[]; problem: string }) => ({
    message: `the model cannot be pruned to ${listOf(p.settings)}: ${p.problem}`,
    label: 'this would compute something else for the channels that remain',
    help: 'choose a size that only removes whole channels or heads',
  })),
  'nothing-pruned': error((p: { model: string; settings: readonly string[] }) => ({
    message: `with ${listOf(p.settings)}, \`${p.model}\` has the same weights as before`,
    label: 'no weight would get smaller',
    help: 'choose a hyperparameter that determines the size of weights, and a value below its current one',
  })),
};
