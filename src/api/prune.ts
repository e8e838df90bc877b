import type { CompileOptions } from './options.js';
import type { CheckResult } from './results.js';

/** How a model is pruned: `to` smaller sizes, or to a `sparsity`. */
export interface PruneOptions
  extends Pick<
    CompileOptions,
    'model' | 'config' | 'configFile' | 'setFrom' | 'setFromFile' | 'setIn' | 'set' | 'bind' | 'with' | 'dtype' | 'limits'
  > {
  /** The safetensors file of the model, or the index of a sharded one, that the host can open. */
  readonly weights: string;
  /** Names in the file that differ from the model's: `{ 'module.*': '*' }`. */
  readonly map?: Readonly<Record<string, string>> | undefined;
  /** The hyperparameters of the smaller model that differ, as text in the language: `{ hidden: '2304' }`. Whole channels and heads are removed. */
  readonly to?: Readonly<Record<string, string>> | undefined;
  /** The share of the elements, from 0 to 1, that are set to zero: those with the smallest magnitudes. Sizes do not change. */
  readonly sparsity?: number | undefined;
  /** With `sparsity`: only weights whose names match one of these patterns. Without it, all trained weights with at least two axes. */
  readonly only?: readonly string[] | undefined;
  /** With `sparsity`: whether the share applies to each weight, which is the default, or to all of them together. */
  readonly scope?: 'each' | 'global' | undefined;
}

export interface PruneResult extends CheckResult {
  /** The weights of the pruned model as a safetensors file; absent if there was an error. */
  readonly bytes?: Uint8Array | undefined;
  /** What has become smaller; absent if there was an error. */
  readonly pruned?: PruneReport | undefined;
}

export interface PruneReport {
  /** The hyperparameters that describe the pruned model, in addition to those of the model as it was. */
  readonly set: Readonly<Record<string, string>>;
  readonly weights: readonly PrunedWeight[];
  readonly entries: readonly { readonly entry: string; readonly layers: readonly PrunedLayer[] }[];
}

export interface PrunedWeight {
  readonly name: string;
  readonly dtype: string;
  readonly from: readonly number[];
  readonly to: readonly number[];
  /** How many of its elements are zero after pruning. */
  readonly zeros: number;
}

/** A row of the cost of a model before and after pruning. */
export interface PrunedLayer {
  readonly scope: 'model' | 'layer' | 'outside';
  /** Dot-joined labels of a layer; otherwise empty. */
  readonly path: string;
  readonly kind: string;
  readonly from: LayerSize;
  readonly to: LayerSize;
  /** The share of its trained numbers that are zero after pruning. */
  readonly sparsity: number;
}

export interface LayerSize {
  readonly parameters: number;
  /** Floating-point operations of one run, as a formula if a size is open. Zeros count like any other number. */
  readonly flops: number | string;
}
