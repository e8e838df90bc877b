import type { BinaryFile } from '../../host.js';
import type { DType } from '../../ops/types.js';

/** A tensor in a file, row-major and little-endian. */
export interface StoredTensor {
  readonly name: string;
  /** The element type as the file names it: `F32`, `<f4`. */
  readonly storedType: string;
  /** Undefined for a type that archc does not have; such a tensor can be listed but not used. */
  readonly dtype: DType | undefined;
  readonly shape: readonly number[];
  readonly file: BinaryFile;
  readonly path: string;
  /** From the start of the file. */
  readonly offset: number;
  /** In bytes. */
  readonly length: number;
}

/** Why a weight file cannot be read, in words for users. */
export class WeightFileError extends Error {
  override readonly name = 'WeightFileError';
}
