import type { Report } from '../../diagnostics/report.js';
import type { Span } from '../../diagnostics/span.js';
import { type BinaryFile, type BinaryHost, HostError } from '../../host.js';
import { checkpointFormat } from './checkpoint-format.js';
import { readSafetensors } from './safetensors.js';
import { type StoredTensor, WeightFileError } from './stored-tensor.js';
import { JsonError, parseStrictJson } from './strict-json.js';
import { decodeUtf8 } from './text.js';

/** The tensors of a weight file, and the files that stay open until its owner closes them. */
export interface OpenWeights {
  /** The name that the user gave. */
  readonly path: string;
  readonly tensors: ReadonlyMap<string, StoredTensor>;
  /** Whether it is a checkpoint of a training of archc, which has more than weights. */
  readonly isCheckpoint: boolean;
  close(): void;
}

/** An index has about 100 bytes for each tensor. */
const indexLimit = 64 * 1024 * 1024;

/**
 * Opens a `.safetensors` file, or the `.safetensors.index.json` of a sharded one with all its parts, and checks it. Problems are reported
 * at `place`, and the result is then undefined.
 */
export function openWeights(path: string, host: BinaryHost, report: Report, place: Span): OpenWeights | undefined {
  const files: BinaryFile[] = [];
  const close = () => {
    for (const file of files) file.close();
  };
  const open = (part: string) => {
    const file = host.openBinary(part);
    files.push(file);
    return file;
  };
  let current = path;
  try {
    if (!path.endsWith('.json')) {
      const { tensors, metadata } = readSafetensors(open(path), path);
      return { path, tensors, isCheckpoint: metadata.get('format') === checkpointFormat, close };
    }
    const tensors = new Map<string, StoredTensor>();
    const shards = new Map<string, ReadonlyMap<string, StoredTensor>>();
    for (const [name, shard] of readIndex(open(path))) {
      current = path;
      if (!shards.has(shard)) {
        current = host.resolve(`./${shard}`, path);
        shards.set(shard, readSafetensors(open(current), current).tensors);
      }
      const tensor = shards.get(shard)?.get(name);
      if (tensor === undefined) throw new WeightFileError(`it says that ${JSON.stringify(name)} is in ${shard}, but it is not`);
      tensors.set(name, tensor);
    }
    return { path, tensors, isCheckpoint: false, close };
  } catch (error) {
    close();
    if (!(error instanceof WeightFileError || error instanceof HostError)) throw error;
    // The host also names the file.
    const problem = error.message.replace(`cannot read ${current}: `, '');
    report.add('weights-file', place, { file: current, problem });
    return undefined;
  }
}

/** Tensor name -> file name, from the `weight_map` of an index. The parts are next to the index: no path leads elsewhere. */
function readIndex(file: BinaryFile): ReadonlyMap<string, string> {
  if (file.size > indexLimit) throw new WeightFileError(`its ${file.size} bytes are over the limit of ${indexLimit}`);
  const text = decodeUtf8(file.read(0, file.size));
  if (text === undefined) throw new WeightFileError('it is not UTF-8');
  const index = strictJson(text);
  const map = index instanceof Map ? index.get('weight_map') : undefined;
  if (!(map instanceof Map)) throw new WeightFileError('it is not an index of safetensors files: it has no `weight_map`');
  const shards = new Map<string, string>();
  for (const [name, shard] of map) {
    if (typeof shard !== 'string' || !/^[\w][\w.-]*\.safetensors$/.test(shard)) {
      throw new WeightFileError(`the file of ${JSON.stringify(name)} is not the name of a .safetensors file in the same folder`);
    }
    shards.set(name, shard);
  }
  return shards;
}

function strictJson(text: string): ReturnType<typeof parseStrictJson> {
  try {
    return parseStrictJson(text);
  } catch (error) {
    if (error instanceof JsonError) throw new WeightFileError(error.message);
    throw error;
  }
}
