import type { BinarySource } from '../../api/runtime.js';
import type { TrainingManifest } from '../../api/training.js';
import { type Platform, readBinary, shownName } from '../platform.js';
import { startTensor } from '../pure/state-start.js';
import type { TensorData } from '../pure/tensor-data.js';
import { type Match, matchEntries, readCheckpoint } from './checkpoint.js';
import { averageOf, type Entry } from './entries.js';
import type { StateSlot } from './manifest.js';
import type { ModelFiles } from './model-files.js';
import { TrainingError } from './training-error.js';

interface Start {
  /** The contents of the state file. */
  readonly stored: Uint8Array;
  readonly weights: BinarySource | undefined;
  /** Whether weights that are not among those that are given stay as they are. */
  readonly skipsMismatch: boolean;
  readonly seed: number;
}

interface InitialStates {
  readonly states: ReadonlyMap<string, TensorData>;
  /** The weights that are not among those that are given. */
  readonly skipped: readonly string[];
}

/**
 * The states before the first step; constants that are among the given weights are replaced in `files`. Throws `TrainingError` if weights are missing, unless that is allowed and some are there, and
 * `HostError`.
 */
export async function initialStates(
  platform: Platform,
  manifest: TrainingManifest,
  slots: ReadonlyMap<string, StateSlot>,
  files: ModelFiles,
  { stored, weights: given, skipsMismatch, seed }: Start,
): Promise<InitialStates> {
  const { name, stateFile, weights, statistics, adapters } = manifest;
  const inFile = [...slots.values()]
    .filter(({ start }) => start.kind === 'stored')
    .map(({ name, dtype, shape }): Entry => ({ name, state: name, dtype, shape, offset: 0 }));
  const states = new Map(unstoredStates(slots));
  const initial = matchEntries(inFile, readCheckpoint(stored, stateFile));
  demandAll(initial, stateFile, false);
  for (const [entry, tensor] of initial.found) states.set(entry.name, tensor);
  let skipped: readonly string[] = [];
  if (given !== undefined) {
    const trained = new Set([...weights, ...statistics].map(({ name }) => name));
    const drawn = new Set(adapters.flatMap(({ a, b }) => [a, b]));
    const tensors = readCheckpoint(await readBinary(platform, given), shownName(given));
    // A trained model has no adapters: they begin as they would without it.
    const wanted = inFile.filter(({ name }) => trained.has(name) && (tensors.has(name) || !drawn.has(name)));
    const from = shownName(given);
    const match = matchEntries(wanted, tensors);
    const constants = await files.replaceConstants(manifest, match.others);
    const all = { ...match, different: [...match.different, ...constants.different] };
    skipped = [...all.missing, ...all.different.map((tensor) => tensor.name)];
    if (!skipsMismatch) demandAll(all, from, true);
    if (skipped.length > 0 && match.found.size === 0) throw new TrainingError({ kind: 'no-weights', name, from, names: skipped });
    for (const [entry, tensor] of match.found) states.set(entry.name, tensor);
    beginAverages(
      states,
      [...match.found.keys()].map((entry) => entry.name),
      slots,
    );
  }
  if (slots.has('seed')) states.set('seed', { dtype: 'i32', shape: [], bytes: new Uint8Array(Int32Array.of(seed | 0).buffer) });
  return { states, skipped };
}

/** The states that are not stored, before the first step: counters, and what the optimizer remembers. */
export function unstoredStates(slots: ReadonlyMap<string, StateSlot>): ReadonlyMap<string, TensorData> {
  const states = new Map<string, TensorData>();
  for (const { name, dtype, start, shape } of slots.values()) {
    const tensor = startTensor({ name, dtype, shape: [], span: { file: '', start: 0, end: 0 } }, start, shape);
    if (tensor !== undefined) states.set(name, tensor);
  }
  return states;
}

/** Throws `TrainingError` for weights that a file does not have as they are needed. */
function demandAll({ missing, different }: Pick<Match, 'missing' | 'different'>, from: string, canSkip: boolean): void {
  const names = [...missing, ...different.map(({ name, wanted, found }) => `${name} (${found}, not ${wanted})`)];
  if (names.length > 0) throw new TrainingError({ kind: 'missing-weights', from, names, canSkip });
}

/** Starts moving averages with the weights. */
export function beginAverages(states: Map<string, TensorData>, weights: readonly string[], slots: ReadonlyMap<string, StateSlot>): void {
  for (const name of weights) {
    const weight = states.get(name);
    if (weight !== undefined && slots.has(averageOf(name))) states.set(averageOf(name), { ...weight, bytes: weight.bytes.slice() });
  }
}
