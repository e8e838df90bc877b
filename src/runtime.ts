/// <reference types="node" />
/** Running and training models in Node, with the package `onnxruntime-node`: `archc/runtime`. In a browser, `src/runtime-browser.ts` replaces this file. */

import { Worker } from 'node:worker_threads';
import type {
  Model as LoadedModel,
  ModelLoader,
  Session as RunningSession,
  Trainer as RunningTrainer,
  SessionLoader,
  TrainerLoader,
} from './api/runtime.js';
import { loadModel } from './runtime/model/model.js';
import { nodePlatform } from './runtime/node-platform.js';
import type { WorkerPort } from './runtime/worker/protocol.js';

export type { DeviceCheck } from './api/device-check.js';
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
      ? (await import('./runtime/worker/worker-model.js')).loadWorkerModel(nodePlatform, startWorker, files, manifest, options)
      : loadModel(nodePlatform, files, manifest, options),
};
export const Session: SessionLoader = {
  load: async (model, options = {}) => (await import('./runtime/session/session.js')).loadSession(nodePlatform, model, options),
};
export const Trainer: TrainerLoader = {
  load: async (files, manifest, options = {}) =>
    options.worker === true
      ? (await import('./runtime/worker/worker-trainer.js')).loadWorkerTrainer(nodePlatform, startWorker, files, manifest, options)
      : (await import('./runtime/trainer/load-trainer.js')).loadTrainer(nodePlatform, files, manifest, options),
};

/** Starts `src/runtime-worker.ts`, whose bundle is next to that of this file. */
function startWorker<Asked, Told>(): WorkerPort<Asked, Told> {
  const worker = new Worker(new URL('./runtime-worker.js', import.meta.url));
  let isClosed = false;
  return {
    post: (message, moved = []) => worker.postMessage(message, [...moved]),
    onMessage: (listener) => worker.on('message', listener),
    onEnd: (listener) => {
      worker.on('error', (error) => listener(error.message));
      worker.on('exit', (code) => isClosed || listener(`it ended with code ${code}`));
    },
    setAwaited: (isAwaited) => (isAwaited ? worker.ref() : worker.unref()),
    close: async () => {
      isClosed = true;
      await worker.terminate();
    },
  };
}
