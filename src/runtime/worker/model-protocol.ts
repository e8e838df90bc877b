import type { ModelManifest } from '../../api/model-manifest.js';
import type { LoadProgress, ModelOptions } from '../../api/model-options.js';
import type { AnyInputs, Fallback, ModelFiles, Provider, Tensor, TensorInput } from '../../api/runtime.js';
import type { Answer } from './line.js';

/** What a model in a worker is asked to do, one thing after the other. `model` is the number of the fork. */
export type ModelRequest =
  | {
      readonly kind: 'loadModel';
      readonly files: ModelFiles;
      readonly manifest: ModelManifest;
      readonly options: ModelOptions;
      readonly tells: boolean;
    }
  | {
      readonly kind: 'call';
      readonly model: number;
      readonly entry: string;
      readonly inputs: AnyInputs;
      readonly resize: boolean | undefined;
    }
  | { readonly kind: 'states' | 'dispose'; readonly model: number }
  | { readonly kind: 'fork'; readonly model: number; readonly fork: number }
  | { readonly kind: 'reset'; readonly model: number; readonly states: Readonly<Record<string, TensorInput>> }
  | { readonly kind: 'warmUp'; readonly model: number; readonly sizes: Readonly<Record<string, number>> };

/** What each kind of request is answered with. */
export interface ModelResults {
  readonly loadModel: { readonly provider: Provider; readonly fallback: Fallback | undefined };
  readonly call: Readonly<Record<string, Tensor>>;
  readonly states: Readonly<Record<string, Tensor>>;
  readonly fork: undefined;
  readonly reset: undefined;
  readonly warmUp: undefined;
  /** How many models the worker still has. */
  readonly dispose: number;
}

/** From the worker: how far the loading is, and an answer for each request. */
export type ModelReply = { readonly progress: LoadProgress } | Answer;
