import type { Batch } from '../api/runtime.js';
import type { TensorSignature } from '../api/signature.js';
import type { TrainingGraph, TrainingManifest } from '../api/training.js';
import { type DType, dtypes, isFloat, isInt } from '../ops/types.js';
import { type AllowedIntegers, integersIn, parseRange } from '../runtime/pure/integer-range.js';
import { DataError } from './data-error.js';

/** What one row of the data gives to an input. */
export interface RowInput {
  readonly name: string;
  readonly dtype: DType;
  /** Without the axis of the batch; names are sizes that the data decide. */
  readonly shape: readonly (number | string)[];
  /** Which integers it may hold, if not all of its type. */
  readonly allowed?: AllowedIntegers | undefined;
}

/** What a training takes from the rows of its data. */
export interface BatchInputs {
  readonly inputs: readonly RowInput[];
  /** How many rows the model takes at once, if its source says so. */
  readonly batchSize: number | undefined;
}

/** The inputs of a batch. All of them have the rows as their first axis; throws `DataError` otherwise. */
export function batchInputs(manifest: TrainingManifest): BatchInputs {
  const all = new Map<string, TensorSignature>();
  for (const graph of [manifest.grads ?? manifest.train, manifest.eval])
    for (const input of ofHost(graph, manifest.hasRate)) all.set(input.name, input);
  const [first, ...others] = all.values();
  if (first === undefined) throw new DataError('the training takes no data: it has no inputs');
  for (const input of [first, ...others])
    if (input.shape.length === 0 || input.shape[0] !== first.shape[0])
      throw new DataError(
        `\`${input.name}\` [${input.shape.join(', ')}] does not have the rows as its first axis`,
        input === first
          ? 'a program can feed it: see docs/training.md'
          : `\`${first.name}\` is [${first.shape.join(', ')}]; a program can feed both: see docs/training.md`,
      );
  const [size] = first.shape;
  return { inputs: [...all.values()].map(rowInput), batchSize: typeof size === 'number' ? size : undefined };
}

/** Inputs that are neither states nor the learning rate. */
function ofHost({ signature: { inputs, states } }: TrainingGraph, hasRate: boolean): readonly TensorSignature[] {
  const own = new Set(states.map(({ input }) => input));
  return inputs.filter(({ name }) => !own.has(name) && !(hasRate && name === 'lr'));
}

function rowInput({ name, dtype, shape: [, ...shape], range }: TensorSignature): RowInput {
  const known = dtypes.find((other) => other === dtype);
  if (known === undefined || known === 'string' || known === 'bf16')
    throw new DataError(`\`${name}\` is ${dtype}, which cannot be read from data`, known === 'bf16' ? 'give `--io f32`' : undefined);
  const parsed = range && parseRange(range);
  return { name, dtype: known, shape, allowed: parsed && integersIn(parsed, new Map()) };
}

/** The part of a batch that a graph takes. */
export function batchFor(graph: TrainingGraph, batch: Batch): Batch {
  const names = new Set(graph.signature.inputs.map(({ name }) => name));
  return Object.fromEntries(Object.entries(batch).filter(([name]) => names.has(name)));
}

/** An input that takes images, `[channels, height, width]` for each row. */
export interface ImageInput {
  readonly name: string;
  readonly dtype: DType;
  readonly channels: 1 | 3;
  /** Undefined where the model takes any size. */
  readonly height: number | undefined;
  readonly width: number | undefined;
}

/** The only image input of a training and the only one for the number of its class. Throws `DataError` if that is not what it takes. */
export function imageInputs({ inputs }: BatchInputs): { readonly image: ImageInput; readonly label: RowInput } {
  const images = inputs.filter(({ shape: [channels], shape }) => shape.length === 3 && (channels === 1 || channels === 3));
  const labels = inputs.filter(({ shape, dtype }) => shape.length === 0 && isInt(dtype));
  const [image] = images;
  const [label] = labels;
  if (image === undefined || label === undefined || inputs.length !== 2) {
    const shown = inputs.map(({ name, dtype, shape }) => `${name} ${dtype}[${['N', ...shape].join(', ')}]`).join(', ');
    throw new DataError('images need inputs [N, 3, H, W] and i64 [N], for image and class', `the training has ${shown}`);
  }
  if (!isFloat(image.dtype) && image.dtype !== 'u8') throw new DataError(`\`${image.name}\` is ${image.dtype}; images are floats or u8`);
  const [channels, height, width] = image.shape;
  return {
    image: {
      name: image.name,
      dtype: image.dtype,
      channels: channels === 1 ? 1 : 3,
      height: typeof height === 'number' ? height : undefined,
      width: typeof width === 'number' ? width : undefined,
    },
    label,
  };
}
