/// <reference lib="esnext.disposable" preserve="true" />
import type { ModelManifest } from './model-manifest.js';
import type { ModelOptions } from './model-options.js';
import type { ElementArrays, ImageInput } from './tensor-types.js';
import type { TrainingManifest } from './training.js';

/** Where models run: on the processor (in a browser, as WebAssembly), or on the GPU through WebGPU. */
export type Provider = 'cpu' | 'webgpu';

/** A provider as a program may choose it; `wasm` is another name of `cpu`. */
export type ProviderName = Provider | 'wasm';

/** Why something runs on another provider than the one that was tried first. */
export interface Fallback {
  readonly provider: Provider;
  readonly reason: string;
}

/** What is needed of an `AbortSignal`, which both Node and the DOM have. */
export interface Signal {
  readonly aborted: boolean;
  readonly reason: unknown;
  addEventListener(type: 'abort', listener: () => void): void;
  removeEventListener(type: 'abort', listener: () => void): void;
}

/** ONNX Runtime as a program gives it: what `import * as ort from 'onnxruntime-web/webgpu'` or `import ort from 'onnxruntime-node'` is. */
export interface OrtModule {
  readonly InferenceSession: unknown;
  readonly Tensor: unknown;
}

/** The elements of a tensor, row-major. For f16 and bf16, a `Uint16Array` has their bit patterns. */
export type TypedElements =
  | Float32Array
  | Float64Array
  | Int8Array
  | Int16Array
  | Int32Array
  | BigInt64Array
  | Uint8Array
  | Uint8ClampedArray
  | Uint16Array
  | Uint32Array
  | BigUint64Array;

/** One element. */
export type ElementValue = number | bigint | boolean;

/**
 * What a program may give for an input: a number for a scalar; lists, each level of which is an axis, outermost first; the elements alone, row-major, if at most one
 * size of the input is open; the elements with their shape; or an `ImageData` for an input of RGB planes. Elements must stay as they are until the call has ended.
 */
export type TensorInput =
  | ElementValue
  | TypedElements
  | readonly TensorInput[]
  | { readonly data: TypedElements | readonly ElementValue[]; readonly shape: readonly number[] }
  | ImageInput;

/** A tensor with its elements, row-major. */
export interface Tensor {
  /** `f32`, `i64`, `bool`. */
  readonly dtype: string;
  /** The sizes of the axes, outermost first; a scalar has none. */
  readonly shape: readonly number[];
  readonly data: TypedElements;
}

/** A tensor whose element type is known statically, and its sizes as far as they are. */
export interface TypedTensor<Name extends keyof ElementArrays, Dims extends readonly number[] = readonly number[]> extends Tensor {
  readonly dtype: Name;
  readonly shape: Readonly<Dims>;
  readonly data: ElementArrays[Name];
}

/** A tensor that stays on the device of the session that made it, to be given to a later run of a session with the same provider. */
export interface ResidentTensor {
  readonly dtype: string;
  readonly shape: readonly number[];
  /** A copy of the tensor. Throws `SessionError` if that fails, and after `dispose`. */
  download(): Promise<Tensor>;
  /** Frees its memory. Call it when no run needs the tensor any longer. */
  dispose(): Promise<void>;
}

export interface RuntimeOptions {
  /**
   * Where to run, or several places in the order in which they are tried: `['webgpu', 'wasm']` runs on the processor where WebGPU fails, and `fallback` of what is loaded says why. Default: `cpu` in Node; in a
   * browser `webgpu` and then `cpu` if there is a GPU that allows it, and `cpu` otherwise.
   */
  readonly provider?: ProviderName | readonly ProviderName[] | undefined;
  /**
   * The module of ONNX Runtime, or the URL from which it is imported. By default, `onnxruntime-node` is imported in Node, and in a browser one build of `onnxruntime-web`: `/jspi` or `/webgpu` for a GPU,
   * and `/wasm` otherwise.
   */
  readonly ort?: OrtModule | string | undefined;
  /** In a browser: the URL of the folder with the `.wasm` files of ONNX Runtime, if they are not beside its script. */
  readonly wasmPaths?: string | undefined;
  /** How many threads compute one operator on the processor. Sums depend on it in their last bits. Default: what ONNX Runtime chooses. */
  readonly threads?: number | undefined;
  /**
   * Options for ONNX Runtime's `InferenceSession.create`, such as `{ graphOptimizationLevel: 'basic' }`, instead of those that the file of a model recommends; `{}` means ONNX Runtime's own
   * defaults.
   */
  readonly sessionOptions?: Readonly<Record<string, unknown>> | undefined;
}

export interface CallOptions {
  /** Takes the call out of the queue as long as it waits there. A call that has begun is not interrupted. */
  readonly signal?: Signal | undefined;
  /** Whether an `ImageData` of another size than the input has is scaled to it. Otherwise it is an error. */
  readonly resize?: boolean | undefined;
}

