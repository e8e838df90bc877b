import type { DeviceCheck } from '../../api/device-check.js';
import type { RecommendedOptions } from '../../api/session-options.js';
import type { DType } from '../../ops/types.js';
import type { TensorData } from '../../runtime/pure/tensor-data.js';

/** The request to the child process. */
export interface RunRequest {
  /** Path of the ONNX file. */
  readonly model: string;
  readonly provider: string;
  /** The session options that the model recommends for this provider. */
  readonly sessionOptions: RecommendedOptions | undefined;
  /** The checks that a GPU must pass before it runs the model. */
  readonly checks: readonly DeviceCheck[];
  readonly runs: number;
  readonly inputs: ReadonlyMap<string, TensorData>;
  /** The element types of the outputs, because a typed array does not distinguish f16 from u16. */
  readonly outputs: ReadonlyMap<string, DType>;
}

/** Its answer. */
export type RunReply =
  | {
      readonly kind: 'done';
      readonly outputs: ReadonlyMap<string, TensorData>;
      readonly milliseconds: readonly number[];
      readonly load: number;
    }
  | { readonly kind: 'missing'; readonly reason: string }
  /** There is no device, or it does not have what the model uses, or computes it wrongly. */
  | { readonly kind: 'unfit'; readonly reason: string }
  | { readonly kind: 'failed'; readonly reason: string };
