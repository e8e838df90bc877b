import type { DataTrait } from './data-traits.js';

/** Numbers for which the specification of a device only guarantees a certain accuracy. */
export interface Unpromised {
  readonly opType: string;
  readonly trait: DataTrait;
  readonly source: string;
}

/** What WGSL leaves to the GPU. None of it was measured: SwiftShader, on which WebGPU was probed, is more accurate than it has to be. */
export const unpromised: readonly Unpromised[] = [
  { opType: 'Log', trait: 'near-one', source: 'WGSL 15.7.4.1: log has an absolute error of up to 2^-21 in [0.5, 2]' },
  { opType: 'Resize', trait: 'uneven', source: 'WGSL 15.7.4.1: x / y has an error of up to 2.5 ULP' },
];