/** How held-out batches are evaluated. */
export interface EvaluateOptions extends CallOptions {
  /** Whether with the moving average of the weights, which `exportModel` with `ema` writes, instead of the weights as they are now. Throws `TrainingError` where there is none. */
  readonly ema?: boolean | undefined;
}

export interface SessionOptions extends RuntimeOptions {
  /** The outputs that stay on the device; they are `ResidentTensor`s. Without a device, these are kept in memory. */
  readonly resident?: readonly string[] | undefined;
  /** The contents of the data files that the model refers to, by their names. */
  readonly data?: Readonly<Record<string, Uint8Array>> | undefined;
}

/** A model that is ready to run. Calls may overlap, even those of several sessions: ONNX Runtime gets them one at a time. */
export interface Session {
  readonly provider: Provider;
  /** What was tried before `provider`, and why it failed. */
  readonly fallback: Fallback | undefined;
  /** The names of the inputs and outputs, in the order of the model. */
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  /**
   * Runs the model. Throws `FeedError` for inputs that are missing, unknown, or do not fit the model, and `SessionError` if ONNX Runtime fails or the device is lost.
   */
  run(inputs: Readonly<Record<string, TensorInput | ResidentTensor>>, options?: CallOptions): Promise<SessionOutputs>;
  /** Releases the model, once the calls before have ended. */
  dispose(): Promise<void>;
  [Symbol.asyncDispose](): Promise<void>;
}

/** The outputs of a run by name. */
export interface SessionOutputs {
  /** The output with this name. Throws `RangeError` if there is none, or if it stays on the device. */
  tensor(name: string): Tensor;
  /** The output with this name, which `resident` lists. Throws `RangeError` for any other. */
  resident(name: string): ResidentTensor;
}

/** A path in Node; a URL or its text anywhere. */
export type Place = string | { readonly href: string };

/** What is needed of a `Blob` or `File`. */
export interface BlobLike {
  arrayBuffer(): Promise<ArrayBuffer>;
}

/** What is needed of a `FileSystemFileHandle` of a browser. */
export interface FileHandleLike {
  getFile(): Promise<BlobLike>;
  createWritable(): Promise<{ write(bytes: Uint8Array): Promise<void>; close(): Promise<void>; abort(reason?: unknown): Promise<void> }>;
}

export type BinarySource = Place | Uint8Array | ArrayBuffer | BlobLike | FileHandleLike;
export type BinaryTarget = Place | FileHandleLike;

/** Files by name: their contents, or where they are. */
export type NamedFiles = Readonly<Record<string, Uint8Array | Place>>;

/** The files of a model or training: the folder in which they are, files by name, or a function that reads one. */
export type ModelFiles =
  | Place
  | NamedFiles
  | ReadonlyMap<string, Uint8Array | Place>
  | ((name: string) => Promise<Uint8Array> | Uint8Array);

export type TrainingFiles = ModelFiles;

/** The inputs of the next call, or undefined to stop. */
export type NextInputs<Inputs> = Inputs | undefined | Promise<Inputs | undefined>;

/**
 * Runs an entry again and again: first with `first`, then with what `next` makes of the outputs and of the number of the call, from 0 on, until that is undefined. The outputs of each call are given to
 * the loop before `next` is asked; a loop that is left ends the calls.
 */
export type Steps<Inputs, Outputs> = (
  first: Inputs,
  next: (outputs: Outputs, index: number) => NextInputs<Inputs>,
  options?: CallOptions,
) => AsyncGenerator<Outputs, void, undefined>;

/** The inputs and outputs of models whose types are not known, by name. */
export type AnyInputs = Readonly<Record<string, TensorInput>>;
export type AnyOutputs = Readonly<Record<string, Tensor>>;

/** How an entry is run. */
export interface ModelEntry {
  /** What `call` of the model does. */
  run(inputs: AnyInputs, options?: CallOptions): Promise<AnyOutputs>;
  readonly steps: Steps<AnyInputs, AnyOutputs>;
}

/** What a loaded model has whatever it computes. */
export interface ModelBase {
  readonly manifest: ModelManifest;
  readonly provider: Provider;
  /** What was tried before `provider`, and why it failed. */
  readonly fallback: Fallback | undefined;
  /** Runs every entry once with made-up inputs, so that the first real call is as fast as the others. `sizes` are those of the calls to come, as far as they are known: `{ N: 1 }`. The states stay as they are. */
  warmUp(sizes?: Readonly<Record<string, number>>): Promise<void>;
  /** Releases everything, once the calls before have ended. */
  dispose(): Promise<void>;
  [Symbol.asyncDispose](): Promise<void>;
}

