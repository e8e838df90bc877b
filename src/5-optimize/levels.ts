import type { Target } from '../ops/targets.js';

/**
 * How much of a graph may change. 0: nothing beyond what its ONNX form needs. 1: nothing that changes a weight, so that each keeps its name and its values. 2: weights may be
 * computed from others when the file is written.
 */
export const optimizationLevels = [0, 1, 2] as const;
export type OptimizationLevel = (typeof optimizationLevels)[number];

/** Portable files keep the weights of the model, since other tools look for them; files for a device have those that are fastest there. */
export function defaultLevel(target: Target): OptimizationLevel {
  return target === 'portable' ? 1 : 2;
}
