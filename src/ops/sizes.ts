import { InternalError } from '../diagnostics/internal-error.js';
import { Dim } from '../dims/dim.js';
import { bytesOf, isPacked, type Shape, type TensorType } from './types.js';

/** The product of sizes; 1 for an empty list. */
export function product(sizes: readonly Dim[]): Dim {
  return sizes.reduce((all, size) => all.mul(size), Dim.of(1));
}

/** The bytes of a tensor; with an odd number of packed elements, the last byte is half empty. */
export function bytesOfType({ dtype, shape }: TensorType): Dim {
  const count = product(shape);
  return isPacked(dtype) ? count.ceilDiv(2) : count.mul(bytesOf[dtype]);
}

/** Whether an axis of this size may have no positions, as far as the range of the size determines it. */
export function mayBeEmpty(size: Dim): boolean {
  return size.bounds.min < 1;
}

/** Whether every size is a number. */
export function isKnown(shape: Shape): boolean {
  return shape.every((size) => size.constant !== undefined);
}

/** Whether two types have the same shape, size by size. */
export function sameShape({ shape: a }: TensorType, b: TensorType | undefined): boolean {
  return b !== undefined && a.length === b.shape.length && a.every((size, axis) => b.shape[axis]?.equals(size));
}

/** Number of elements: the cost of an elementwise operator. */
export function elements(of: TensorType | Shape): Dim {
  return product('shape' in of ? of.shape : of);
}

/** The cost of pure data movement. */
export const noFlops = (): Dim => Dim.of(0);

/** The number for a size in a concrete call. */
export function concrete(size: Dim): number {
  if (size.constant === undefined) throw new InternalError(`the size ${size} is not a number here`);
  return size.constant;
}

/** An axis that the shape rule has accepted, counted from 0. */
export function fromStart(axis: number, rank: number): number {
  return axis < 0 ? axis + rank : axis;
}

/** `shape` with another size on one axis. */
export function withSize(shape: Shape, axis: number, size: Dim): Shape {
  return shape.map((old, i) => (i === axis ? size : old));
}
