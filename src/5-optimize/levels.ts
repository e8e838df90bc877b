import type { Target } from '../ops/targets.js';

/**
 * How much of a graph may change. 0: only what its ONNX form needs. 1: everything except weights, so that each weight keeps its name and its values. 2: weights, too, may be
 * computed from others when the file is written.
 */
export const optimizationLevels = [0, 1, 2] as const;
export type OptimizationLevel = (typeof optimizationLevels)[number];

/** Portable files keep the weights of the model, since other tools look for them; files for a device store whatever is fastest there. */
export function defaultLevel(target: Target): OptimizationLevel {
  return target === 'portable' ? 1 : 2;
}
