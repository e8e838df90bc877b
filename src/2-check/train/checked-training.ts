import type { Span } from '../../diagnostics/span.js';
import type { CheckedModel } from '../checked-model.js';
import type { OptimizerName } from './optimizers.js';
import type { OptionValue } from './options.js';
import type { Rate } from './rates.js';

export type { OptimizerName, ScheduleName } from './optimizers.js';
export type { Rate, Schedule } from './rates.js';

/** A `train` block with the model that it trains, ready to become graphs. */
export interface CheckedTraining {
  readonly name: string;
  readonly doc: string | undefined;
  readonly span: Span;
  /**
   * The model with one entry, `train`, whose inputs are those of the model and of the block. Its outputs are `loss` and the metrics by their names, and nothing
   * else. The names of the weights are those that the model itself has; those of another layer or model in the block are below its name there:
   * `teacher.fc.weight`. Weights of frozen models are not trainable, as buffers are not.
   */
  readonly model: CheckedModel;
  readonly metrics: readonly string[];
  /** The names in the block of models that are never trained, below which their weights are. */
  readonly frozen: readonly string[];
  readonly optimizer: OptimizerSetting;
  readonly freeze: readonly FreezeSetting[];
  /** Layers whose dropout is off and whose batch norm uses its running statistics. */
  readonly evaluated: readonly PatternSetting[];
  readonly lora: readonly LoraSetting[];
  /** Layers whose inner values are computed again for the gradient instead of being kept: a pattern describes the path of each completely. */
  readonly checkpoints: readonly PatternSetting[];
  /** The norm of all gradients together has at most this value. */
  readonly clipNorm: number | undefined;
  /** Each element of a gradient has at most this absolute value. */
  readonly clipValue: number | undefined;
  /** How many batches the gradient of one step is taken from; at least 1. */
  readonly accumulate: number;
  /** The decay of the moving average of the weights. */
  readonly ema: number | undefined;
  /** The element type of the forward and backward computation; weights, moments and loss stay f32. */
  readonly precision: 'f32' | 'f16';
}

/** A pattern of names, and where it is written; it matches at least one. */
export interface PatternSetting {
  readonly pattern: string;
  readonly span: Span;
}

export interface FreezeSetting extends PatternSetting {
  /** Whether batch norms that it matches follow the statistics of the batches nevertheless. */
  readonly updatesStatistics: boolean;
}

export interface LoraSetting {
  /** Each matches at least one matrix; anything else that it matches stays unchanged. */
  readonly patterns: readonly PatternSetting[];
  readonly rank: number;
  /** The product of the two matrices counts `alpha / rank` times. */
  readonly alpha: number;
  readonly dropout: number;
  readonly span: Span;
}

export interface OptimizerSetting {
  readonly name: OptimizerName;
  /** The learning rate of weights that are in no group. */
  readonly lr: Rate;
  /** The other options, those that are not given with their defaults. */
  readonly options: OptimizerOptions;
  readonly groups: readonly GroupSetting[];
  readonly span: Span;
}

export type OptimizerOptions = Readonly<Record<string, OptionValue>>;

/** Weights that have options of their own. Of several groups that match a weight, the last one counts. */
export interface GroupSetting {
  /** `vectors`: every weight of rank 1 or less. */
  readonly matches: PatternSetting | 'vectors';
  /** Factor of the learning rate. */
  readonly lrScale: number;
  /** All options: those of the optimizer, with the group's own. */
  readonly options: OptimizerOptions;
}
