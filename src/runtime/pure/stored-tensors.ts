import { readNpy } from '../../6-emit/weights/npy.js';
import { readSafetensors } from '../../6-emit/weights/safetensors.js';
import { type StoredTensor, WeightFileError } from '../../6-emit/weights/stored-tensor.js';
import type { BinaryFile } from '../../host.js';
import type { TensorData } from './tensor-data.js';
import { TensorError } from './tensor-error.js';

/**
 * The tensors of an open file by name, without their values: those of a safetensors file, or the single one of a `.npy` file, which has the
 * name `path`. The extension of `path` determines the format. Throws `TensorError` for a file that is not valid, and `HostError` if reading fails.
 */
export function storedTensors(file: BinaryFile, path: string): ReadonlyMap<string, StoredTensor> {
  return inWords(() => (path.endsWith('.npy') ? new Map([[path, readNpy(file, path)]]) : readSafetensors(file, path).tensors));
}

/** The tensor called `name`, or the only one, whatever its name is; undefined if there are several others. */
export function namedOrOnly(tensors: ReadonlyMap<string, StoredTensor>, name: string): StoredTensor | undefined {
  const [only] = tensors.values();
  return tensors.get(name) ?? (tensors.size === 1 ? only : undefined);
}

/** A copy of a tensor of an open file. Throws `TensorError` for an element type that archc does not have, and `HostError` if reading fails. */
export function loadTensor({ dtype, storedType, shape, file, offset, length }: StoredTensor): TensorData {
  if (dtype === undefined) throw new TensorError(`its element type ${storedType} cannot be used`);
  return inWords(() => ({ dtype, shape, bytes: file.read(offset, length).slice() }));
}

function inWords<T>(read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (error instanceof WeightFileError) throw new TensorError(error.message, { cause: error });
    throw error;
  }
}
