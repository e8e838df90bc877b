import { withDefaults } from '../../2-check/train/arguments.js';
import { optimizers as optimizerOptions } from '../../2-check/train/optimizers.js';
import type { Shape } from '../../ops/types.js';
import { adafactor } from './adafactor.js';
import { adagrad } from './adagrad.js';
import { adam, adamw } from './adam.js';
import { lion } from './lion.js';
import { muon } from './muon.js';
import { numberIn, type Optimizer, type Options } from './optimizer.js';
import { rmsprop } from './rmsprop.js';
import { sgd } from './sgd.js';

const optimizers: Readonly<Record<string, Optimizer>> = { sgd, adam, adamw, rmsprop, adagrad, adafactor, lion, muon };

/** What is done with a weight. */
export interface Choice {
  readonly optimizer: Optimizer;
  /** Complete for this optimizer. */
  readonly options: Options;
}

/**
 * The optimizer for a weight of this shape. Muon is defined for matrices: other weights are given to AdamW, with the learning rate and the weight decay that they would have, and
 * AdamW's defaults for the rest. Throws `RangeError` for a name that the checker does not know.
 */
export function optimizerFor(name: string, options: Options, shape: Shape): Choice {
  if (name === 'muon' && shape.length !== 2) {
    const others = withDefaults(optimizerOptions.adamw, new Map());
    return { optimizer: adamw, options: { ...others, weight_decay: numberIn(options, 'weight_decay') } };
  }
  const optimizer = optimizers[name];
  if (optimizer === undefined) throw new RangeError(`there is no optimizer ${name}`);
  return { optimizer, options };
}
