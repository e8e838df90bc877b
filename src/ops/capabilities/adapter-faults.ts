/** A kernel that is right on some adapters and wrong on others, so that it must be tried on the adapter before a model that uses it. */
export interface AdapterFault {
  /** What is tried. */
  readonly check: 'attention';
  /** The names of operators of `com.microsoft`, whose first input is `[N, T, C]`. */
  readonly operators: readonly string[];
  /** Right everywhere for a smaller T. */
  readonly fromRows: number;
}

/**
 * Measured on WebGPU with ONNX Runtime 1.30, on SwiftShader, whose subgroups have 4 lanes: attention counts keys twice where subgroups have fewer than 8, unless the heads of `v` have another width than
 * those of `k`, or one that is not a multiple of 4.
 */
export const adapterFaults: readonly AdapterFault[] = [
  { check: 'attention', operators: ['Attention', 'MultiHeadAttention'], fromRows: 32 },
];
