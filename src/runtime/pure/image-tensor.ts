import type { ImageInput } from '../../api/tensor-types.js';
import { type DType, isFloat } from '../../ops/types.js';
import { FeedError } from './feed-error.js';
import type { DeclaredInput } from './signature.js';
import type { TensorData } from './tensor-data.js';
import { tensorOf } from './tensor-numbers.js';

type Input = Pick<DeclaredInput, 'name' | 'shape'> & { readonly dtype: DType };

/** Whether a value is the pixels of an image: an `ImageData`, or an object like one. */
export function isImage(value: unknown): value is ImageInput {
  if (typeof value !== 'object' || value === null || !('width' in value && 'height' in value && 'data' in value)) return false;
  const { data, width, height } = value;
  return isSize(width) && isSize(height) && ArrayBuffer.isView(data) && 'length' in data && data.length === 4 * width * height;
}

function isSize(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) > 0;
}

/**
 * The planes of red, green and blue of an image, from 0 to 1. With `resize`, an image of another size is scaled with bilinear interpolation. Throws `FeedError` for an input that does not take such
 * planes, or takes others.
 */
export function imageTensor(input: Input, image: ImageInput, resize: boolean): TensorData {
  const { dtype, shape } = input;
  const text = `[${shape?.join(', ') ?? '...'}]`;
  const sizes = shape?.map((size) => size.constant);
  const [planes, high, wide] = sizes?.slice(-3) ?? [];
  const isRgb = isFloat(dtype) && sizes !== undefined && sizes.length >= 3 && planes === 3;
  if (!isRgb || sizes.slice(0, -3).some((size) => (size ?? 1) !== 1))
    return refuse(input, `an image is [1, 3, ${image.height}, ${image.width}] of floats, but it is ${text} ${dtype}: give its elements`);
  const height = high ?? image.height;
  const width = wide ?? image.width;
  if (!resize && (height !== image.height || width !== image.width))
    return refuse(
      input,
      `it is ${text}, but the image is ${image.width} wide and ${image.height} high: give the option \`resize: true\` to scale it`,
    );
  return tensorOf(dtype, [...sizes.slice(0, -3).map(() => 1), 3, height, width], planesOf(image, width, height));
}

function planesOf({ data, width, height }: ImageInput, newWidth: number, newHeight: number): Float64Array {
  // Pixels of 16-bit floats are from 0 to 1 as they are.
  const most = data instanceof Uint8ClampedArray || data instanceof Uint8Array ? 255 : 1;
  const columns = Array.from({ length: newWidth }, (_, x) => sourceOf(x, newWidth, width));
  const planes = new Float64Array(3 * newWidth * newHeight);
  let at = 0;
  for (let plane = 0; plane < 3; plane++) {
    const pixel = (x: number, y: number) => data[4 * (y * width + x) + plane] ?? 0;
    for (let y = 0; y < newHeight; y++) {
      const [top, bottom, down] = sourceOf(y, newHeight, height);
      for (const [left, right, across] of columns) {
        const above = pixel(left, top) * (1 - across) + pixel(right, top) * across;
        const below = pixel(left, bottom) * (1 - across) + pixel(right, bottom) * across;
        planes[at++] = (above * (1 - down) + below * down) / most;
      }
    }
  }
  return planes;
}

/** Between which two pixels a new one lies, and how far from the first, if the centers of all are spread evenly. */
function sourceOf(at: number, newSize: number, size: number): readonly [first: number, second: number, share: number] {
  const place = Math.min(Math.max(((at + 0.5) * size) / newSize - 0.5, 0), size - 1);
  const first = Math.floor(place);
  return [first, Math.min(first + 1, size - 1), place - first];
}

function refuse({ name }: Input, reason: string): never {
  throw new FeedError({ kind: 'not-a-tensor', name, reason });
}
