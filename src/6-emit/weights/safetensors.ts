import type { BinaryFile } from '../../host.js';
import { bitsOf, type DType } from '../../ops/types.js';
import { type StoredTensor, WeightFileError } from './stored-tensor.js';
import { type Json, JsonError, parseStrictJson } from './strict-json.js';
import { decodeUtf8 } from './text.js';

/** The contents of a safetensors file. */
export interface SafetensorsFile {
  readonly tensors: ReadonlyMap<string, StoredTensor>;
  /** The free-form entries of `__metadata__`. */
  readonly metadata: ReadonlyMap<string, string>;
}

/** A header of this size would describe some 100,000 tensors. The format itself allows 100 MB. */
export const defaultHeaderLimit = 16 * 1024 * 1024;
export const largestHeaderLimit = 100_000_000;

/** Bits of one element, and archc's name for the type if it has one. */
const elementTypes: Readonly<Record<string, readonly [bits: number, dtype?: DType]>> = {
  BOOL: [8, 'bool'],
  U8: [8, 'u8'],
  I8: [8, 'i8'],
  U16: [16, 'u16'],
  I16: [16, 'i16'],
  U32: [32, 'u32'],
  I32: [32, 'i32'],
  U64: [64, 'u64'],
  I64: [64, 'i64'],
  F16: [16, 'f16'],
  BF16: [16, 'bf16'],
  F32: [32, 'f32'],
  F64: [64, 'f64'],
  F8_E4M3: [8],
  F8_E5M2: [8],
  F8_E8M0: [8],
  F4: [4],
  F6_E2M3: [6],
  F6_E3M2: [6],
  C64: [64],
};

/**
 * Reads the header of a safetensors file and checks it against the file: nothing is read twice, nothing is left over, and every tensor has
 * the bytes that its shape needs. The format is an 8-byte little-endian length, that many bytes of JSON, and data.
 * https://github.com/huggingface/safetensors#format. Throws `WeightFileError`.
 */
export function readSafetensors(file: BinaryFile, path: string, headerLimit = defaultHeaderLimit): SafetensorsFile {
  const limit = Math.min(headerLimit, largestHeaderLimit);
  if (file.size < 8) throw new WeightFileError(`it is not a safetensors file: it has ${file.size} bytes, less than a header`);
  const prefix = file.read(0, 8);
  const headerLength = new DataView(prefix.buffer, prefix.byteOffset, 8).getBigUint64(0, true);
  if (headerLength > BigInt(file.size - 8)) {
    throw new WeightFileError(
      `it is not a safetensors file, or only a part of one: its header has ${headerLength} bytes by its own account, but the file ends after ${file.size}`,
    );
  }
  if (headerLength > BigInt(limit)) throw new WeightFileError(`its header of ${headerLength} bytes is over the limit of ${limit}`);
  const length = Number(headerLength);
  const header = parseHeader(file.read(8, length));
  const tensors = new Map<string, StoredTensor>();
  let metadata: ReadonlyMap<string, string> = new Map();
  for (const [name, entry] of header) {
    if (name === '__metadata__') metadata = textEntries(entry);
    else tensors.set(name, storedTensor(name, entry, file, path, 8 + length));
  }
  checkCoverage([...tensors.values()], 8 + length, file.size);
  return { tensors, metadata };
}

function parseHeader(bytes: Uint8Array): ReadonlyMap<string, Json> {
  if (bytes[0] !== 0x7b) throw new WeightFileError('its header does not start with `{`');
  const text = decodeUtf8(bytes);
  if (text === undefined) throw new WeightFileError('its header is not UTF-8');
  try {
    const header = parseStrictJson(text);
    if (header instanceof Map) return header;
  } catch (error) {
    if (error instanceof JsonError) throw new WeightFileError(`its header is not valid: ${error.message}`);
    throw error;
  }
  throw new WeightFileError('its header is not an object');
}

function textEntries(entry: Json): ReadonlyMap<string, string> {
  const entries = entry instanceof Map ? [...entry] : undefined;
  if (entries?.every((pair): pair is [string, string] => typeof pair[1] === 'string')) return new Map(entries);
  throw new WeightFileError('its `__metadata__` is not a list of texts');
}

function storedTensor(name: string, entry: Json, file: BinaryFile, path: string, dataStart: number): StoredTensor {
  const fail = (problem: string) => new WeightFileError(`its tensor ${JSON.stringify(name)} ${problem}`);
  if (!(entry instanceof Map)) throw fail('is not described by an object');
  for (const key of entry.keys()) if (!['dtype', 'shape', 'data_offsets'].includes(key)) throw fail(`has an unknown key "${key}"`);
  const storedType = entry.get('dtype');
  const shape = sizes(entry.get('shape'));
  const range = sizes(entry.get('data_offsets'));
  if (typeof storedType !== 'string') throw fail('has no dtype');
  if (shape === undefined) throw fail('has no shape of whole numbers');
  const [begin, end] = range ?? [];
  if (range?.length !== 2 || begin === undefined || end === undefined) throw fail('has no pair of data offsets');
  const type = Object.hasOwn(elementTypes, storedType) ? elementTypes[storedType] : undefined;
  if (type === undefined) throw fail(`has an unknown dtype "${storedType.slice(0, 40)}"`);
  const [bits, dtype] = type;
  const needed = shape.reduce((product, size) => product * BigInt(size), BigInt(bits));
  if (end < begin || needed !== 8n * BigInt(end - begin)) {
    throw fail(`of type ${storedType} and shape [${shape.join(', ')}] has ${end - begin} bytes instead of ${needed / 8n}`);
  }
  return { name, storedType, dtype, shape, file, path, offset: dataStart + begin, length: end - begin };
}

function sizes(value: Json | undefined): readonly number[] | undefined {
  if (!Array.isArray(value)) return undefined;
  return value.every((size): size is number => typeof size === 'number' && size >= 0) ? value : undefined;
}

/** The tensors follow each other without gap or overlap, and fill the file. */
function checkCoverage(tensors: StoredTensor[], dataStart: number, size: number): void {
  tensors.sort((a, b) => a.offset - b.offset || a.length - b.length);
  let end = dataStart;
  for (const tensor of tensors) {
    const gap = tensor.offset - end;
    if (gap !== 0) {
      const how = gap > 0 ? `has ${gap} unused bytes before it` : 'overlaps the one before it';
      throw new WeightFileError(`its tensor ${JSON.stringify(tensor.name)} ${how}`);
    }
    end += tensor.length;
  }
  if (end !== size) throw new WeightFileError(`its tensors end at byte ${end}, but the file ends at byte ${size}`);
}

/** The name of an archc type in a safetensors file; undefined for strings, which cannot be stored. */
export function safetensorsType(dtype: DType): string | undefined {
  return Object.entries(elementTypes).find(([, [bits, own]]) => own === dtype && bits === bitsOf[dtype])?.[0];
}
