import type { TrainingManifest } from '../../api/training.js';
import { bytesOf, type WholeDType } from '../../ops/types.js';
import { elementCount, type TensorData } from '../pure/tensor-data.js';
import { nameOfState, type StateSlot } from './manifest.js';

/** One tensor of a checkpoint: a state, or the part of a joined vector that belongs to one weight. */
export interface Entry {
  /** Its name in the file. */
  readonly name: string;
  readonly state: string;
  readonly dtype: WholeDType;
  readonly shape: readonly number[];
  /** Where it begins in the state, in elements. */
  readonly offset: number;
}

/** The state that is the moving average of a weight. */
export function averageOf(weight: string): string {
  return `ema.${weight}`;
}

/** What a checkpoint consists of. Sums over the batches of one step are 0 between steps, and are not in it. */
export function entriesOf(manifest: TrainingManifest, states: ReadonlyMap<string, StateSlot>): readonly Entry[] {
  const { weights, statistics, moments, grads } = manifest;
  const entries: Entry[] = [];
  const covered = new Set<string>();
  const whole = (name: string) => {
    const slot = states.get(name);
    if (slot === undefined || covered.has(name)) return;
    covered.add(name);
    entries.push({ name, state: name, dtype: slot.dtype, shape: slot.shape, offset: 0 });
  };
  for (const { name } of [...weights, ...statistics, { name: 'step' }, { name: 'seed' }]) whole(name);
  for (const { state, moment, parts } of moments) {
    const slot = states.get(state);
    if (slot === undefined) continue;
    covered.add(state);
    for (const { name, shape, offset } of parts) entries.push({ name: momentName(moment, name), state, dtype: slot.dtype, shape, offset });
  }
  const sums = new Set(grads?.signature.states.filter(({ output }) => output !== undefined).map(nameOfState));
  for (const name of states.keys()) if (!sums.has(name)) whole(name);
  return entries;
}

/** States that are of use without those that belong to the same steps. */
const onItsOwn: ReadonlySet<string> = new Set(['seed', 'loss_scale', 'good_steps', 'skipped_steps']);

/** Whether an entry is about the steps that were taken: not a weight, a running statistic or a moving average, nor the seed or how the loss is scaled. */
export function isOfSteps({ state }: Entry, slots: ReadonlyMap<string, StateSlot>): boolean {
  return !onItsOwn.has(state) && slots.get(state)?.start.kind !== 'stored';
}

/** What the optimizer remembers of a weight, in a checkpoint: `optimizer.exp_avg.fc.weight`. */
export function momentName(moment: string, weight: string): string {
  return `optimizer.${moment}.${weight}`;
}

/** The bytes of an entry in those of its state: a view. */
export function bytesOfEntry({ dtype, shape, offset }: Entry, state: TensorData): Uint8Array {
  const size = bytesOf[dtype];
  return state.bytes.subarray(offset * size, (offset + elementCount(shape)) * size);
}
