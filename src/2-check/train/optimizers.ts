/** What an argument accepts: one number, a pair of them, or a boolean. */
export type ArgKind = 'number' | 'count' | 'pair' | 'flag';

/** The arguments of something that is called in a `train` block, in order. */
export type ArgTable = Readonly<Record<string, ArgKind>>;

const adam: ArgTable = { lr: 'number', betas: 'pair', eps: 'number', weight_decay: 'number', amsgrad: 'flag' };

/** The optimizers, with the arguments that they have in PyTorch (`lion` and `lamb`: in the papers). */
export const optimizers: Readonly<Record<string, ArgTable>> = {
  sgd: { lr: 'number', momentum: 'number', dampening: 'number', weight_decay: 'number', nesterov: 'flag' },
  adam,
  adamw: adam,
  rmsprop: { lr: 'number', alpha: 'number', eps: 'number', weight_decay: 'number', momentum: 'number', centered: 'flag' },
  adagrad: { lr: 'number', lr_decay: 'number', weight_decay: 'number', initial_accumulator_value: 'number', eps: 'number' },
  lion: { lr: 'number', betas: 'pair', weight_decay: 'number' },
  lamb: { lr: 'number', betas: 'pair', eps: 'number', weight_decay: 'number' },
  muon: { lr: 'number', weight_decay: 'number', momentum: 'number', nesterov: 'flag', eps: 'number', ns_steps: 'count' },
  adafactor: { lr: 'number', beta2_decay: 'number', eps: 'pair', d: 'number', weight_decay: 'number' },
};

export const loraArguments: ArgTable = { rank: 'count', alpha: 'number', dropout: 'number' };

/** Groups of weights that an optimizer treats differently. */
export const groupNames: readonly string[] = ['no_decay'];

/** Clauses that are a name and a number: `clip_norm 1.0`. */
export const optionNames: readonly string[] = ['clip_norm'];

export const argWords: Readonly<Record<ArgKind, string>> = {
  number: 'a number',
  count: 'a whole number from 1',
  pair: 'a pair of numbers',
  flag: 'true or false',
};