/**
 * A model with all its entries, ready to run. It keeps the states: each call takes them as the call before left them, also one of another entry, and on a GPU they stay there. Calls may
 * overlap; they are done one at a time. All throw `SessionError` if ONNX Runtime fails.
 */
export interface Model extends ModelBase {
  /**
   * Runs an entry (`forward` for a model with a signature of its own), and returns its outputs by name, without those of states. If it throws, the states are what they were: `FeedError` for inputs
   * that are missing, unknown, or do not fit the model or its states, and `RangeError` for an unknown entry.
   */
  call(entry: string, inputs: AnyInputs, options?: CallOptions): Promise<AnyOutputs>;
  /** The entries by name; `forward` for a model with a signature of its own. */
  readonly entries: Readonly<Record<string, ModelEntry>>;
  /** Copies of the states, by the names of their inputs; those that no call has set yet are left out. */
  states(): Promise<Readonly<Record<string, Tensor>>>;
  /** Begins again: the next call has the given states, and the others as they are before the first call. Throws `FeedError` for what is not a state. */
  reset(states?: Readonly<Record<string, TensorInput>>): Promise<void>;
  /** Another model that begins with the states as they are now, and continues on its own. Both share what was loaded; the last one that is disposed of releases it. */
  fork(): Promise<Model>;
}

/** A tensor for each input of the batch, by name. */
export type Batch = Readonly<Record<string, TensorInput>>;

/** The loss and the metrics of the `train` block by name: means over all that counts in the batches. */
export type Metrics = Readonly<Record<string, number>> & { readonly loss: number };

export interface TrainerOptions extends RuntimeOptions {
  /** What the masks of dropout are drawn from: a whole number of 32 bits; 0 by default. */
  readonly seed?: number | undefined;
  /** The learning rate; needed where the `train` block takes it from the host, and refused elsewhere. */
  readonly lr?: number | undefined;
  /** A safetensors file with other initial weights than those of the training, such as a checkpoint. It must have all that are trained, except for adapters; those that are frozen are taken from it, too. */
  readonly weights?: BinarySource | undefined;
  /** Whether weights that `weights` does not have, or has in another shape or type, stay as they are built, such as those of a new head; `skippedWeights` lists them. Otherwise they are an error. */
  readonly skipMismatch?: boolean | undefined;
  /**
   * Whether it works in a worker: a run of onnxruntime-node blocks the thread in which it is, and on the processor of a browser, too. Batches are copied to the worker. `files` cannot be a function
   * then, nor `ort` a module.
   */
  readonly worker?: boolean | undefined;
}

export interface ExportOptions {
  /** Whether weights are their moving averages. */
  readonly ema?: boolean | undefined;
}

/** What a checkpoint could not give, and what of it was not needed. */
export interface RestoreReport {
  /** The number of steps that were taken before the checkpoint was saved; 0 if the optimizer starts afresh. */
  readonly step: number;
  /**
   * Whether the optimizer starts afresh, as one that is made for other weights does in PyTorch: the file does not have all that it remembers, because weights are trained that were not, or have another
   * shape. The number of steps, by which it corrects its means and a schedule its rate, is then 0.
   */
  readonly restarted: boolean;
  /** The tensors of this training that the file does not have; they are as they were. */
  readonly missing: readonly string[];
  /** Those that the file has in another shape or type; they are as they were. `[64, 32] f32` */
  readonly different: readonly { readonly name: string; readonly wanted: string; readonly found: string }[];
  /** The tensors of the file that are constants in this training, such as weights that are frozen now: they were replaced. */
  readonly frozen: readonly string[];
  /** The other tensors of the file; this training has nothing of these names. */
  readonly unused: readonly string[];
}

/** What a folder of adapters could not give, and what of it was not needed. */
export type AdapterReport = Omit<RestoreReport, 'step' | 'restarted'>;

