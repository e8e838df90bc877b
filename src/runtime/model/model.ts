import type { ModelManifest } from '../../api/model-manifest.js';
import type { ModelOptions } from '../../api/model-options.js';
import type { AnyInputs, AnyOutputs, CallOptions, ModelFiles as Files, Model, Tensor, TensorInput } from '../../api/runtime.js';
import { HostError } from '../../host.js';
import { checkCallOptions, checkModelOptions } from '../check-options.js';
import { fileSetOf, type Platform, readBinary, shownName } from '../platform.js';
import type { Engine } from '../session/engine.js';
import { withEngine } from '../session/open-engine.js';
import { Queue } from '../session/queue.js';
import { SessionError } from '../session/session-error.js';
import { entriesOf, withEntries } from './entries.js';
import { ModelGraph } from './model-graph.js';
import { readOnce, sourceOf } from './model-source.js';
import { ModelStates } from './model-states.js';

/** Loads a model. Throws `HostError` for files that cannot be read, `FeedError` for a manifest that does not fit its entries, and `SessionError`. */
export async function loadModel(platform: Platform, files: Files, manifest: ModelManifest, options: ModelOptions): Promise<Model> {
  checkModelOptions(options);
  checkManifest(manifest);
  const { signal, onProgress, cache = true, weights: given } = options;
  const demandWanted = () => {
    if (signal?.aborted === true) throw signal.reason;
  };
  demandWanted();
  const set = readOnce(fileSetOf(platform, files, { signal, onProgress, cache }));
  const names = manifest.entries.map(({ file }) => file);
  const weights =
    given === undefined
      ? new Map()
      : await import('./model-weights.js').then(async ({ weightsFor }) =>
          weightsFor(await readBinary(platform, given, { signal }), shownName(given), set, names),
        );
  return withEngine(platform, options, async (engine) => {
    const graphs: ModelGraph[] = [];
    try {
      for (const entry of manifest.entries) {
        const source = await sourceOf(set, entry.file, weights);
        demandWanted();
        graphs.push(await ModelGraph.load(engine, source, entry));
      }
      demandWanted();
      return withEntries(new RunningModel(new Loaded(engine, manifest, graphs), new ModelStates(engine, manifest)));
    } catch (error) {
      await Promise.allSettled(graphs.map((graph) => graph.release()));
      throw error;
    }
  });
}

/** Throws `HostError` for a manifest of another version of archc. */
export function checkManifest(manifest: ModelManifest): void {
  if (manifest?.version !== 1)
    throw new HostError(`the manifest of the model has version ${manifest?.version}, but this version of archc supports version 1`);
}

/** What the forks of a model share. */
class Loaded {
  readonly engine: Engine;
  readonly manifest: ModelManifest;
  readonly graphs: ReadonlyMap<string, ModelGraph>;
  #users = 1;

  constructor(engine: Engine, manifest: ModelManifest, graphs: readonly ModelGraph[]) {
    this.engine = engine;
    this.manifest = manifest;
    this.graphs = new Map(graphs.map((graph) => [graph.entry, graph]));
  }

  share(): Loaded {
    this.#users++;
    return this;
  }

  /** Releases it once nobody uses it. */
  async release(): Promise<void> {
    this.#users--;
    if (this.#users > 0) return;
    for (const graph of this.graphs.values()) await graph.release();
    await this.engine.close();
  }
}

class RunningModel implements Model {
  readonly manifest: ModelManifest;
  readonly entries: Model['entries'];
  readonly #loaded: Loaded;
  readonly #states: ModelStates;
  /** Each call sees the states that the one before it left. */
  readonly #queue = new Queue();
  #isDisposed = false;

  constructor(loaded: Loaded, states: ModelStates) {
    this.manifest = loaded.manifest;
    this.entries = entriesOf(this, loaded.manifest);
    this.#loaded = loaded;
    this.#states = states;
  }

  get provider() {
    return this.#loaded.engine.provider;
  }

  get fallback() {
    return this.#loaded.engine.fallback;
  }

  async call(entry: string, inputs: AnyInputs, options: CallOptions = {}): Promise<AnyOutputs> {
    checkCallOptions(options);
    const graph = this.#loaded.graphs.get(entry);
    if (graph === undefined)
      throw new RangeError(`the model ${this.manifest.name} has no entry ${entry}: it has ${[...this.#loaded.graphs.keys()].join(', ')}`);
    return this.#do(() => graph.run(inputs, this.#states, options), options.signal);
  }

  warmUp(sizes: Readonly<Record<string, number>> = {}): Promise<void> {
    return this.#do(async () => {
      for (const graph of this.#loaded.graphs.values()) await graph.warmUp(this.#states, sizes);
    });
  }

  states(): Promise<Readonly<Record<string, Tensor>>> {
    return this.#do(() => this.#states.read());
  }

  reset(states: Readonly<Record<string, TensorInput>> = {}): Promise<void> {
    return this.#do(() => this.#states.reset(states));
  }

  fork(): Promise<Model> {
    return this.#do(async () => withEntries(new RunningModel(this.#loaded.share(), this.#states.fork(this.manifest))));
  }

  async dispose(): Promise<void> {
    await this.#queue.run(async () => {
      if (this.#isDisposed) return;
      this.#isDisposed = true;
      await this.#states.dispose();
      await this.#loaded.release();
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
