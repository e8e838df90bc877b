import { joinChunks } from '../../6-emit/onnx/encode.js';
import type {
  AdapterReport,
  Batch,
  BinarySource,
  BinaryTarget,
  CallOptions,
  EvaluateOptions,
  ExportOptions,
  Metrics,
  Place,
  RestoreReport,
  Trainer,
  TrainingFiles,
} from '../../api/runtime.js';
import type { TrainingGraph as GraphInfo, TrainingManifest } from '../../api/training.js';
import { checkCallOptions, checkEvaluateOptions, checkExportOptions } from '../check-options.js';
import { fileSetOf, isPlace, type Platform, readBinary, shownName, textOf, writeBinary } from '../platform.js';
import type { TensorData } from '../pure/tensor-data.js';
import type { Engine } from '../session/engine.js';
import { Queue } from '../session/queue.js';
import { SessionError } from '../session/session-error.js';
import {
  demandSteps,
  type Match,
  matchEntries,
  numberIn,
  readCheckpoint,
  statesFrom,
  type Taken,
  unusedIn,
  writeCheckpoint,
} from './checkpoint.js';
import { type Counters, countersIn, noSteps } from './counters.js';
import { demandRate } from './demand-rate.js';
import { demandRoom } from './demand-room.js';
import { averageOf, type Entry, entriesOf, isOfSteps } from './entries.js';
import { demandUseful, entriesNotFinite, inputNotFinite, lossOf, partNotFinite } from './finite.js';
import { beginAverages, unstoredStates } from './initial-states.js';
import { graphsOfStep, type StateSlot } from './manifest.js';
import type { ModelFiles } from './model-files.js';
import { adapterFiles, adapterFolder, readAdapters, writeAdapters } from './peft.js';
import { type Change, TrainingState } from './state.js';
import { TrainingError } from './training-error.js';
import { type Feeds, type Results, TrainingGraph } from './training-graph.js';
import { WeightedMeans } from './weighted-means.js';

interface Parts {
  readonly platform: Platform;
  readonly engine: Engine;
  readonly manifest: TrainingManifest;
  readonly files: ModelFiles;
  readonly slots: ReadonlyMap<string, StateSlot>;
  readonly seed: number;
  readonly lr: number | undefined;
  readonly skipped: readonly string[];
}

/** A trainer in this thread. */
export class RunningTrainer implements Trainer {
  readonly manifest: TrainingManifest;
  readonly fallback: Trainer['fallback'];
  readonly skippedWeights: readonly string[];
  readonly #platform: Platform;
  readonly #engine: Engine;
  readonly #files: ModelFiles;
  readonly #state: TrainingState;
  readonly #entries: readonly Entry[];
  readonly #graphs = new Map<string, Promise<TrainingGraph>>();
  /** Each call sees the state that the one before it left. The calls of ONNX Runtime in it go through the queue that all share. */
  readonly #queue = new Queue();
  #seed: number;
  #lr: number | undefined;
  #counters: Counters = noSteps;
  #isDisposed = false;

  constructor({ platform, engine, manifest, files, slots, seed, lr, skipped }: Parts) {
    this.manifest = manifest;
    this.fallback = engine.fallback;
    this.skippedWeights = skipped;
    this.#platform = platform;
    this.#engine = engine;
    this.#files = files;
    this.#state = new TrainingState(engine, slots);
    this.#entries = entriesOf(manifest, slots);
    this.#seed = seed;
    if (lr !== undefined) this.lr = lr;
  }

  async start(initial: ReadonlyMap<string, TensorData>): Promise<void> {
    await this.#demandRoom([]);
    // A graph that does not load is reported now, and not at the first step.
    for (const graph of graphsOfStep(this.manifest)) await this.#graph(graph);
    await this.#state.write(initial);
    this.#count();
  }

