import type { CallForm } from './call-form.js';

/** The execution providers of ONNX Runtime that were probed. */
export const providers = ['cpu', 'webgpu'] as const;
export type Provider = (typeof providers)[number];

/**
 * What a provider does with a node. `kernel`: it computes it. `none`: it has no kernel, and leaves the node to the CPU; on the CPU, the model does not load. `wrong`: it
 * takes the node, and then fails at run time or computes something else.
 */
export type Kernel = 'kernel' | 'none' | 'wrong';

/** Forms of one operator of which the same is true. */
export interface Kernels extends Readonly<Record<Provider, Kernel>> {
  /** The opset from which on it is true, if that is not the first one; an earlier group has the same forms. */
  readonly since?: number;
  readonly forms: readonly CallForm[];
}

/** By operator. */
export type KernelTable = Readonly<Record<string, readonly Kernels[]>>;
