import { InternalError } from '../diagnostics/internal-error.js';
import type { Target } from './targets.js';

/**
 * The ONNX opsets that archc writes. The forms of its operators are those of the first, where the axes of reductions became inputs
 * everywhere; later ones add operators and element types, and keep these. The last is the newest that a released ONNX Runtime loads (1.30).
 */
export const opsets = { min: 21, max: 26 } as const;

/** The version of the file format in the ONNX release that introduced the opset. Metadata on nodes and values needs 10 or later. */
const irVersions: Readonly<Record<number, number>> = { 21: 10, 22: 10, 23: 11, 24: 12, 25: 13, 26: 13 };

/** The version of the file format that goes with an opset. */
export function irVersionOf(opset: number): number {
  const version = irVersions[opset];
  if (version === undefined) throw new InternalError(`archc does not write opset ${opset}`);
  return version;
}

/**
 * The opset that is written by default. The CPU has kernels for attention and the RMS norm, which opset 23 introduced, and loses none on the way there. On WebGPU, the kernels for
 * many operators end at an earlier opset, and nothing written for CUDA needs a later one.
 */
export function defaultOpset(target: Target): number {
  return target === 'cpu' ? 23 : opsets.min;
}
