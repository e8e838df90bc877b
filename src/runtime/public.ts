/** What `archc/runtime` exports both in Node and in browsers, apart from the loaders. */

export type { ModelGraph, ModelManifest, ModelState } from '../api/model-manifest.js';
export type { LoadProgress, ModelOptions, ModuleOptions } from '../api/model-options.js';
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
} from '../api/runtime.js';
export type { RecommendedOptions, SessionAdvice } from '../api/session-options.js';
export type { DataDim, InitialState, IntegerRange, PlainValue, Signature, StateSignature, TensorSignature } from '../api/signature.js';
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
} from '../api/tensor-types.js';
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
} from '../api/training.js';
export { HostError } from '../host.js';
export { FeedError, type FeedProblem } from './pure/feed-error.js';
export { tensor } from './pure/tensor.js';
export { SessionError, type SessionProblem } from './session/session-error.js';
export { type InputNotFinite, type StepPart, TrainingError, type TrainingProblem } from './trainer/training-error.js';
