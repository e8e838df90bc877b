import type { ParameterCount } from '../6-emit/parameter-count.js';
import { byteSize, grouped } from '../quantities.js';

export { byteSize, grouped };

/** `1 file`, `3 files` */
export function counted(count: number, noun: string): string {
  return `${grouped(count)} ${noun}${count === 1 ? '' : 's'}`;
}

/** `25,557,032 parameters`, `25,557,032 parameters and 53,120 numbers in buffers` */
export function parametersText({ parameters, buffers }: ParameterCount): string {
  return `${counted(parameters, 'parameter')}${buffers === 0 ? '' : ` and ${counted(buffers, 'number')} in buffers`}`;
}

/** `[N, 3, H, W]`, with a question mark for an open size. */
export function shapeText(shape: readonly (number | string | undefined)[]): string {
  return `[${shape.map((size) => size ?? '?').join(', ')}]`;
}