  /** Reads how far the training is. */
  #count(): void {
    this.#counters = this.#countersOf(this.#state);
  }

  #countersOf(states: Pick<TrainingState | Change, 'get'>): Counters {
    return countersIn((name) => (this.#state.slots.has(name) ? states.get(name) : undefined));
  }

  get provider() {
    return this.#engine.provider;
  }

  get counters(): Counters {
    return this.#counters;
  }

  get stepCount(): number {
    return this.#counters.stepCount;
  }

  get skippedSteps(): number {
    return this.#counters.skippedSteps;
  }

  get lossScale(): number | undefined {
    return this.#counters.lossScale;
  }

  get lr(): number | undefined {
    return this.#lr;
  }

  set lr(value: number) {
    demandRate(this.manifest, value);
    this.#lr = value;
  }

  async step(batch: Batch | readonly Batch[], options: CallOptions = {}): Promise<Metrics> {
    checkCallOptions(options);
    return this.stepAt(this.#lr, batch, options);
  }

  /** A step with this learning rate, whatever it is set to until the step begins. */
  stepAt(lr: number | undefined, batch: Batch | readonly Batch[], { signal, resize }: CallOptions = {}): Promise<Metrics> {
    return this.#do(() => this.#step(lr, batch, resize), signal);
  }

  async #step(lr: number | undefined, given: Batch | readonly Batch[], resize?: boolean): Promise<Metrics> {
    const { accumulate, metrics } = this.manifest;
    const batches: readonly Batch[] = Array.isArray(given) ? given : [given as Batch];
    if (batches.length !== accumulate) throw new TrainingError({ kind: 'batches', wanted: accumulate, given: batches.length });
    const step = this.stepCount + 1;
    const what = `take step ${step}`;
    const [each, once] = await Promise.all(graphsOfStep(this.manifest).map((graph) => this.#graph(graph)));
    // All batches are checked before the first of them is used.
    const feeds = batches.map((batch) => (each as TrainingGraph).feeds(batch, resize));
    await this.#demandRoom(feeds.map(({ sizes }) => sizes));
    const means = new WeightedMeans(metrics);
    const change = this.#state.begin();
    const all: Results[] = [];
    try {
      for (const { tensors } of feeds) {
        const results = await (each as TrainingGraph).run(this.#state, change, { feeds: tensors, lr, what });
        // In f16, only the gradients of all batches decide what becomes of an infinite loss.
        if (this.lossScale === undefined) await this.#demandFinite([results], step, feeds);
        all.push(results);
        means.add(results);
        await change.freeOld();
      }
      const last = await once?.run(this.#state, change, { feeds: new Map(), lr, what });
      if (last !== undefined) all.push(last);
      if (!this.#isSkipped(change)) await this.#demandFinite(all, step, feeds);
      else this.#skip(change, all, step);
    } catch (error) {
      await change.undo().catch(() => {});
      if (error instanceof SessionError && error.problem.kind === 'device-lost')
        throw new TrainingError({ kind: 'device-lost', step, reason: error.problem.reason }, { cause: error });
      throw error;
    }
    await change.commit();
    this.#count();
    return means.means;
  }

  /** Whether a graph has found that the gradients of the step overflow f16. */
  #isSkipped(change: Change): boolean {
    return this.#countersOf(change).skippedSteps > this.skippedSteps;
  }

  /** Keeps such a step from changing running statistics. Throws `TrainingError` where a lower scale of the loss cannot help. */
  #skip(change: Change, results: readonly Results[], step: number): void {
    const { lossScale: { least } = { least: 0 }, statistics } = this.manifest;
    const { lossScale: scale = 1 } = this;
    if (scale <= least) throw new TrainingError({ kind: 'overflow', step, loss: lossOf(results), scale });
    change.keep(statistics.map(({ name }) => name));
  }

  async evaluate(batches: AsyncIterable<Batch> | Iterable<Batch>, options: EvaluateOptions = {}): Promise<Metrics> {
    checkEvaluateOptions(options);
    return WeightedMeans.over(this.manifest.metrics, batches, (batch) => this.results(batch, options));
  }

  /** Loss and metrics of one held-out batch, with their weights. */
  results(batch: Batch, { ema = false, signal, resize }: EvaluateOptions = {}): Promise<Results> {
    return this.#do(() => this.#evaluate(batch, ema, resize), signal);
  }

  async #evaluate(batch: Batch, ema: boolean, resize?: boolean): Promise<Results> {
    if (ema) this.#demandAverage();
    const graph = await this.#graph(this.manifest.eval);
    const change = this.#state.begin();
    try {
      return await graph.run(this.#state, change, {
        feeds: graph.feeds(batch, resize).tensors,
        lr: this.#lr,
        ema,
        what: 'evaluate a batch',
      });
    } finally {
      await change.undo();
    }
  }

  save(): Promise<Uint8Array>;
  save(target: BinaryTarget): Promise<void>;
  save(target?: BinaryTarget): Promise<unknown> {
    return this.#do(async () => {
      const states = await this.#readStates(this.#entries);
      demandUseful(this.#entries, states);
      const chunks = writeCheckpoint(this.#entries, states, this.manifest, this.#seed);
      return target === undefined ? joinChunks(chunks) : writeBinary(this.#platform, target, chunks);
    });
  }

  restore(source: BinarySource): Promise<RestoreReport> {
    return this.#do(async () => {
      const from = shownName(source);
      const tensors = readCheckpoint(await readBinary(this.#platform, source), from);
      const match = matchEntries(this.#entries, tensors);
      demandSteps(match, from);
      const { slots } = this.#state;
      const ofSteps = this.#entries.filter((entry) => isOfSteps(entry, slots));
      const restarted = !ofSteps.every((entry) => match.found.has(entry));
      const found = restarted ? new Map([...match.found].filter(([entry]) => !ofSteps.includes(entry))) : match.found;
      const { states, frozen, different } = await this.#take({ ...match, found }, restarted ? unstoredStates(slots) : new Map());
      const { missing } = match;
      if (states.size + frozen.length === 0)
        throw new TrainingError({
          kind: 'no-weights',
          name: this.manifest.name,
          from,
          names: [...missing, ...different.map((tensor) => tensor.name)],
        });
      this.#count();
      const seed = numberIn(states.get('seed')) ?? numberIn(matchEntries([seedEntry], tensors).found.get(seedEntry));
      this.#seed = seed ?? this.#seed;
      const unused = unusedIn(match, [...frozen, ...different.map(({ name }) => name)]).filter((name) => name !== seedEntry.name);
      return { step: this.stepCount, restarted, missing, different, frozen, unused };
    });
  }

  saveAdapters(): Promise<Readonly<Record<string, Uint8Array>>>;
  saveAdapters(folder: Place): Promise<void>;
  saveAdapters(folder?: Place): Promise<unknown> {
    return this.#do(async () => {
      const entries = this.#adapterEntries();
      const states = await this.#readStates(entries);
      demandUseful(entries, states);
      const files = [...writeAdapters(this.manifest, states)];
      if (folder === undefined) return Object.fromEntries(files.map(([name, chunks]) => [name, joinChunks(chunks)]));
      await this.#platform.makeFolder(textOf(folder));
      for (const [name, chunks] of files) await this.#platform.write(this.#platform.join(textOf(folder), name), chunks);
      return undefined;
    });
  }

  restoreAdapters(files: TrainingFiles): Promise<AdapterReport> {
    return this.#do(async () => {
      const entries = this.#adapterEntries();
      const set = fileSetOf(this.#platform, adapterFolder(files));
      const [tensors, config] = [await set.read(adapterFiles.tensors), await set.read(adapterFiles.config)];
      const adapters = readAdapters({ tensors, config }, isPlace(files) ? textOf(files) : 'the given files');
      const match = matchEntries(entries, adapters.tensors);
      const found = new Map(match.found);
      for (const layout of this.manifest.adapters)
        for (const [entry, tensor] of match.found) if (entry.name === layout.b) found.set(entry, adapters.rescaled(layout, tensor));
      const { frozen, different } = await this.#take({ ...match, found });
      return { missing: match.missing, different, frozen, unused: unusedIn(match, [...frozen, ...different.map(({ name }) => name)]) };
    });
  }

  /** The entries of a file of adapters: everything trained that the model for inference is made from. Throws `TrainingError` if there are no adapters. */
  #adapterEntries(): readonly Entry[] {
    const { adapters, name, weights, statistics } = this.manifest;
    if (adapters.length === 0) throw new TrainingError({ kind: 'no-adapters', name });
    const names = new Set([...weights, ...statistics].map((stored) => stored.name));
    return this.#entries.filter((entry) => names.has(entry.name));
  }

  /** Puts what fits into the state, replacing constants, next to other states. If nothing fits, nothing changes. */
  async #take({ found, different, others }: Match, beside: ReadonlyMap<string, TensorData> = new Map()): Promise<Taken> {
    const constants = await this.#files.replaceConstants(this.manifest, others);
    const all = [...different, ...constants.different];
    if (found.size + constants.taken.length === 0) return { states: new Map(), frozen: [], different: all };
    const states = new Map([...beside, ...(await statesFrom(found, this.#entries, (name) => this.#state.read(name)))]);
    const withoutAverage = this.manifest.weights.map(({ name }) => name).filter((name) => states.has(name) && !states.has(averageOf(name)));
    beginAverages(states, withoutAverage, this.#state.slots);
    if (constants.taken.length > 0) await this.#releaseGraphs();
    await this.#state.write(states);
    return { states, frozen: constants.taken, different: all };
  }

  /** Throws `TrainingError` if the training keeps no moving average of the weights. */
  #demandAverage(): void {
    const { hasAverage, name } = this.manifest;
    if (!hasAverage) throw new TrainingError({ kind: 'no-average', name });
  }

  exportModel(options: ExportOptions = {}): Promise<Uint8Array> {
    return this.#do(async () => this.#files.exported(this.manifest, await this.#exported(options)));
  }

  exportWeights(options: ExportOptions = {}): Promise<Uint8Array> {
    return this.#do(async () => joinChunks(await this.#files.weights(this.manifest, await this.#exported(options))));
  }

  /** The values of what is trained, by the names in the model for inference. */
  async #exported(options: ExportOptions): Promise<ReadonlyMap<string, TensorData>> {
    checkExportOptions(options);
    const { ema = false } = options;
    if (ema) this.#demandAverage();
    const { weights, statistics } = this.manifest;
    const values = new Map<string, TensorData>();
    for (const weight of weights) values.set(weight.name, await this.#state.read(ema ? averageOf(weight.name) : weight.name));
    for (const statistic of statistics) values.set(statistic.name, await this.#state.read(statistic.name));
    return values;
  }

  async dispose(): Promise<void> {
    await this.#queue.run(async () => {
      if (this.#isDisposed) return;
      this.#isDisposed = true;
      await this.#releaseGraphs();
      await this.#state.dispose();
      await this.#engine.close();
    });
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.dispose();
  }

  #do<T>(work: () => Promise<T>, signal?: CallOptions['signal']): Promise<T> {
    return this.#queue.run(() => {
      if (this.#isDisposed) throw new TrainingError({ kind: 'disposed' });
      return work();
    }, signal);
  }

  /** Throws `TrainingError` if the device cannot hold a step with batches of these sizes, or with batches of any size. */
  async #demandRoom(batches: readonly ReadonlyMap<string, number>[]): Promise<void> {
    const room = await this.#engine.room();
    for (const sizes of batches.length === 0 ? [new Map<string, number>()] : batches) demandRoom(this.manifest, sizes, room);
  }

  /** Throws `TrainingError` for a step that would destroy the state, by what its graphs have computed. */
  async #demandFinite(results: readonly Results[], step: number, batches: readonly Feeds[]): Promise<void> {
    const found = results.map(partNotFinite).find((part) => part !== undefined);
    if (found === undefined) return;
    const broken = entriesNotFinite(this.#entries, await this.#readStates(this.#entries));
    const input = inputNotFinite(batches.map(({ tensors }) => tensors));
    throw new TrainingError({ kind: 'not-finite', step, ...found, broken, input });
  }

  /** Copies of the states that these are parts of. */
  async #readStates(entries: readonly Entry[]): Promise<ReadonlyMap<string, TensorData>> {
    const states = new Map<string, TensorData>();
    for (const { state } of entries) if (!states.has(state)) states.set(state, await this.#state.read(state));
    return states;
  }

  #graph(info: GraphInfo): Promise<TrainingGraph> {
    const known = this.#graphs.get(info.file);
    if (known !== undefined) return known;
    const graph = this.#files.source(info.file).then((source) => TrainingGraph.load(this.#engine, source, info, this.manifest.hasRate));
    this.#graphs.set(info.file, graph);
    // A graph that did not load may load the next time.
    graph.catch(() => this.#graphs.delete(info.file));
    return graph;
  }

  async #releaseGraphs(): Promise<void> {
    const graphs = await Promise.allSettled([...this.#graphs.values()]);
    this.#graphs.clear();
    for (const graph of graphs) if (graph.status === 'fulfilled') await graph.value.release();
  }
}

const seedEntry: Entry = { name: 'seed', state: 'seed', dtype: 'i32', shape: [], offset: 0 };
