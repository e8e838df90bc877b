import type { OnnxAttr } from '../../../src/ops/onnx-builder.js';

/** An input of a node that is probed. Values that are left out are drawn. */
export interface RecipeInput {
  readonly shape: readonly number[];
  readonly values?: readonly number[];
  /** The range of drawn floats; default -0.9 to 0.9. */
  readonly from?: number;
  readonly to?: number;
  /** Whether it is stored in the file, as kernels require for sizes, axes and limits. */
  readonly isConstant?: boolean;
}

/** What a node is probed with beyond what its form specifies. */
export interface Recipe {
  /** The inputs by their names in ONNX. */
  readonly inputs: Readonly<Record<string, RecipeInput | readonly RecipeInput[]>>;
  readonly attrs?: Readonly<Record<string, OnnxAttr>>;
  /** How exact the outputs must be, relative to the largest element, for an operator that promises less than others. */
  readonly tolerance?: number;
  /** How many variadic outputs there are. */
  readonly outputs?: number;
}

/** What is special about the form, and the number after `rank=`. */
export interface Special {
  readonly has: (trait: string) => boolean;
  readonly rank: number;
}

/** An input with random values. */
export const of = (...shape: readonly number[]): RecipeInput => ({ shape });
/** An input of these values, stored in the file. */
export const fixed = (shape: readonly number[], ...values: readonly number[]): RecipeInput => ({ shape, values, isConstant: true });
export const list = (...values: readonly number[]): RecipeInput => fixed([values.length], ...values);
export const int = (value: number): OnnxAttr => ({ int: value });
export const times = (count: number, size: number): readonly number[] => new Array<number>(count).fill(size);
