import type { TensorInput, TensorSignature } from 'archc/runtime';

/** A random tensor for an input with a number for each size: floats from -1 to 1, integers that the model allows. */
export function randomInput({ dtype, shape, range }: TensorSignature, next: () => number): TensorInput {
  const sizes = shape.map(Number);
  const isFloat = dtype.startsWith('f') || dtype.startsWith('bf');
  const least = typeof range?.least === 'number' ? range.least : 0;
  const most = typeof range?.most === 'number' ? range.most : 1;
  const element = isFloat ? () => next() * 2 - 1 : () => least + Math.floor(next() * (Math.max(least, most) - least + 1));
  const data = Array.from({ length: sizes.reduce((product, size) => product * size, 1) }, element);
  return { data, shape: sizes };
}
