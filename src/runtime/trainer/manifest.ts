import type { StateSignature } from '../../api/signature.js';
import type { TrainingGraph, TrainingManifest } from '../../api/training.js';
import { dtypes, type WholeDType } from '../../ops/types.js';
import { kindOfValue } from '../pure/kind-of-value.js';
import { elementCount } from '../pure/tensor-data.js';
import { TrainingError } from './training-error.js';

/** The manifest in the bytes of a JSON file. Throws `TrainingError`. */
export function parseManifest(bytes: Uint8Array): TrainingManifest {
  let value: unknown;
  try {
    value = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch {
    return refuse('it is not JSON');
  }
  return checkManifest(value as TrainingManifest);
}

/** The same manifest, if it is one that this version knows. Throws `TrainingError`. */
export function checkManifest(manifest: TrainingManifest): TrainingManifest {
  if (typeof manifest !== 'object' || manifest === null)
    return refuse(`it is ${kindOfValue(manifest)}, and not what NAME.train.json has, nor the place of this file`);
  const { version, train, eval: evaluation, grads, apply, inference, accumulate, lossScale } = Object(manifest) as TrainingManifest;
  if (version !== 1)
    return refuse(version === undefined ? 'it has no version' : `its version is ${version}, and this version of archc knows 1`);
  for (const [name, graph] of Object.entries({ train, eval: evaluation, inference }))
    if (typeof graph?.file !== 'string' || !Array.isArray(graph.signature?.inputs)) return refuse(`it has no graph \`${name}\``);
  for (const name of ['metrics', 'weights', 'statistics', 'frozen', 'moments', 'adapters'] as const)
    if (!Array.isArray(manifest[name])) return refuse(`it has no list \`${name}\``);
  if (!Array.isArray(manifest.cost?.largestBytes)) return refuse('it has no `cost`');
  if (lossScale !== undefined && typeof lossScale.least !== 'number') return refuse('`lossScale` has no `least`');
  if (typeof manifest.stateFile !== 'string') return refuse('it has no `stateFile`');
  if (!Number.isInteger(accumulate) || accumulate < 1) return refuse('`accumulate` is not a number of batches');
  if (accumulate > 1 && (grads === undefined || apply === undefined))
    return refuse(`it accumulates ${accumulate} batches, but has no graphs for that`);
  return manifest;
}

function refuse(reason: string): never {
  throw new TrainingError({ kind: 'bad-manifest', reason });
}

/** The name of a state, which its tensors in several graphs share: that of its input, and in a graph that only sets it, that of its output without `.next`. */
export function nameOfState({ input, output }: Pick<StateSignature, 'input' | 'output'>): string {
  return input ?? (output ?? '').replace(/\.next$/, '');
}

/** Whether a state stays in memory, where it is read after each step. */
export function isCounter(state: string): boolean {
  return state === 'step' || state === 'skipped_steps' || state === 'loss_scale';
}

/** A tensor that goes from step to step. */
export interface StateSlot {
  readonly name: string;
  readonly dtype: WholeDType;
  readonly shape: readonly number[];
  readonly start: StateSignature['start'];
}

/** The graphs that a step runs: one that takes each batch, and one that makes the step of their sums. */
export function graphsOfStep({ train, grads, apply, accumulate }: TrainingManifest): readonly TrainingGraph[] {
  return accumulate > 1 && grads !== undefined && apply !== undefined ? [grads, apply] : [train];
}

/** All states by name. Throws `TrainingError` where graphs contradict each other. */
export function statesOf(manifest: TrainingManifest): ReadonlyMap<string, StateSlot> {
  const slots = new Map<string, StateSlot>();
  for (const { file, signature } of [...graphsOfStep(manifest), manifest.eval])
    for (const state of signature.states) {
      const name = nameOfState(state);
      const tensor =
        signature.inputs.find((input) => input.name === state.input) ?? signature.outputs.find((output) => output.name === state.output);
      const dtype = dtypes.find((known) => known === tensor?.dtype);
      if (tensor === undefined || dtype === undefined || !tensor.shape.every((size) => typeof size === 'number'))
        return refuse(`the state \`${name}\` of ${file} has no fixed type`);
      const slot: StateSlot = { name, dtype, shape: tensor.shape as readonly number[], start: state.start };
      const known = slots.get(name);
      if (known === undefined) slots.set(name, slot);
      else if (known.dtype !== dtype || String(known.shape) !== String(slot.shape))
        return refuse(`the state \`${name}\` is ${known.dtype}[${known.shape}] and, in ${file}, ${dtype}[${slot.shape}]`);
    }
  for (const { state, moment, parts } of manifest.moments) {
    const slot = slots.get(state);
    const end = parts.reduce((most, { shape, offset }) => Math.max(most, offset + elementCount(shape)), 0);
    if (slot === undefined || end !== elementCount(slot.shape)) return refuse(`the parts of \`${state}\` (${moment}) do not fill it`);
  }
  return slots;
}
