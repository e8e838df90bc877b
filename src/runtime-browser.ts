/** Running and training models in a page or worker of a browser, with the package `onnxruntime-web`: `archc/runtime`. It loads nothing of Node and nothing of the compiler. */
import type {
  Model as LoadedModel,
  ModelLoader,
  Session as RunningSession,
  Trainer as RunningTrainer,
  SessionLoader,
  TrainerLoader,
} from './api/runtime.js';
import { browserPlatform } from './runtime/browser-platform.js';
import { loadModel } from './runtime/model/model.js';
import type { WorkerPort } from './runtime/worker/protocol.js';

export type { ModelGraph, ModelManifest, ModelState } from './api/model-manifest.js';
export type { LoadProgress, ModelOptions, ModuleOptions } from './api/model-options.js';
export type {
  AdapterReport,
  AnyInputs,
  AnyOutputs,
  Batch,
  BinarySource,
  BinaryTarget,
  BlobLike,
  CallOptions,
  ElementValue,
  EvaluateOptions,
  ExportOptions,
  Fallback,
  FileHandleLike,
  Metrics,
  ModelBase,
  ModelEntry,
  ModelFiles,
  ModelLoader,
  NamedFiles,
  NextInputs,
  OrtModule,
  Place,
  Provider,
  ProviderName,
  ResidentTensor,
  RestoreReport,
  RuntimeOptions,
  SessionLoader,
  SessionOptions,
  SessionOutputs,
  Signal,
  Steps,
  Tensor,
  TensorInput,
  TrainerBase,
  TrainerLoader,
  TrainerOptions,
  TrainingFiles,
  TypedElements,
  TypedTensor,
} from './api/runtime.js';
export type { RecommendedOptions, SessionAdvice } from './api/session-options.js';
export type { DataDim, InitialState, IntegerRange, PlainValue, Signature, StateSignature, TensorSignature } from './api/signature.js';
export type {
  ElementArrays,
  ImageInput,
  Input,
  InputArrays,
  InputElements,
  InputValue,
  NestedLists,
  Same,
  SizedInput,
  SizedTensor,
  UnequalSizes,
} from './api/tensor-types.js';
export type {
  AdapterLayout,
  LossScale,
  MomentLayout,
  RateSchedule,
  StoredAmount,
  StoredShape,
  TrainingCost,
  TrainingGraph,
  TrainingManifest,
} from './api/training.js';
export { HostError } from './host.js';
export { FeedError, type FeedProblem } from './runtime/pure/feed-error.js';
export { tensor } from './runtime/pure/tensor.js';
export { SessionError, type SessionProblem } from './runtime/session/session-error.js';
export { type InputNotFinite, type StepPart, TrainingError, type TrainingProblem } from './runtime/trainer/training-error.js';

export type Model = LoadedModel;
export type Session = RunningSession;
export type Trainer = RunningTrainer;

export const Model: ModelLoader = {
  load: async (files, manifest, options = {}) =>
    options.worker === true
      ? (await import('./runtime/worker/worker-model.js')).loadWorkerModel(browserPlatform, startWorker, files, manifest, options)
      : loadModel(browserPlatform, files, manifest, options),
};
export const Session: SessionLoader = {
  load: async (model, options = {}) => (await import('./runtime/session/session.js')).loadSession(browserPlatform, model, options),
};
export const Trainer: TrainerLoader = {
  load: async (files, manifest, options = {}) =>
    options.worker === true
      ? (await import('./runtime/worker/worker-trainer.js')).loadWorkerTrainer(browserPlatform, startWorker, files, manifest, options)
      : (await import('./runtime/trainer/load-trainer.js')).loadTrainer(browserPlatform, files, manifest, options),
};

/** What is used of a worker. */
interface BrowserWorker {
  postMessage(message: unknown, moved: readonly ArrayBuffer[]): void;
  terminate(): void;
  addEventListener(type: 'message', listener: (event: { readonly data: unknown }) => void): void;
  addEventListener(type: 'error', listener: (event: { readonly message?: string }) => void): void;
}

declare const Worker: new (url: URL, options: { readonly type: 'module' }) => BrowserWorker;

/** Starts `src/runtime-browser-worker.ts`, whose bundle is next to that of this file. Bundlers know this form of the call. */
function startWorker<Asked, Told>(): WorkerPort<Asked, Told> {
  const worker = new Worker(new URL('./runtime-browser-worker.js', import.meta.url), { type: 'module' });
  return {
    post: (message, moved = []) => worker.postMessage(message, moved),
    onMessage: (listener) => worker.addEventListener('message', ({ data }) => listener(data as Told)),
    onEnd: (listener) => worker.addEventListener('error', ({ message }) => listener(message ?? 'its script cannot be loaded')),
    setAwaited: () => {},
    close: () => worker.terminate(),
  };
}
