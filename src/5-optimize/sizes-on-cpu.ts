import type { Target } from '../ops/targets.js';
import { hasIntegerKernels } from '../ops/targets.js';
import type { OnnxGraph, OnnxNode } from './lowering/onnx-graph.js';

/** The first node that computes a symbolic size where the device of the target has no kernels for i64; reading a size off an axis needs none. */
export function sizeOnCpu({ nodes }: OnnxGraph, target: Target = 'portable'): OnnxNode | undefined {
  if (hasIntegerKernels(target)) return undefined;
  return nodes.find(({ path, kinds, opType }) => path.length === 1 && path[0] === 'sizes' && kinds[1] === 'sizes' && opType !== 'Shape');
}
