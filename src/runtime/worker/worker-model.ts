import type { ModelManifest } from '../../api/model-manifest.js';
import type { ModelOptions } from '../../api/model-options.js';
import type { AnyInputs, AnyOutputs, CallOptions, Model, ModelFiles, TensorInput } from '../../api/runtime.js';
import { checkCallOptions, checkModelOptions } from '../check-options.js';
import { entriesOf, withEntries } from '../model/entries.js';
import { checkManifest } from '../model/model.js';
import type { Platform } from '../platform.js';
import { SessionError } from '../session/session-error.js';
import { Line } from './line.js';
import type { ModelReply, ModelRequest, ModelResults } from './model-protocol.js';
import { demandPortable, portableFiles, portableOptions } from './portable.js';
import type { WorkerPort } from './protocol.js';

/** Loads a model in a worker. Throws what `loadModel` throws, and `TypeError` for options that cannot be sent to a worker. */
export async function loadWorkerModel(
  platform: Platform,
  start: () => WorkerPort<ModelRequest, ModelReply>,
  files: ModelFiles,
  manifest: ModelManifest,
  given: ModelOptions,
): Promise<Model> {
  checkModelOptions(given);
  checkManifest(manifest);
  demandPortable(files);
  const { worker: _, signal, onProgress, ...options } = given;
  const request = {
    kind: 'loadModel',
    files: portableFiles(platform, files),
    manifest,
    options: portableOptions(platform, options),
    tells: onProgress !== undefined,
  } as const;
  if (signal?.aborted === true) throw signal.reason;
  const line = new Line<ModelRequest, ModelReply>(start());
  line.onTold = (told) => {
    if ('progress' in told) onProgress?.(told.progress);
  };
  let leave = () => {};
  // What a worker loads cannot be taken back, but the worker can be ended.
  const aborted = new Promise<never>((_, reject) => {
    leave = () => reject(signal?.reason);
  });
  signal?.addEventListener('abort', leave);
  try {
    const loaded = (await Promise.race([line.ask(request), aborted])) as ModelResults['loadModel'];
    return withEntries(new WorkerModel({ line, manifest, ...loaded, forks: 0 }, 0));
  } catch (error) {
    await line.close();
    throw error;
  } finally {
    signal?.removeEventListener('abort', leave);
  }
}

/** What the forks of a model share. */
interface Shared extends Readonly<ModelResults['loadModel']> {
  readonly line: Line<ModelRequest, ModelReply>;
  readonly manifest: ModelManifest;
  /** The number of the last fork. */
  forks: number;
}

/** A model in a worker, so that its runs do not block the thread of the program. */
class WorkerModel implements Model {
  readonly manifest: ModelManifest;
  readonly entries: Model['entries'];
  readonly provider: Model['provider'];
  readonly fallback: Model['fallback'];
  readonly #shared: Shared;
  readonly #number: number;
  #disposed: Promise<void> | undefined;

  constructor(shared: Shared, number: number) {
    this.manifest = shared.manifest;
    this.entries = entriesOf(this, shared.manifest);
    this.provider = shared.provider;
    this.fallback = shared.fallback;
    this.#shared = shared;
    this.#number = number;
  }

  async call(entry: string, inputs: AnyInputs, options: CallOptions = {}): Promise<AnyOutputs> {
    checkCallOptions(options);
    return this.#ask({ kind: 'call', model: this.#number, entry, inputs, resize: options.resize }, options.signal);
  }

  async warmUp(sizes: Readonly<Record<string, number>> = {}): Promise<void> {
    await this.#ask({ kind: 'warmUp', model: this.#number, sizes });
  }

  states(): Promise<AnyOutputs> {
    return this.#ask({ kind: 'states', model: this.#number });
  }

  async reset(states: Readonly<Record<string, TensorInput>> = {}): Promise<void> {
    await this.#ask({ kind: 'reset', model: this.#number, states });
  }

  async fork(): Promise<Model> {
    this.#shared.forks++;
    const fork = this.#shared.forks;
    await this.#ask({ kind: 'fork', model: this.#number, fork });
    return withEntries(new WorkerModel(this.#shared, fork));
  }

  dispose(): Promise<void> {
    this.#disposed ??= this.#release();
    return this.#disposed;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.dispose();
  }

  async #release(): Promise<void> {
    const { line } = this.#shared;
    const others = await line.ask({ kind: 'dispose', model: this.#number }).catch(async (error: unknown) => {
      await line.close();
      throw error;
    });
    if (others === 0) await line.close();
  }

  async #ask<R extends ModelRequest>(request: R, signal?: CallOptions['signal']): Promise<ModelResults[R['kind']]> {
    if (this.#disposed !== undefined) throw new SessionError({ kind: 'disposed', what: 'model' });
    return (await this.#shared.line.ask(request, signal)) as ModelResults[R['kind']];
  }
}
