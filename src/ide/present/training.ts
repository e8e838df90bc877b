import { isOptimizer, isSchedule, loraOptions, optimizers, schedules } from '../../2-check/train/optimizers.js';
import { type OptionRule, type OptionTable, rangeText, wordsFor } from '../../2-check/train/options.js';
import type { Accepted, Callable, Parameter } from './callable.js';
import { type DocsPlace, plain, prose } from './markdown.js';

const place: DocsPlace = { page: 'language.md', section: 'Optimizers' };

const optimizerDocs: Readonly<Record<string, string>> = {
  sgd: 'Stochastic gradient descent, with momentum if it is given.',
  adam: 'Adam (Kingma and Ba 2015).',
  adamw: 'Adam with a weight decay that is decoupled from the gradient (Loshchilov and Hutter 2019).',
  rmsprop: 'RMSProp: the gradient divided by the root of a running mean of its square.',
  adagrad: 'Adagrad: the gradient divided by the root of the sum of all its squares.',
  adafactor: 'Adafactor (Shazeer and Stern 2018), whose state is small.',
  muon: 'Muon, for matrices. Other weights get `adamw` with the same `lr` and `weight_decay`.',
  lion: 'Lion (Chen et al. 2023): steps by the sign of a momentum.',
};

const scheduleDocs: Readonly<Record<string, string>> = {
  constant: 'The learning rate stays the same.',
  linear: 'The learning rate falls in a straight line, to `end` times the peak after `steps` steps.',
  cosine: 'The learning rate falls like half a period of a cosine.',
  warmup_linear: 'The learning rate rises from 0 to the peak in `warmup` steps, and then falls in a straight line.',
  warmup_cosine: 'The learning rate rises from 0 to the peak in `warmup` steps, and then falls like half a period of a cosine.',
};

const optionDocs: Readonly<Record<string, string>> = {
  lr: 'The learning rate: a number, `input`, or a schedule such as `cosine(3e-4, steps = 10_000)`.',
  betas: 'The decays of the running means of the gradient and of its square.',
  eps: 'Added to divisors, so that none is 0.',
  weight_decay: 'How strongly weights are pulled toward 0.',
  amsgrad: 'Uses the greatest running mean of the squares so far.',
  momentum: 'How much of the last step goes into the next one.',
  dampening: 'How much less of the gradient goes into the momentum.',
  nesterov: "Uses Nesterov's momentum.",
  alpha: 'The decay of the running mean of the squares.',
  centered: 'Divides by the standard deviation of the gradient.',
  lr_decay: 'How quickly the learning rate falls.',
  initial_accumulator_value: 'The sum of squares at the start.',
  beta2_decay: 'The exponent of the decay of the running mean of the squares.',
  d: 'Limits the size of a step.',
  ns_steps: 'The number of Newton-Schulz iterations.',
  lr_scale: 'A factor for the learning rate.',
  peak: 'The greatest learning rate.',
  warmup: 'The number of steps in which the learning rate rises; `steps` counts them, too.',
  steps: 'The number of steps until the learning rate is at its end.',
  end: 'The last learning rate, as a fraction of the peak.',
  rank: 'The rank of the product that is added to each matrix.',
  dropout: 'The probability that an input of the product is set to 0.',
};

/** An optimizer with its options. */
export function optimizerCallable(name: string): Callable | undefined {
  if (!isOptimizer(name)) return undefined;
  return { name, lists: [optionParameters(optimizers[name])], doc: prose(optimizerDocs[name] ?? ''), place };
}

/** A learning rate that changes with the number of steps. */
export function scheduleCallable(name: string): Callable | undefined {
  if (!isSchedule(name)) return undefined;
  return { name, lists: [optionParameters(schedules[name])], doc: prose(scheduleDocs[name] ?? ''), place };
}

/** `lora(rank = 8)` in a `train` block. */
export function loraCallable(): Callable {
  const parameters = optionParameters(loraOptions).map((option): Parameter => {
    if (option.name !== 'alpha') return option;
    const doc = 'The product is multiplied by `alpha / rank`.';
    return { ...option, text: 'alpha = rank', fallback: 'rank', doc };
  });
  return {
    name: 'lora',
    lists: [parameters],
    doc: 'Adds the product of two thin trained matrices to each matching matrix, which itself is frozen.',
    place: { page: 'lora.md' },
  };
}

/** The options of a table: those without a default may be given by position. */
export function optionParameters(table: OptionTable): readonly Parameter[] {
  return Object.entries(table).map(([name, rule]): Parameter => {
    const fallback = fallbackOf(rule);
    return {
      name,
      text: fallback === undefined ? name : `${name} = ${fallback}`,
      isTensor: false,
      isRequired: fallback === undefined,
      byPosition: fallback === undefined,
      isVariadic: false,
      type: wordsFor(rule).replaceAll('`', ''),
      fallback,
      doc: [prose(optionDocs[name] ?? ''), limits(rule)].filter((part) => part !== '').join(' '),
      accepts: { kind: acceptedBy(rule) },
    };
  });
}

function limits(rule: OptionRule): string {
  if (rule.kind !== 'number' && rule.kind !== 'count') return '';
  const text = rangeText(rule.range);
  return text === 'finite' ? '' : `It is ${plain(text)}.`;
}

function fallbackOf(rule: OptionRule): string | undefined {
  if (rule.kind === 'rate') return undefined;
  const { fallback } = rule;
  if (fallback === undefined) return undefined;
  return typeof fallback === 'object' ? `(${fallback.join(', ')})` : String(fallback);
}

function acceptedBy({ kind }: OptionRule): Accepted['kind'] {
  return kind === 'rate' ? 'rate' : kind === 'flag' ? 'bool' : kind === 'pair' ? 'tuple' : kind === 'count' ? 'int' : 'float';
}
