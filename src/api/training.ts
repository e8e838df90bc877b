import type { Signature } from './signature.js';

/**
 * What the files of a `train` block are and how they belong together, as plain JSON. A trainer needs nothing else: it feeds batches and the state to the graphs, and keeps
 * the state that they give.
 */
export interface TrainingManifest {
  readonly version: 1;
  /** The name of the `train` block. */
  readonly name: string;
  /** The name of the model, with that of its entry if it has several. */
  readonly model: string;
  /**
   * One step of training. Its inputs are a batch, `lr` if the host gives the learning rate, and the states; its outputs are `loss`, the metrics, `NAME.weight` for each of them (what
   * its mean over the batch was divided by), `gradient.norm` and `change.norm`, and the states after the step. `gradient.norm` is the Euclidean length of the gradient before it is clipped, `change.norm` the
   * sum of the absolute values of what is added to weights and of the new running statistics: if one of them is infinite or NaN, the states after the step are of no use. States of the same name in several graphs are the same; those that are neither weights nor
   * moments are `step`, how many steps were taken, `seed`, from which dropout draws, and those of `lossScale`.
   */
  readonly train: TrainingGraph;
  /** Loss and metrics of a batch without dropout, and with the running statistics: for held-out data. Its states are weights, which it does not change. */
  readonly eval: TrainingGraph;
  /** Present if a step takes several batches: adds the gradients of one batch to sums, which are states. */
  readonly grads?: TrainingGraph | undefined;
  /** Present with `grads`: makes a step from these sums, and sets them to 0. */
  readonly apply?: TrainingGraph | undefined;
  /** The model for inference; trained weights replace its initializers of the same names. */
  readonly inference: TrainingGraph;
  /** The safetensors file with the initial values of the states that are stored, under the names of their inputs. */
  readonly stateFile: string;
  /** How many batches the gradient of one step is taken from. */
  readonly accumulate: number;
  readonly metrics: readonly string[];
  /** Whether `ema.NAME` is a moving average of each weight: states, too. */
  readonly hasAverage: boolean;
  /** Whether the host gives the learning rate at each step. */
  readonly hasRate: boolean;
  /** The learning rate that the graph computes; absent if the host gives it. Groups of weights may scale it. */
  readonly rate?: number | RateSchedule | undefined;
  /** Present if forward and backward pass compute in f16. */
  readonly lossScale?: LossScale | undefined;
  /** The weights that change, in the order of the model. They are states of `train` with these names. */
  readonly weights: readonly StoredShape[];
  /** Running statistics that `train` updates: also states. */
  readonly statistics: readonly StoredShape[];
  /** The other weights of the model for inference: constants of the graphs, and not in checkpoints. */
  readonly frozen: readonly StoredShape[];
  /** What the optimizer remembers, and how it is joined to vectors. */
  readonly moments: readonly MomentLayout[];
  /** The adapters that are trained instead of their matrices. */
  readonly adapters: readonly AdapterLayout[];
  /** What one step needs. */
  readonly cost: TrainingCost;
}

/**
 * A learning rate that depends on the number of steps before: `peak` times a factor, which rises from 0 to 1 over the first `warmup` steps (those of `warmup_linear` and `warmup_cosine`) and
 * then falls to `end`, which it has from `steps` on.
 */
export interface RateSchedule {
  readonly name: 'constant' | 'linear' | 'cosine' | 'warmup_linear' | 'warmup_cosine';
  readonly peak: number;
  readonly warmup: number;
  readonly steps: number;
  readonly end: number;
}

/** What one step of training needs at least. Where sizes of the batch are open, figures are formulas of them: `64*N + 128`. */
export interface TrainingCost {
  /** The weights that the step changes by their gradients. */
  readonly trained: StoredAmount;
  /** Other weights, which it only reads. */
  readonly frozen: StoredAmount;
  /** What the optimizer remembers, running statistics and moving averages. */
  readonly state: StoredAmount;
  /** One for each trained number. */
  readonly gradients: StoredAmount;
  /** What the forward pass keeps for the gradient. */
  readonly keptBytes: number | string;
  /** All of that together, which a device must hold at least. */
  readonly leastBytes: number | string;
  /** The largest tensors: for any sizes, one of them is not exceeded by any other. A GPU limits the size of one tensor, too. */
  readonly largestBytes: readonly (number | string)[];
  /** Floating point operations of the step. */
  readonly flops: number | string;
}

export interface StoredAmount {
  readonly count: number;
  readonly bytes: number;
}

/**
 * How the loss is scaled, so that small gradients are not 0 in f16. The state `loss_scale` is what it is multiplied with, and `good_steps` counts the steps in a row since it changed. A step
 * whose gradients are not finite changes nothing but `loss_scale`, which it halves, and `skipped_steps`, which it counts up. With `accumulate`, that is decided by `apply`, so that a trainer must
 * put back the running statistics that `grads` has changed.
 */
export interface LossScale {
  /** The scale is not halved below this value, because a lower one would not help. */
  readonly least: number;
}

/** A low-rank adapter: `scale * B @ A`, or its transpose if the matrix has its inputs first, is added to the matrix. */
export interface AdapterLayout {
  /** The name of the matrix. */
  readonly weight: string;
  /** The names of A, `[rank, inputs]`, and of B, `[outputs, rank]`, which are among the weights that change. */
  readonly a: string;
  readonly b: string;
  readonly scale: number;
  /** Whether the matrix is `[inputs, outputs]`; otherwise it is `[outputs, inputs]`, as PyTorch's linear layers have it. */
  readonly inputsFirst: boolean;
}

export interface TrainingGraph {
  /** The name of the file. */
  readonly file: string;
  readonly signature: Signature;
}

export interface StoredShape {
  readonly name: string;
  readonly shape: readonly number[];
}

/** A state of the optimizer: one tensor for one weight, or a vector of several weights' values, flattened and concatenated. */
export interface MomentLayout {
  /** The name of the state. */
  readonly state: string;
  /** What it is, by PyTorch's name: `exp_avg`. */
  readonly moment: string;
  /** The weights in it. `offset` counts elements; the shape is that of the moment for the weight. */
  readonly parts: readonly (StoredShape & { readonly offset: number })[];
}
