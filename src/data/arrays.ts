import { unzipSync } from 'fflate';
import { readNpy } from '../6-emit/weights/npy.js';
import { readSafetensors } from '../6-emit/weights/safetensors.js';
import { type StoredTensor, WeightFileError } from '../6-emit/weights/stored-tensor.js';
import { memoryFile } from '../memory-host.js';
import { loadTensor } from '../runtime/pure/stored-tensors.js';
import { TensorError } from '../runtime/pure/tensor-error.js';
import { type Column, columnOfArray } from './column.js';
import { columnNames } from './column-names.js';
import { DataError } from './data-error.js';
import type { RowInput } from './inputs.js';

/**
 * The columns of a `.npz` or `.safetensors` file: arrays whose first axis is the rows. Only those that are needed are converted. Throws `DataError`.
 */
export function readArrays(
  bytes: Uint8Array,
  file: string,
  inputs: readonly RowInput[],
  mapping: ReadonlyMap<string, string>,
): readonly Column[] {
  const arrays = inWords(file, () => (file.endsWith('.npz') ? npzArrays(bytes) : readSafetensors(memoryFile(bytes, file), file).tensors));
  const names = columnNames(inputs, mapping, [...arrays.keys()], file);
  const columns = inputs.map((input) => {
    const [name = '', other] = names.get(input.name) ?? [];
    if (other !== undefined) throw new DataError(`${file}: an input takes one array, not also \`${other}\``);
    const tensor = inWords(file, () => loadTensor(arrays.get(name) as StoredTensor));
    return { name, column: columnOfArray(input, tensor, `${file}: ${name}`) };
  });
  const [first] = columns;
  for (const { name, column } of columns)
    if (first !== undefined && column.count !== first.column.count)
      throw new DataError(`${file}: \`${name}\` has ${column.count} rows, and \`${first.name}\` has ${first.column.count}`);
  return columns.map(({ column }) => column);
}

/** The arrays in a zip file as numpy writes it, without their ending. */
function npzArrays(bytes: Uint8Array): ReadonlyMap<string, StoredTensor> {
  const arrays = new Map<string, StoredTensor>();
  for (const [name, content] of Object.entries(unzipped(bytes))) {
    if (!name.endsWith('.npy')) continue;
    const stem = name.slice(0, -'.npy'.length);
    try {
      arrays.set(stem, readNpy(memoryFile(content, name), stem));
    } catch (error) {
      if (error instanceof WeightFileError) throw new WeightFileError(`its array \`${stem}\`: ${error.message}`);
      throw error;
    }
  }
  return arrays;
}

function unzipped(bytes: Uint8Array): Readonly<Record<string, Uint8Array>> {
  try {
    return unzipSync(bytes);
  } catch {
    throw new WeightFileError('it is not a complete zip file');
  }
}

function inWords<T>(file: string, read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (error instanceof WeightFileError || error instanceof TensorError) throw new DataError(`cannot read ${file}: ${error.message}`);
    throw error;
  }
}
