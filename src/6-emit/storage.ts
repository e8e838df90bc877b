import { InternalError } from '../diagnostics/internal-error.js';
import type { Target } from '../ops/targets.js';
import type { TensorStorage } from './onnx/model.js';
import { type TensorSource, wholeTensor } from './weights/tensor-source.js';

/** A tensor at its position in the data file next to the model. */
export interface DataPiece {
  readonly name: string;
  readonly offset: number;
  readonly source: TensorSource;
}

/** Where each parameter goes, decided before anything is written. */
export interface StoragePlan {
  /** Inside the model file. */
  readonly inline: ReadonlyMap<string, TensorSource>;
  /** In an existing file. */
  readonly referenced: ReadonlyMap<string, { readonly location: string; readonly offset: number; readonly length: number }>;
  /** In the data file, in the order of their offsets. */
  readonly pieces: readonly DataPiece[];
  /** The size of the data file in bytes; 0 if there is none. */
  readonly dataSize: number;
}

export interface StorageOptions {
  /** `auto`: outside the model once the weights total `externalThreshold` bytes. */
  readonly external: 'auto' | 'always' | 'never';
  /** The target of the model; default: `portable`. */
  readonly target?: Target | undefined;
  /** The name by which the model can refer to a weight file because it is in the same folder; undefined if it must be copied. */
  readonly locate?: ((path: string) => string | undefined) | undefined;
}

/** Where ONNX Runtime maps a data file into memory instead of copying weights out of the model, a data file pays off from this size on. */
const mappedThreshold = 20_000_000;

/** From 1 GiB on, weights go into a data file for every target: a protobuf of 2 GiB cannot be read, and half of that is already slow to read. A smaller model stays a single file, which a browser loads in one go. */
const largestModel = 2 ** 30;

function externalThreshold(target: Target): number {
  return target === 'cpu' || target === 'cuda' ? mappedThreshold : largestModel;
}

/** Smaller tensors always stay inside: a name, an offset and a length take as much room. */
const smallestExternal = 1024;

/**
 * ONNX Runtime can map a tensor at any offset, but maps whole pages of 4 KiB. At multiples of that size, no page is mapped for two tensors. From 1 MiB
 * on, tensors start at multiples of 64 KiB, the granularity of file mappings on Windows, which ONNX Runtime's own writer uses.
 */
function alignmentOf(length: number): number {
  return length >= 2 ** 20 ? 2 ** 16 : 4096;
}

/** Decides where the bytes of each parameter go. The same weights always give the same plan. */
export function planStorage(sources: ReadonlyMap<string, TensorSource>, options: StorageOptions): StoragePlan {
  const inline = new Map<string, TensorSource>();
  const referenced = new Map<string, { location: string; offset: number; length: number }>();
  const pieces: DataPiece[] = [];
  let total = 0;
  for (const source of sources.values()) total += source.length;
  const { external, target = 'portable' } = options;
  const isExternal = external === 'always' || (external === 'auto' && total >= externalThreshold(target));
  let end = 0;
  for (const [name, source] of sources) {
    const { length, stored } = source;
    if (!isExternal || length < smallestExternal) {
      inline.set(name, source);
      continue;
    }
    const location = stored === undefined ? undefined : options.locate?.(stored.path);
    if (stored !== undefined && location !== undefined) {
      referenced.set(name, { location, offset: stored.offset, length });
      continue;
    }
    const alignment = alignmentOf(length);
    const offset = Math.ceil(end / alignment) * alignment;
    pieces.push({ name, offset, source });
    end = offset + length;
  }
  return { inline, referenced, pieces, dataSize: end };
}

/** The location that the model records for each parameter; `dataFile` is the name of the data file, which is known only once it is written. */
export function storageOf(plan: StoragePlan, dataFile: string): (parameter: string) => TensorStorage {
  const pieces = new Map(plan.pieces.map((piece) => [piece.name, piece]));
  return (name) => {
    const inline = plan.inline.get(name);
    if (inline !== undefined) return { kind: 'inline', bytes: wholeTensor(inline) };
    const place = plan.referenced.get(name);
    if (place !== undefined) return { kind: 'external', ...place };
    const piece = pieces.get(name);
    if (piece === undefined) throw new InternalError(`no weights were planned for ${name}`);
    return { kind: 'external', location: dataFile, offset: piece.offset, length: piece.source.length };
  };
}
