import type { BinarySource, Place, RuntimeOptions, Signal } from './runtime.js';

/** How far the loading of a model is. */
export interface LoadProgress {
  /** The file that is read. */
  readonly file: string;
  /** How many bytes of it are there. */
  readonly loaded: number;
  /** How many it has, if that is known. */
  readonly total: number | undefined;
}

export interface ModelOptions extends RuntimeOptions {
  /**
   * A safetensors file with other weights than those of the model, such as what `exportWeights` of a trainer gives, or a checkpoint. Each tensor that the model has is replaced; one that it has in another shape, or not at
   * all, is an error, except for what only a training has.
   */
  readonly weights?: BinarySource | undefined;
  /** Ends the loading, with its reason. */
  readonly signal?: Signal | undefined;
  /** Called while files are read. Files that ONNX Runtime reads itself, from paths in Node, are not reported. */
  readonly onProgress?: ((progress: LoadProgress) => void) | undefined;
  /** In a browser: whether files of weights whose names have the hash of their contents are kept in the Cache Storage of the site, so that the next visit needs no network for them. Default: true. */
  readonly cache?: boolean | undefined;
  /** Whether it runs in a worker, so that a run does not block the thread of the program. Inputs are copied to the worker, and outputs move from there. `files` cannot be a function then, nor `ort` a module. */
  readonly worker?: boolean | undefined;
}

/** What the module that `archc --emit js` writes takes to load its model. */
export interface ModuleOptions<File extends string = string> extends ModelOptions {
  /** Files that replace those next to the module, such as the model with trained weights: `{ 'lenet.onnx': await trainer.exportModel() }`. */
  readonly files?: Readonly<Partial<Record<File, Uint8Array | Place>>> | undefined;
}
