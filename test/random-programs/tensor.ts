import type { DType, NdArray } from '../../src/ops/types.js';
import type { Run } from './run.js';
import type { Size } from './size.js';

/** Where the values of tensors come from; an operator with several outputs is one source. */
export interface Source {
  /** Whether it comes from outside the body: its type binds the sizes that it names. */
  readonly isInput?: boolean;
  compute(run: Run): readonly NdArray[];
}

/** A tensor of the program that is being drawn: how it is written, what is known of it, and how the reference computes it. */
export interface Tensor {
  readonly text: string;
  /** `atom` is an operand as it stands, `infix` needs brackets as one, and a `pipe` can also be continued. */
  readonly form: 'atom' | 'infix' | 'pipe';
  readonly dtype: DType;
  readonly axes: readonly Size[];
  readonly source: Source;
  readonly index: number;
  /**
   * Significant bits that its elements need at most; 24 and more are rounded by the runtime. Only exact ones may go where a tiny difference changes
   * everything, such as into `floor` or a comparison.
   */
  readonly bits: number;
  /** May hold infinities, NaN, or the ends of its integer type. */
  readonly wild: boolean;
}

export const rounded = 99;

export function isExact(tensor: Tensor): boolean {
  return tensor.dtype !== 'f32' || tensor.bits <= 20;
}

/** The tensor as an operand of an operator. */
export function operand({ text, form }: Tensor): string {
  return form === 'atom' ? text : `(${text})`;
}

/** The tensor as an item of a list of arguments. */
export function argument({ text, form }: Tensor): string {
  return form === 'pipe' ? `(${text})` : text;
}

export function shapeText(axes: readonly Size[]): string {
  return `[${axes.map((axis) => axis.text).join(', ')}]`;
}

export function typeText(dtype: DType, axes: readonly Size[]): string {
  return `Tensor${dtype === 'f32' ? '' : `<${dtype}>`}${shapeText(axes)}`;
}

export function sameAxes(a: readonly Size[], b: readonly Size[]): boolean {
  return a.length === b.length && a.every((axis, i) => axis.text === b[i]?.text);
}
