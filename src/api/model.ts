import type { Signature } from './signature.js';

/**
 * A compiled model, as the library shows it. Signatures, parameters and costs are plain data. `JSON.stringify` gives the name, the entries with their
 * signatures, and the parameters.
 */
export interface Model {
  readonly name: string;
  /** At least one, in the order of the source; a model with a signature of its own has the entry `forward`. */
  readonly entries: readonly ModelEntry[];
  /** The entry with this name. Throws `RangeError` if there is none. */
  entry(name: string): ModelEntry;
  /** The signature of the only entry, not enumerable. Throws `RangeError` if there are several. */
  readonly signature: Signature;
  /** The stored tensors of all entries, in the order of the file. */
  readonly parameters: readonly ParameterInfo[];
  /** The cost of the only entry. Throws `RangeError` if there are several. */
  cost(): readonly LayerCost[];
}

/** What becomes one graph. */
export interface ModelEntry {
  readonly name: string;
  readonly signature: Signature;
  /** The cost of the whole model, then of each layer, outer ones before inner ones, then of everything outside layers. */
  cost(): readonly LayerCost[];
}

export interface ParameterInfo {
  /** The full name, as in a checkpoint: `encoder.layers.3.self_attn.q_proj.weight`. */
  readonly name: string;
  readonly dtype: string;
  readonly shape: readonly number[];
  /** False for buffers, which training does not change by gradients. */
  readonly trainable: boolean;
}

/** Numbers if all sizes are known, and formulas of the dims otherwise: `136*N*T`. */
export interface LayerCost {
  readonly scope: 'model' | 'layer' | 'outside';
  /** Dot-joined labels of a layer; otherwise empty. */
  readonly path: string;
  /** The kind of a layer, or the name of the model; empty outside layers. */
  readonly kind: string;
  /** How many numbers training changes. */
  readonly parameters: number;
  /** How many other stored numbers a run reads. */
  readonly buffers: number;
  readonly weightBytes: number;
  /** Floating point operations of one run; a multiply-add counts as two. */
  readonly flops: number | string;
  /** Bytes of all results of the operators; fewer are alive at any one time. */
  readonly activationBytes: number | string;
}
