import type { CallForm } from './call-form.js';

/** The execution providers of ONNX Runtime that were probed. `wasm` is the CPU provider of `onnxruntime-web`. */
export const providers = ['cpu', 'webgpu', 'wasm'] as const;
export type Provider = (typeof providers)[number];

/** A provider about which something is known; for `cuda`, only from its documentation. */
export type KnownProvider = Provider | 'cuda';

/**
 * What a provider does with a node. `kernel`: it computes it. `claimed`: it has a kernel that was not run, because the necessary device was not available. `none`: it has no
 * kernel, and leaves the node to the CPU; on the CPU, the model does not load. `wrong`: it takes the node, but then fails at run time, ends the process or computes
 * something else.
 */
export type Kernel = 'kernel' | 'claimed' | 'none' | 'wrong';

/** Whether a node is computed, as far as is known. */
export function isComputed(kernel: Kernel | undefined): boolean {
  return kernel === 'kernel' || kernel === 'claimed';
}

/** Forms of one operator for which the same is true. */
export interface Kernels extends Readonly<Record<Provider, Kernel>> {
  /** The opset from which on it is true, if that is not the first one; an earlier group has the same forms. */
  readonly since?: number;
  readonly forms: readonly CallForm[];
}

/** By operator. */
export type KernelTable = Readonly<Record<string, readonly Kernels[]>>;
