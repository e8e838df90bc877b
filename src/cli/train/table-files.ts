import { readFileSync } from 'node:fs';
import type { Column } from '../../data/column.js';
import type { RowInput } from '../../data/inputs.js';
import { HostError } from '../../host.js';
import { hostError } from '../../node/host-error.js';
import { utf8Text } from '../../node/utf8-text.js';
import { UsageError } from '../usage-error.js';

/** The files of rows that archc reads. */
export const tableEndings = /\.(?:npz|safetensors|csv|tsv|jsonl|ndjson)$/;

/** The columns of a file of rows. Its ending tells the format, whose reader is then loaded. Throws `DataError` and `HostError`. */
export async function readTable(
  path: string,
  inputs: readonly RowInput[],
  mapping: ReadonlyMap<string, string>,
): Promise<readonly Column[]> {
  const [ending = ''] = tableEndings.exec(path) ?? [];
  switch (ending) {
    case '':
      throw new UsageError(`cannot read ${path}: it is not a file of data`, 'these are .npz, .safetensors, .csv and .jsonl, and folders');
    case '.npz':
    case '.safetensors':
      return (await import('../../data/arrays.js')).readArrays(bytesOf(path), path, inputs, mapping);
    case '.csv':
    case '.tsv':
      return (await import('../../data/csv.js')).readCsv(textOf(path), path, inputs, mapping);
    default:
      return (await import('../../data/jsonl.js')).readJsonl(textOf(path), path, inputs, mapping);
  }
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

function textOf(path: string): string {
  const bytes = bytesOf(path);
  if (bytes.length > largestText)
    throw new HostError(`cannot read ${path}: a text may have 500 MB; split it into several files of a folder, or store arrays as .npz`);
  return utf8Text(bytes, path);
}
