import type { Shape } from '../../ops/types.js';
import { adafactor } from './adafactor.js';
import { adagrad } from './adagrad.js';
import { adam, adamw } from './adam.js';
import { lion } from './lion.js';
import { muon } from './muon.js';
import type { Optimizer } from './optimizer.js';
import { rmsprop } from './rmsprop.js';
import { sgd } from './sgd.js';

const optimizers: Readonly<Record<string, Optimizer>> = { sgd, adam, adamw, rmsprop, adagrad, adafactor, lion, muon };

/** The optimizer for a weight of this shape. Muon is defined for matrices; other weights are given to AdamW. Throws `RangeError` for a name that the checker does not know. */
export function optimizerFor(name: string, shape: Shape): Optimizer {
  const optimizer = name === 'muon' && shape.length !== 2 ? adamw : optimizers[name];
  if (optimizer === undefined) throw new RangeError(`there is no optimizer ${name}`);
  return optimizer;
}
