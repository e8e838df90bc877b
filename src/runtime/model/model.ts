import type { ModelManifest } from '../../api/model-manifest.js';
import type { CallOptions, ModelFiles as Files, Model, RuntimeOptions, Tensor, TensorInput } from '../../api/runtime.js';
import { HostError } from '../../host.js';
import { checkCallOptions, checkRuntimeOptions } from '../check-options.js';
import { fileSetOf, type Platform } from '../platform.js';
import type { Engine } from '../session/engine.js';
import { openEngine } from '../session/open-engine.js';
import { Queue } from '../session/queue.js';
import { SessionError } from '../session/session-error.js';
import { ModelFiles } from '../trainer/model-files.js';
import { entriesOf, withEntries } from './entries.js';
import { ModelGraph } from './model-graph.js';
import { ModelStates } from './model-states.js';

/** Loads a model. Throws `HostError` for files that cannot be read, `FeedError` for a manifest that does not fit its entries, and `SessionError`. */
export async function loadModel(platform: Platform, files: Files, manifest: ModelManifest, options: RuntimeOptions): Promise<Model> {
  checkRuntimeOptions(options);
  if (manifest?.version !== 1)
    throw new HostError(`the manifest of the model has version ${manifest?.version}, but this version of archc supports version 1`);
  const set = fileSetOf(platform, files);
  // Several entries have one file of weights.
  const contents = new Map<string, Promise<Uint8Array>>();
  const read = (name: string): Promise<Uint8Array> => {
    const known = contents.get(name) ?? set.read(name);
    contents.set(name, known);
    return known;
  };
  const modelFiles = new ModelFiles({ read, pathOf: (name) => set.pathOf(name) });
  const engine = await openEngine(platform, options);
  const graphs: ModelGraph[] = [];
  try {
    const states = new ModelStates(engine, manifest);
    for (const entry of manifest.entries) graphs.push(await ModelGraph.load(engine, await modelFiles.source(entry.file), entry, states));
    return withEntries(new RunningModel(engine, manifest, graphs, states));
  } catch (error) {
    await Promise.allSettled([...graphs.map((graph) => graph.release()), engine.close()]);
    throw error;
  }
}

class RunningModel implements Model {
  readonly manifest: ModelManifest;
  readonly entries: Model['entries'];
  readonly #engine: Engine;
  readonly #graphs: ReadonlyMap<string, ModelGraph>;
  readonly #states: ModelStates;
  /** Each call sees the states that the one before it left. */
  readonly #queue = new Queue();
  #isDisposed = false;

  constructor(engine: Engine, manifest: ModelManifest, graphs: readonly ModelGraph[], states: ModelStates) {
    this.manifest = manifest;
    this.entries = entriesOf(this, manifest);
    this.#engine = engine;
    this.#graphs = new Map(graphs.map((graph) => [graph.entry, graph]));
    this.#states = states;
  }

  get provider() {
    return this.#engine.provider;
  }

  async call(
    entry: string,
    inputs: Readonly<Record<string, TensorInput>>,
    options: CallOptions = {},
  ): Promise<Readonly<Record<string, Tensor>>> {
    checkCallOptions(options);
    const graph = this.#graphs.get(entry);
    if (graph === undefined)
      throw new RangeError(`the model ${this.manifest.name} has no entry ${entry}: it has ${[...this.#graphs.keys()].join(', ')}`);
    return this.#do(() => graph.run(inputs, options), options.signal);
  }

  states(): Promise<Readonly<Record<string, Tensor>>> {
    return this.#do(() => this.#states.read());
  }

  reset(states: Readonly<Record<string, TensorInput>> = {}): Promise<void> {
    return this.#do(() => this.#states.reset(states));
  }

  async dispose(): Promise<void> {
    await this.#queue.run(async () => {
      if (this.#isDisposed) return;
      this.#isDisposed = true;
      for (const graph of this.#graphs.values()) await graph.release();
      await this.#states.dispose();
      await this.#engine.close();
    });
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.dispose();
  }

  #do<T>(work: () => Promise<T>, signal?: CallOptions['signal']): Promise<T> {
    return this.#queue.run(() => {
      if (this.#isDisposed) throw new SessionError({ kind: 'disposed', what: 'model' });
      return work();
    }, signal);
  }
}
