import type { Target } from './onnx-builder.js';

/** Whether a graph for this target may run on WebGPU, where operators without a kernel would leave the GPU. */
export function mayRunOnWebGpu(target: Target): boolean {
  return target !== 'cpu' && target !== 'cuda';
}

/** Whether ONNX Runtime has a kernel for Scan on the device; elsewhere its nodes run on the CPU. */
export function hasScanKernel(target: Target): boolean {
  return target !== 'webgpu';
}
