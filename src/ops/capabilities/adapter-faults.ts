/** A kernel that is right on some adapters and wrong on others, so it must be tried on the adapter before a model that uses it. */
export interface AdapterFault {
  /** The check that tries it. */
  readonly check: 'attention';
  /** The names of operators of `com.microsoft`, whose first input is `[N, T, C]`. */
  readonly operators: readonly string[];
  /** The smallest T for which it can be wrong. */
  readonly fromRows: number;
}

/**
 * Measured on WebGPU with ONNX Runtime 1.30 on SwiftShader, whose subgroups have 4 lanes: attention counts keys twice where subgroups have fewer than 8 lanes, unless the heads of `v` have a different width from
 * those of `k`, or a width that is not a multiple of 4.
 */
export const adapterFaults: readonly AdapterFault[] = [
  { check: 'attention', operators: ['Attention', 'MultiHeadAttention'], fromRows: 32 },
];
