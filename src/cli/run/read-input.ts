import { readNpy } from '../../6-emit/weights/npy.js';
import { readSafetensors } from '../../6-emit/weights/safetensors.js';
import { type StoredTensor, WeightFileError } from '../../6-emit/weights/stored-tensor.js';
import type { Report } from '../../diagnostics/report.js';
import { type BinaryHost, HostError } from '../../host.js';
import { type DType, isFloat, isInt } from '../../ops/types.js';
import { UsageError } from '../usage-error.js';
import { numbersOf, tensorOf } from './numbers.js';
import type { InputSlot } from './sizes.js';
import type { TensorData } from './tensor-data.js';

/** What must be known about an input to read a tensor for it. */
type TypedInput = Pick<InputSlot, 'name' | 'dtype' | 'span'>;

/**
 * The tensor for an input from a .npy, .safetensors or .json file, in the type of the input. A safetensors file contains it under the
 * input's name, or alone; `FILE#NAME` selects another. Undefined if its type does not fit, which is reported.
 */
export function readInput(slot: TypedInput, word: string, host: BinaryHost, report: Report): TensorData | undefined {
  const [, file = word, key] = /^(.*\.safetensors)#(.+)$/.exec(word) ?? [];
  if (!/\.(?:npy|safetensors|json)$/.test(file)) {
    throw new UsageError(`\`--input ${slot.name}=${word}\`: an input is read from a .npy, .safetensors or .json file`);
  }
  const tensor = file.endsWith('.json') ? readJson(slot.dtype, file, host) : readBinary(slot, file, key, host);
  return readTyped(slot, tensor, report);
}

/** The tensor in the type of the input: floats become floats, integers integers. Undefined for any other, which is reported. */
export function readTyped(slot: TypedInput, tensor: TensorData, report: Report): TensorData | undefined {
  if (tensor.dtype === slot.dtype) return tensor;
  const fits = (isFloat(tensor.dtype) && isFloat(slot.dtype)) || (isInt(tensor.dtype) && isInt(slot.dtype));
  if (fits) return tensorOf(slot.dtype, tensor.shape, numbersOf(tensor));
  report.add('input-type', slot.span, { name: slot.name, wanted: slot.dtype, got: tensor.dtype });
  return undefined;
}

function readBinary(slot: TypedInput, path: string, key: string | undefined, host: BinaryHost): TensorData {
  const file = host.openBinary(path);
  try {
    const stored = path.endsWith('.npy') ? readNpy(file, path) : pick(readSafetensors(file, path).tensors, key ?? slot.name, path);
    if (stored.dtype === undefined) throw new WeightFileError(`its element type ${stored.storedType} cannot be used`);
    return { dtype: stored.dtype, shape: stored.shape, bytes: file.read(stored.offset, stored.length).slice() };
  } catch (error) {
    if (error instanceof WeightFileError) throw new HostError(`cannot read ${path}: ${error.message}`);
    throw error;
  } finally {
    file.close();
  }
}

function pick(tensors: ReadonlyMap<string, StoredTensor>, name: string, path: string): StoredTensor {
  const named = tensors.get(name);
  const [only] = tensors.values();
  const tensor = named ?? (tensors.size === 1 ? only : undefined);
  if (tensor !== undefined) return tensor;
  throw new HostError(
    `${path} has no tensor \`${name}\`; it has ${[...tensors.keys()].slice(0, 8).join(', ')}: pick one with \`${path}#NAME\``,
  );
}

/** numpy's own limit. */
const mostAxes = 64;

/** Nested lists of numbers, or booleans; every list of one level has the same length. */
function readJson(dtype: DType, path: string, host: BinaryHost): TensorData {
  const file = host.openBinary(path);
  let value: unknown;
  try {
    value = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(file.read(0, file.size)));
  } catch (error) {
    if (error instanceof SyntaxError || error instanceof TypeError) throw new HostError(`cannot read ${path}: it is not JSON`);
    throw error;
  } finally {
    file.close();
  }
  const shape: number[] = [];
  for (let level = value; Array.isArray(level); level = level[0]) shape.push(level.length);
  if (shape.length > mostAxes) throw new HostError(`cannot read ${path}: its lists are nested more than ${mostAxes} deep`);
  const numbers: number[] = [];
  collect(value, shape, 0, numbers, path);
  if (!isFloat(dtype) && numbers.some((number) => !Number.isSafeInteger(number))) {
    throw new HostError(`cannot read ${path}: the input is ${dtype}, but not all of its numbers are whole`);
  }
  return tensorOf(dtype, shape, Float64Array.from(numbers));
}

function collect(value: unknown, shape: readonly number[], depth: number, numbers: number[], path: string): void {
  if (Array.isArray(value)) {
    if (value.length !== shape[depth]) throw new HostError(`cannot read ${path}: its lists have different lengths`);
    for (const item of value) collect(item, shape, depth + 1, numbers, path);
  } else if (depth === shape.length && (typeof value === 'number' || typeof value === 'boolean')) numbers.push(Number(value));
  else throw new HostError(`cannot read ${path}: it is no nested list of numbers`);
}
