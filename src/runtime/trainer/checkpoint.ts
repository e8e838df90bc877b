import { checkpointFormat } from '../../6-emit/weights/checkpoint-format.js';
import { readSafetensors } from '../../6-emit/weights/safetensors.js';
import type { StoredTensor } from '../../6-emit/weights/stored-tensor.js';
import { WeightFileError } from '../../6-emit/weights/stored-tensor.js';
import { type TensorToStore, writeSafetensors } from '../../6-emit/weights/write-safetensors.js';
import type { RestoreReport } from '../../api/runtime.js';
import type { TrainingManifest } from '../../api/training.js';
import { memoryFile } from '../../memory-host.js';
import { isFloat } from '../../ops/types.js';
import { loadTensor } from '../pure/stored-tensors.js';
import type { TensorData } from '../pure/tensor-data.js';
import { numbersOf, tensorOf } from '../pure/tensor-numbers.js';
import { bytesOfEntry, type Entry } from './entries.js';
import { TrainingError } from './training-error.js';

/** The stored tensors of a safetensors file by name. Throws `TrainingError`; `from` is what the message calls the file. */
export function readCheckpoint(bytes: Uint8Array, from: string): ReadonlyMap<string, StoredTensor> {
  try {
    return readSafetensors(memoryFile(bytes, from), from).tensors;
  } catch (error) {
    if (error instanceof WeightFileError)
      throw new TrainingError({ kind: 'bad-checkpoint', from, reason: error.message }, { cause: error });
    throw error;
  }
}

/** A checkpoint in pieces, from the states that its entries are parts of. */
export function writeCheckpoint(
  entries: readonly Entry[],
  states: ReadonlyMap<string, TensorData>,
  { name, model }: Pick<TrainingManifest, 'name' | 'model'>,
  seed: number,
): readonly Uint8Array[] {
  const tensors: TensorToStore[] = [];
  for (const entry of entries) {
    const state = states.get(entry.state);
    if (state !== undefined) tensors.push({ name: entry.name, dtype: entry.dtype, shape: entry.shape, bytes: bytesOfEntry(entry, state) });
  }
  // A training without random numbers has no such state, but continues with the seed if it later draws some.
  if (!states.has('seed')) tensors.push({ name: 'seed', dtype: 'i32', shape: [], bytes: new Uint8Array(Int32Array.of(seed).buffer) });
  return writeSafetensors(tensors, { format: checkpointFormat, version: '1', training: name, model });
}

/** A tensor that a file has in another shape or type than is wanted. */
export type Difference = RestoreReport['different'][number];

/** What was taken of a file, and what of it has another shape or type. */
export interface Taken {
  readonly states: ReadonlyMap<string, TensorData>;
  readonly frozen: readonly string[];
  readonly different: readonly Difference[];
}

/** How the tensors of a file fit the entries of a training. */
export interface Match {
  /** The values of the entries that the file has, in their type. */
  readonly found: ReadonlyMap<Entry, TensorData>;
  readonly missing: readonly string[];
  readonly different: readonly Difference[];
  /** The tensors of the file that belong to no entry. */
  readonly others: readonly StoredTensor[];
}

/** Floats of other precision are converted; everything else must be of the same type and shape. */
export function matchEntries(entries: readonly Entry[], tensors: ReadonlyMap<string, StoredTensor>): Match {
  const found = new Map<Entry, TensorData>();
  const missing: string[] = [];
  const different: Difference[] = [];
  for (const entry of entries) {
    const stored = tensors.get(entry.name);
    if (stored === undefined) {
      missing.push(entry.name);
      continue;
    }
    const isConvertible = stored.dtype === entry.dtype || (stored.dtype !== undefined && isFloat(stored.dtype) && isFloat(entry.dtype));
    if (!isConvertible || String(stored.shape) !== String(entry.shape)) {
      different.push({
        name: entry.name,
        wanted: typeText(entry.shape, entry.dtype),
        found: typeText(stored.shape, stored.dtype ?? stored.storedType),
      });
      continue;
    }
    const tensor = loadTensor(stored);
    found.set(entry, tensor.dtype === entry.dtype ? tensor : tensorOf(entry.dtype, entry.shape, numbersOf(tensor)));
  }
  const known = new Set(entries.map(({ name }) => name));
  return { found, missing, different, others: [...tensors.values()].filter(({ name }) => !known.has(name)) };
}

/** `[64, 32] f32` */
export function typeText(shape: readonly number[], dtype: string): string {
  return `[${shape.join(', ')}] ${dtype}`;
}

/** The states with these entries in them; `read` gives a state that the file has only in part. */
export async function statesFrom(
  found: ReadonlyMap<Entry, TensorData>,
  entries: readonly Entry[],
  read: (state: string) => Promise<TensorData>,
): Promise<ReadonlyMap<string, TensorData>> {
  const states = new Map<string, TensorData>();
  for (const [entry, tensor] of found) {
    const parts = entries.filter(({ state }) => state === entry.state);
    if (parts.length === 1 && entry.name === entry.state) {
      states.set(entry.state, tensor);
      continue;
    }
    const state = states.get(entry.state) ?? (await read(entry.state));
    states.set(entry.state, state);
    bytesOfEntry(entry, state).set(tensor.bytes);
  }
  return states;
}

/** The tensors of a file that this training has nothing for; `known` are constants of it. */
export function unusedIn({ others }: Match, known: readonly string[]): readonly string[] {
  return others.map(({ name }) => name).filter((name) => !known.includes(name));
}

/** Throws `TrainingError` for a number of steps that no training has taken. */
export function demandSteps({ found }: Match, from: string): void {
  for (const [{ name }, tensor] of found) {
    const steps = name === 'step' ? numberIn(tensor) : undefined;
    if (steps !== undefined && (steps < 0 || steps >= 2 ** 31 - 1))
      throw new TrainingError({ kind: 'bad-checkpoint', from, reason: `its \`step\` is ${steps}` });
  }
}

/** The number that an i32 scalar holds. */
export function numberIn(tensor: TensorData | undefined): number | undefined {
  if (tensor === undefined) return undefined;
  return new DataView(tensor.bytes.buffer, tensor.bytes.byteOffset).getInt32(0, true);
}
