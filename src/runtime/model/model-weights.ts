import { readSafetensors } from '../../6-emit/weights/safetensors.js';
import { WeightFileError } from '../../6-emit/weights/stored-tensor.js';
import { HostError } from '../../host.js';
import { memoryFile } from '../../memory-host.js';
import type { FileSet } from '../platform.js';
import { loadTensor } from '../pure/stored-tensors.js';
import type { TensorData } from '../pure/tensor-data.js';
import { fits, initializersOf } from '../trainer/replace-initializers.js';

/** What a checkpoint has beside weights. */
const ofTraining = /^(?:optimizer\..*|ema\..*|step|seed|loss_scale|good_steps|skipped_steps)$/;

/** The tensors of a safetensors file that take the place of those of a model; `files` are those of its entries. Throws `HostError` for a file that does not belong to the model. */
export async function weightsFor(
  bytes: Uint8Array,
  from: string,
  files: FileSet,
  entries: readonly string[],
): Promise<ReadonlyMap<string, TensorData>> {
  const stored = new Map<string, ReturnType<typeof initializersOf>>();
  for (const entry of entries) stored.set(entry, initializersOf(await files.read(entry)));
  const replaced = new Map<string, TensorData>();
  const unused: string[] = [];
  for (const [name, tensor] of tensorsIn(bytes, from)) {
    const places = [...stored.values()].flatMap((known) => known.get(name) ?? []);
    const { dtype, shape, storedType } = tensor;
    const other = places.find((place) => dtype === undefined || !fits({ dtype, shape }, place));
    if (other !== undefined)
      throw new HostError(
        `cannot use the weights in ${from}: \`${name}\` is [${shape.join(', ')}] ${storedType}, and in the model [${other.shape.join(', ')}] ${other.dtype}`,
      );
    if (places.length > 0) replaced.set(name, loadTensor(tensor));
    else if (!ofTraining.test(name)) unused.push(name);
  }
  if (unused.length > 0 || replaced.size === 0)
    throw new HostError(
      `cannot use the weights in ${from}: ${unused.length === 0 ? 'none of them belongs to the model' : `the model does not have ${listed(unused)}`}. Build it without \`-O2\` and \`--quantize\`, which change weights, or give what \`exportWeights\` returns`,
    );
  return replaced;
}

function tensorsIn(bytes: Uint8Array, from: string) {
  try {
    return readSafetensors(memoryFile(bytes, from), from).tensors;
  } catch (error) {
    if (error instanceof WeightFileError) throw new HostError(`cannot read the weights ${from}: ${error.message}`, { cause: error });
    throw error;
  }
}

function listed(names: readonly string[]): string {
  const shown = names.slice(0, 3).map((name) => `\`${name}\``);
  return `${shown.join(', ')}${names.length > shown.length ? ` and ${names.length - shown.length} more` : ''}`;
}