/** What a training has whatever its batches are. */
export interface TrainerBase {
  readonly manifest: TrainingManifest;
  readonly provider: Provider;
  /** What was tried before `provider`, and why it failed. */
  readonly fallback: Fallback | undefined;
  /** The weights that were not among those that the option `weights` gave; `skipMismatch` allows that. */
  readonly skippedWeights: readonly string[];
  /** How many steps were taken since the start of the training, also before it was restored; those that were skipped are among them. */
  readonly stepCount: number;
  /** How many of them were skipped, because their gradients overflowed f16. */
  readonly skippedSteps: number;
  /** What the loss is multiplied with for its gradient; undefined unless the `train` block says `precision f16`. */
  readonly lossScale: number | undefined;
  /**
   * Saves a checkpoint, a safetensors file: weights and running statistics under their own names, what the optimizer remembers of a weight as `optimizer.MOMENT.WEIGHT`, `step` and
   * `seed`. A file that is replaced stays as it was until the new one is complete, even if that fails. Throws `HostError` if it cannot be written, and `TrainingError` for weights that are infinite or NaN.
   */
  save(target: BinaryTarget): Promise<void>;
  /** The same as bytes. */
  save(): Promise<Uint8Array>;
  /** Continues where a checkpoint was saved. What fits is taken, and the rest is listed; a missing moving average starts with its weight, and an optimizer starts afresh if any part of it is missing. Throws `TrainingError` for a file that is damaged or has nothing that fits, which changes nothing, and `HostError`. */
  restore(source: BinarySource): Promise<RestoreReport>;
  /**
   * Saves the adapters, with whatever else is trained, in the layout of Hugging Face PEFT: `adapter_model.safetensors` and `adapter_config.json` in a folder, which is made. Throws
   * `HostError` if it cannot be written, and `TrainingError` for a training without adapters and for weights that are infinite or NaN.
   */
  saveAdapters(folder: Place): Promise<void>;
  /** The same as bytes, by the names of the files. */
  saveAdapters(): Promise<Readonly<Record<string, Uint8Array>>>;
  /**
   * Takes adapters from a folder of PEFT, or from its two files by their names. What fits is taken, and the rest is listed; where they are scaled in another way than here, B is adapted.
   * The number of steps and what the optimizer remembers stay as they are. Throws `TrainingError` for files that are damaged or hold other kinds of adapters, which changes nothing, and `HostError`.
   */
  restoreAdapters(files: TrainingFiles): Promise<AdapterReport>;
  /** The ONNX file for inference with the weights as they are now, or with their moving average (`ema`), and with adapters added to their matrices. It is complete in itself. Sizes that the build has fixed by `bind` are fixed in it, too. */
  exportModel(options?: ExportOptions): Promise<Uint8Array>;
  /** All weights of that file, as safetensors, to be read by `--weights` and by other programs: also those that are frozen, which a checkpoint does not have. */
  exportWeights(options?: ExportOptions): Promise<Uint8Array>;
  /** Releases everything, once the calls before have ended. */
  dispose(): Promise<void>;
  [Symbol.asyncDispose](): Promise<void>;
}

/**
 * A training: the weights, what the optimizer remembers, and the graphs that change them. Calls may overlap; they are done one at a time. All throw
 * `SessionError` if ONNX Runtime fails, and `TrainingError`.
 */
export interface Trainer extends TrainerBase {
  /** The learning rate of the steps that are asked for from now on; undefined where the graph computes it. Throws `TrainingError` if it is set there, and `RangeError` for what is not a number from 0 on. */
  get lr(): number | undefined;
  set lr(value: number);
  /**
   * Takes one step with a batch, or with a list of `manifest.accumulate` batches if that is more than 1, and returns loss and metrics before the step. If it throws, the state is what
   * it was before: `FeedError` for inputs that are missing, unknown or do not fit, `TrainingError` for a loss, a gradient or new weights that are infinite or NaN. With `precision f16`, a step whose
   * gradients overflow is skipped: `skippedSteps` counts it, and the next one scales the loss less; `TrainingError` is thrown once that does not help.
   */
  step(batch: Batch | readonly Batch[], options?: CallOptions): Promise<Metrics>;
  /** Loss and metrics of held-out batches, without dropout: the means over all of them. Each batch waits for its turn on its own, the first one included: a step that is asked for meanwhile changes the weights for the batches that come after it, and `dispose` ends the evaluation. */
  evaluate(batches: AsyncIterable<Batch> | Iterable<Batch>, options?: EvaluateOptions): Promise<Metrics>;
}

/** Makes sessions. */
export interface SessionLoader {
  /**
   * Loads an ONNX file, from its bytes or from where it is: in Node with the data files beside it, and in a browser with those that the option `data` has. Throws `HostError` for a file that cannot be
   * read or is not a model, and `SessionError`.
   */
  load(model: BinarySource, options?: SessionOptions): Promise<Session>;
}

/** Makes models. */
export interface ModelLoader {
  /**
   * Loads the files of a model and of all its entries, which `manifest` describes. Throws `HostError` for files that cannot be read, `FeedError` for a manifest that does not fit its entries, and
   * `SessionError`.
   */
  load(files: ModelFiles, manifest: ModelManifest, options?: ModelOptions): Promise<Model>;
}

/** Makes trainers. */
export interface TrainerLoader {
  /**
   * Loads the files of a `train` block. `manifest` is what its JSON file has, or where that is. Throws `TrainingError` for a manifest, weights or options that do not fit, `HostError`
   * for files that cannot be read, and `SessionError`.
   */
  load(files: TrainingFiles, manifest: TrainingManifest | BinarySource, options?: TrainerOptions): Promise<Trainer>;
}
