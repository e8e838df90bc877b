import type { StoredSize } from '../5-optimize/quantize/stored-sizes.js';
import type { ParameterCount } from '../6-emit/parameter-count.js';
import { byteSize, grouped } from '../quantities.js';

export { byteSize, grouped };

/** `1 file`, `3 files`; `plural` is for nouns that do not take an s. */
export function counted(count: number, noun: string, plural = `${noun}s`): string {
  return `${grouped(count)} ${count === 1 ? noun : plural}`;
}

/** `25,557,032 parameters`, `25,557,032 parameters and 53,120 numbers in buffers` */
export function parametersText({ parameters, buffers }: ParameterCount): string {
  return `${counted(parameters, 'parameter')}${buffers === 0 ? '' : ` and ${counted(buffers, 'number')} in buffers`}`;
}

/** `[N, 3, H, W]`, with a question mark for an open size. */
export function shapeText(shape: readonly (number | string | undefined)[]): string {
  return `[${shape.map((size) => size ?? '?').join(', ')}]`;
}

/** `int4/32` and `124,439,808 numbers` and `498 MB -> 80 MB`, for each form in which weights are stored */
export function storedRows(sizes: readonly StoredSize[]): readonly (readonly string[])[] {
  return sizes.map(({ form, numbers, before, after }) => [
    form,
    counted(numbers, 'number'),
    before === after ? byteSize(after) : `${byteSize(before)} -> ${byteSize(after)}`,
  ]);
}
