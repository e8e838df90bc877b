/**
 * What the graph will run on. `portable` is the measured intersection; `webgpu` is the native execution provider of ONNX Runtime, which
 * `onnxruntime-web/webgpu` also uses.
 */
export const targets = ['portable', 'cpu', 'cuda', 'webgpu'] as const;
export type Target = (typeof targets)[number];

/** Whether a graph for this target may run on WebGPU, where operators without a kernel would leave the GPU. */
export function mayRunOnWebGpu(target: Target): boolean {
  return target !== 'cpu' && target !== 'cuda';
}

/** Whether ONNX Runtime has kernels on the device for arithmetic of i64, which sizes are; elsewhere it runs on the CPU. */
export function hasIntegerKernels(target: Target): boolean {
  return target !== 'webgpu';
}

/** Whether ONNX Runtime has a kernel for Scan on the device; elsewhere its nodes run on the CPU. */
export function hasScanKernel(target: Target): boolean {
  return target !== 'webgpu';
}
