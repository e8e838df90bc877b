import type { StoredTensor } from '../../6-emit/weights/stored-tensor.js';
import type { BinarySource } from '../../api/runtime.js';
import type { TrainingManifest } from '../../api/training.js';
import { type Platform, readBinary, shownName } from '../platform.js';
import { startTensor } from '../pure/state-start.js';
import type { TensorData } from '../pure/tensor-data.js';
import { matchEntries, readCheckpoint } from './checkpoint.js';
import { averageOf, type Entry } from './entries.js';
import type { StateSlot } from './manifest.js';
import { TrainingError } from './training-error.js';

interface Start {
  /** The contents of the state file. */
  readonly stored: Uint8Array;
  readonly weights: BinarySource | undefined;
  readonly seed: number;
}

/** The states before the first step, and the tensors of the given weights that belong to none of them. Throws `TrainingError` if weights are missing, and `HostError`. */
export async function initialStates(
  platform: Platform,
  { stateFile, weights, statistics, adapters }: TrainingManifest,
  slots: ReadonlyMap<string, StateSlot>,
  { stored, weights: given, seed }: Start,
): Promise<{ readonly states: ReadonlyMap<string, TensorData>; readonly others: readonly StoredTensor[] }> {
  const inFile = [...slots.values()]
    .filter(({ start }) => start.kind === 'stored')
    .map(({ name, dtype, shape }): Entry => ({ name, state: name, dtype, shape, offset: 0 }));
  const states = new Map<string, TensorData>();
  for (const slot of slots.values()) {
    const tensor = startTensor(
      { name: slot.name, dtype: slot.dtype, shape: [], span: { file: '', start: 0, end: 0 } },
      slot.start,
      slot.shape,
    );
    if (tensor !== undefined) states.set(slot.name, tensor);
  }
  const take = (tensors: ReadonlyMap<string, StoredTensor>, from: string, wanted: readonly Entry[]) => {
    const { found, missing, different, others } = matchEntries(wanted, tensors);
    const absent = [...missing, ...different.map(({ name, wanted: needed, found: has }) => `${name} (${needed}, not ${has})`)];
    if (absent.length > 0) throw new TrainingError({ kind: 'missing-weights', from, names: absent });
    for (const [{ name }, tensor] of found) states.set(name, tensor);
    return others;
  };
  take(readCheckpoint(stored, stateFile), stateFile, inFile);
  let others: readonly StoredTensor[] = [];
  if (given !== undefined) {
    const trained = new Set([...weights, ...statistics].map(({ name }) => name));
    const drawn = new Set(adapters.flatMap(({ a, b }) => [a, b]));
    const tensors = readCheckpoint(await readBinary(platform, given), shownName(given));
    // A trained model has no adapters: they begin as they would without it.
    const wanted = inFile.filter(({ name }) => trained.has(name) && (tensors.has(name) || !drawn.has(name)));
    others = take(tensors, shownName(given), wanted);
    beginAverages(
      states,
      wanted.map(({ name }) => name),
      slots,
    );
  }
  if (slots.has('seed')) states.set('seed', { dtype: 'i32', shape: [], bytes: new Uint8Array(Int32Array.of(seed | 0).buffer) });
  return { states, others };
}

/** Lets moving averages begin with the weights. */
export function beginAverages(states: Map<string, TensorData>, weights: readonly string[], slots: ReadonlyMap<string, StateSlot>): void {
  for (const name of weights) {
    const weight = states.get(name);
    if (weight !== undefined && slots.has(averageOf(name))) states.set(averageOf(name), { ...weight, bytes: weight.bytes.slice() });
  }
}
