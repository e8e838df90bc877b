import type { BinaryFile } from '../../host.js';
import { bitsOf, bytesOf, type DType, type WholeDType } from '../../ops/types.js';
import { utf8 } from '../utf8.js';
import { type StoredTensor, WeightFileError } from './stored-tensor.js';
import { decodeUtf8 } from './text.js';

/** numpy's own limit for untrusted headers. */
const headerLimit = 65_536;

/** numpy's codes without the byte order; `|` and `<` are accepted, `>` only for single-byte elements, which have no order. */
const dtypeByCode: Readonly<Record<string, WholeDType>> = {
  f2: 'f16',
  f4: 'f32',
  f8: 'f64',
  i1: 'i8',
  i2: 'i16',
  i4: 'i32',
  i8: 'i64',
  u1: 'u8',
  u2: 'u16',
  u4: 'u32',
  u8: 'u64',
  b1: 'bool',
};

/**
 * Reads the header of a `.npy` file of version 1, 2 or 3, in C order and little-endian.
 * https://numpy.org/doc/stable/reference/generated/numpy.lib.format.html. Throws `WeightFileError`.
 */
export function readNpy(file: BinaryFile, path: string): StoredTensor {
  const start = file.size < 10 ? new Uint8Array(0) : file.read(0, 10);
  if (String.fromCharCode(...start.subarray(0, 6)) !== '\x93NUMPY') throw new WeightFileError('it is no .npy file');
  const [major = 0, minor = 0] = start.subarray(6, 8);
  if (major < 1 || major > 3 || minor !== 0)
    throw new WeightFileError(`it has version ${major}.${minor} of the format, which is not known`);
  const wide = major > 1;
  const headerStart = wide ? 12 : 10;
  if (file.size < headerStart) throw new WeightFileError('it ends inside its header');
  const prefix = file.read(8, wide ? 4 : 2);
  const view = new DataView(prefix.buffer, prefix.byteOffset, prefix.length);
  const headerLength = wide ? view.getUint32(0, true) : view.getUint16(0, true);
  if (headerLength > headerLimit) throw new WeightFileError(`its header of ${headerLength} bytes is over the limit of ${headerLimit}`);
  if (headerStart + headerLength > file.size) throw new WeightFileError('it ends inside its header');
  const header = parseHeader(file.read(headerStart, headerLength), major);
  const offset = headerStart + headerLength;
  const length = file.size - offset;
  const needed = header.shape.reduce((product, size) => product * BigInt(size), BigInt(bytesOf[header.dtype]));
  if (needed !== BigInt(length))
    throw new WeightFileError(`its shape [${header.shape.join(', ')}] needs ${needed} bytes, but it has ${length}`);
  return { name: path, storedType: header.descr, dtype: header.dtype, shape: header.shape, file, path, offset, length };
}

interface Header {
  readonly descr: string;
  readonly dtype: WholeDType;
  readonly shape: readonly number[];
}

/** The header is a Python dictionary with exactly these three keys; numpy writes them in this order, but other writers may not. */
function parseHeader(bytes: Uint8Array, major: number): Header {
  // Latin-1 before version 3, UTF-8 since; they agree for everything that is accepted below.
  const text = decodeUtf8(bytes);
  const dictionary = text?.trim();
  if (dictionary === undefined || !dictionary.startsWith('{') || !dictionary.endsWith('}'))
    throw new WeightFileError(`its header of version ${major} is not a dictionary`);
  const entries = entriesOf(dictionary.slice(1, -1));
  if (entries.size !== 3) throw unknownHeader();
  const descr = /^'([<>|=]?)(\w\d+)'$/.exec(entries.get('descr') ?? '');
  const [, order = '', code = ''] = descr ?? [];
  const dtype = Object.hasOwn(dtypeByCode, code) ? dtypeByCode[code] : undefined;
  if (dtype === undefined) throw new WeightFileError(`its element type ${(entries.get('descr') ?? '').slice(0, 40)} is not known`);
  if (order === '>' && bytesOf[dtype] > 1) throw new WeightFileError('it is big endian');
  if (entries.get('fortran_order') === 'True')
    throw new WeightFileError('it is in Fortran order; `np.save(path, np.ascontiguousarray(x))` writes C order');
  if (entries.get('fortran_order') !== 'False') throw new WeightFileError('it does not say its order');
  return { descr: `${order}${code}`, dtype, shape: parseShape(entries.get('shape') ?? '') };
}

/** The entries of a dictionary, from left to right, in time proportional to the length of the text. */
function entriesOf(text: string): ReadonlyMap<string, string> {
  const entry = /\s*'(\w+)'\s*:\s*('[^']*'|True|False|\([^()]*\))\s*(?:,|$)/y;
  const entries = new Map<string, string>();
  const end = text.trimEnd().length;
  while (entry.lastIndex < end) {
    const [, key, value] = entry.exec(text) ?? [];
    if (key === undefined || value === undefined) throw unknownHeader();
    if (entries.has(key)) throw new WeightFileError(`its header has "${key}" twice`);
    entries.set(key, value);
  }
  return entries;
}

function unknownHeader(): WeightFileError {
  return new WeightFileError('its header does not have exactly descr, fortran_order and shape');
}

function parseShape(text: string): readonly number[] {
  const inner = /^\((.*)\)$/s.exec(text)?.[1]?.trim();
  if (inner === undefined) throw new WeightFileError('it has no shape');
  if (inner === '') return [];
  const parts = inner
    .replace(/,$/, '')
    .split(',')
    .map((part) => part.trim());
  const shape = parts.map(Number);
  if (!parts.every((part) => /^\d+$/.test(part)) || !shape.every(Number.isSafeInteger))
    throw new WeightFileError(`its shape ${text.slice(0, 80)} is not valid`);
  return shape;
}

/** A `.npy` file of version 1.0, byte for byte as numpy writes it. bf16 has no code in numpy and cannot be written. */
export function writeNpy(dtype: DType, shape: readonly number[], bytes: Uint8Array): readonly Uint8Array[] {
  const code = Object.entries(dtypeByCode).find(([, own]) => own === dtype)?.[0];
  if (code === undefined) throw new WeightFileError(`numpy has no element type for ${dtype}`);
  const tuple = `(${shape.join(', ')}${shape.length === 1 ? ',' : ''})`;
  const descr = `${bitsOf[dtype] === 8 ? '|' : '<'}${code}`;
  const text = `{'descr': '${descr}', 'fortran_order': False, 'shape': ${tuple}, }`;
  // The data starts at a multiple of 64, and the last byte before it is a line feed.
  const header = `${text.padEnd(text.length + ((64 - ((10 + text.length + 1) % 64)) % 64))}\n`;
  const start = Uint8Array.of(0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59, 1, 0, header.length & 0xff, header.length >> 8);
  return [start, utf8(header), bytes];
}
