import type { OrtModule } from '../../api/runtime.js';

/** The part of ONNX Runtime's JavaScript that is used here: the same in `onnxruntime-node` and `onnxruntime-web`. */
export interface Ort {
  readonly InferenceSession: { create(model: Uint8Array | string, options: OrtSessionOptions): Promise<OrtSession> };
  readonly Tensor: new (type: string, data: unknown, dims: readonly number[]) => OrtTensor;
  readonly env: {
    readonly wasm?: { numThreads?: number; wasmPaths?: unknown };
    readonly versions?: { readonly common?: string; readonly web?: string; readonly node?: string };
    readonly webgpu?: { readonly device?: unknown };
  };
}

/** The session options that archc sets; a program may set others. */
export interface OrtSessionOptions {
  readonly executionProviders: readonly string[];
  readonly logSeverityLevel: 0 | 1 | 2 | 3 | 4;
  readonly intraOpNumThreads?: number;
  readonly preferredOutputLocation?: Readonly<Record<string, 'cpu' | 'gpu-buffer'>>;
  readonly externalData?: readonly { readonly path: string; readonly data: Uint8Array }[];
}

export interface OrtSession {
  readonly inputNames: readonly string[];
  readonly outputNames: readonly string[];
  run(
    feeds: Readonly<Record<string, OrtTensor>>,
    fetches?: Readonly<Record<string, OrtTensor | null>> | readonly string[],
  ): Promise<Readonly<Record<string, OrtTensor>>>;
  release(): Promise<void>;
}

export interface OrtTensor {
  /** ONNX Runtime's name of the element type: `float32`. */
  readonly type: string;
  readonly dims: readonly number[];
  /** Where the elements are: `cpu`, `gpu-buffer`. */
  readonly location: string;
  /** Only for a tensor that is not on a device. */
  readonly data: unknown;
  dispose(): void;
}

/** The module, or what is under `default` in it: onnxruntime-node is CommonJS. */
export function ortOf(module: OrtModule | { readonly default: OrtModule }): Ort {
  const found = 'InferenceSession' in module ? module : module.default;
  return found as unknown as Ort;
}
