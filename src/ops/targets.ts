/**
 * What the graph will run on. `portable` is standard ONNX for everywhere; `webgpu` is the native execution provider of ONNX Runtime, which
 * `onnxruntime-web/webgpu` also uses; `wasm` is the CPU provider of `onnxruntime-web`.
 */
export const targets = ['portable', 'cpu', 'cuda', 'webgpu', 'wasm'] as const;
export type Target = (typeof targets)[number];

/** Whether a whole graph for this target may run on the CPU. */
export function mayRunOnCpu(target: Target): boolean {
  return target === 'cpu' || target === 'portable';
}
