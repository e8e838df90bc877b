import { belowOne, count, flag, fromZero, number, type OptionTable, pair, type ValueRule } from './options.js';

const lr = { kind: 'rate' } as const;
const betas = pair([belowOne, belowOne], [0.9, 0.999]);
const adam = (decay: number): OptionTable => ({
  lr,
  betas,
  eps: number(fromZero, 1e-8),
  weight_decay: number(fromZero, decay),
  amsgrad: flag(false),
});

/**
 * The optimizers, with the options and defaults that they have in PyTorch 2.9; `lion` as in its paper (Chen et al. 2023). `muon` is for matrices: other weights get `adamw` with
 * the learning rate and the weight decay of `muon`, and the defaults of `adamw` for its other options.
 */
export const optimizers = {
  sgd: {
    lr,
    momentum: number(belowOne, 0),
    dampening: number({ least: 0, most: 1 }, 0),
    weight_decay: number(fromZero, 0),
    nesterov: flag(false),
  },
  adam: adam(0),
  adamw: adam(0.01),
  rmsprop: {
    lr,
    alpha: number(belowOne, 0.99),
    eps: number(fromZero, 1e-8),
    weight_decay: number(fromZero, 0),
    momentum: number(belowOne, 0),
    centered: flag(false),
  },
  adagrad: {
    lr,
    lr_decay: number(fromZero, 0),
    weight_decay: number(fromZero, 0),
    initial_accumulator_value: number(fromZero, 0),
    eps: number(fromZero, 1e-10),
  },
  adafactor: {
    lr,
    beta2_decay: number({ most: 0 }, -0.8),
    // PyTorch's `None` for the first one is the precision of f32.
    eps: pair([fromZero, fromZero], [2 ** -23, 1e-3]),
    d: number({ least: 1 }, 1),
    weight_decay: number(fromZero, 0),
  },
  muon: {
    lr,
    weight_decay: number(fromZero, 0.1),
    momentum: number(belowOne, 0.95),
    nesterov: flag(true),
    eps: number(fromZero, 1e-7),
    ns_steps: count(1, 5),
  },
  lion: { lr, betas: pair([belowOne, belowOne], [0.9, 0.99]), weight_decay: number(fromZero, 0) },
} as const satisfies Readonly<Record<string, OptionTable>>;

export type OptimizerName = keyof typeof optimizers;

export function isOptimizer(name: string): name is OptimizerName {
  return Object.hasOwn(optimizers, name);
}

/** What a group may set: the options of its optimizer, and a factor instead of the learning rate. */
export function groupOptions(optimizer: OptimizerName): OptionTable {
  const { lr: _, ...others } = optimizers[optimizer];
  return { lr_scale: number(fromZero, 1), ...others };
}

/** `alpha` is `rank` unless it is given. */
export const loraOptions: OptionTable = { rank: count(1), alpha: number({ above: 0 }, 1), dropout: number(belowOne, 0) };

/** Clauses that are a name and a number. */
export const numberClauses = {
  clip_norm: number({ above: 0 }),
  clip_value: number({ above: 0 }),
  accumulate: count(1),
  ema: number({ above: 0, below: 1 }),
} as const satisfies Readonly<Record<string, ValueRule>>;

const peak = number(fromZero);
const end = number(fromZero, 0);

/**
 * Learning rates that change with the number of steps taken so far. `steps` counts all steps, those of `warmup` included; from then on the rate is `end` times
 * the peak.
 */
export const schedules = {
  constant: { peak },
  linear: { peak, steps: count(1), end },
  cosine: { peak, steps: count(1), end },
  warmup_linear: { peak, warmup: count(0), steps: count(1), end },
  warmup_cosine: { peak, warmup: count(0), steps: count(1), end },
} as const satisfies Readonly<Record<string, OptionTable>>;

export type ScheduleName = keyof typeof schedules;

export function isSchedule(name: string): name is ScheduleName {
  return Object.hasOwn(schedules, name);
}
