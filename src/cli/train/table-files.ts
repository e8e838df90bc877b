import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { setImmediate as pause } from 'node:timers/promises';
import type { Column } from '../../data/column.js';
import type { RowInput } from '../../data/inputs.js';
import { HostError } from '../../host.js';
import { hostError } from '../../node/host-error.js';
import { utf8Text } from '../../node/utf8-text.js';
import { UsageError } from '../usage-error.js';

/** The files of rows that archc reads. */
export const tableEndings = /\.(?:npz|safetensors|csv|tsv|jsonl|ndjson)$/;

/** What a file of rows has, and a digest of its bytes. */
export interface ReadTable {
  readonly columns: readonly Column[];
  readonly digest: string;
}

/** Reads a file of rows. Its extension determines the format, whose reader is then loaded. Throws `DataError` and `HostError`. */
export async function readTable(path: string, inputs: readonly RowInput[], mapping: ReadonlyMap<string, string>): Promise<ReadTable> {
  const [ending = ''] = tableEndings.exec(path) ?? [];
  if (ending === '')
    throw new UsageError(
      `cannot read ${path}: it is not a data file`,
      'data files are .npz, .safetensors, .csv and .jsonl, or folders of them',
    );
  const bytes = bytesOf(path);
  return { columns: await columnsOf(bytes, ending, path, inputs, mapping), digest: digestOf(bytes) };
}

async function columnsOf(
  bytes: Uint8Array,
  ending: string,
  path: string,
  inputs: readonly RowInput[],
  mapping: ReadonlyMap<string, string>,
): Promise<readonly Column[]> {
  switch (ending) {
    case '.npz':
    case '.safetensors':
      return (await import('../../data/arrays.js')).readArrays(bytes, path, inputs, mapping);
    case '.csv':
    case '.tsv':
      return (await import('../../data/csv.js')).readCsv(textOf(bytes, path), path, inputs, mapping, pause);
    default:
      return (await import('../../data/jsonl.js')).readJsonl(textOf(bytes, path), path, inputs, mapping, pause);
  }
}

/** 32 hexadecimal digits that other contents do not have. */
export function digestOf(content: Uint8Array | string): string {
  return createHash('sha256').update(content).digest('hex').slice(0, 32);
}

function bytesOf(path: string): Uint8Array {
  try {
    return readFileSync(path);
  } catch (error) {
    throw hostError('read', path, error);
  }
}

/** JavaScript is sure to hold a text of this length. */
const largestText = 500_000_000;

function textOf(bytes: Uint8Array, path: string): string {
  if (bytes.length > largestText)
    throw new HostError(
      `cannot read ${path}: a text file may have at most 500 MB; split it into several files of a folder, or store arrays as .npz`,
    );
  return utf8Text(bytes, path);
}
