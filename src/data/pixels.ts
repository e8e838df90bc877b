/** An image: three bytes for each pixel, red, green and blue, row by row. */
export interface Pixels {
  readonly width: number;
  readonly height: number;
  readonly rgb: Uint8Array;
}

export interface Size {
  readonly height: number;
  readonly width: number;
}

/** A rectangle of an image. */
export interface Region extends Size {
  readonly top: number;
  readonly left: number;
}

/** The image as large as it must be to cover `size`, with the proportions that it has: one side fits, and the other is rounded down, as by `torchvision.transforms.Resize`. */
export function covering(image: Pixels, size: Size): Pixels {
  const fitsWidth = size.width * image.height >= size.height * image.width;
  const width = fitsWidth ? size.width : Math.max(size.width, Math.floor((size.height * image.width) / image.height));
  const height = fitsWidth ? Math.max(size.height, Math.floor((size.width * image.height) / image.width)) : size.height;
  return width === image.width && height === image.height ? image : resized(image, { width, height });
}

/**
 * The image in another size, with a triangle filter as wide as a pixel of the smaller of the two sizes: bilinear where it grows, and without the patterns of left out pixels where it
 * shrinks. This is what Pillow and torchvision do.
 */
export function resized(image: Pixels, { width, height }: Size): Pixels {
  const across = filterOf(image.width, width);
  const down = filterOf(image.height, height);
  const rows = new Float32Array(image.height * width * 3);
  for (let y = 0; y < image.height; y++)
    for (let x = 0; x < width; x++) {
      const { from, weights } = across[x] as Filter;
      for (let channel = 0; channel < 3; channel++) {
        let sum = 0;
        for (let i = 0; i < weights.length; i++)
          sum += (weights[i] as number) * (image.rgb[(y * image.width + from + i) * 3 + channel] as number);
        rows[(y * width + x) * 3 + channel] = sum;
      }
    }
  const rgb = new Uint8Array(width * height * 3);
  for (let y = 0; y < height; y++) {
    const { from, weights } = down[y] as Filter;
    for (let at = 0; at < width * 3; at++) {
      let sum = 0;
      for (let i = 0; i < weights.length; i++) sum += (weights[i] as number) * (rows[(from + i) * width * 3 + at] as number);
      rgb[y * width * 3 + at] = Math.min(255, Math.max(0, Math.round(sum)));
    }
  }
  return { width, height, rgb };
}

/** Where a part begins that lies in the middle, if `rest` is how much larger the whole is. Halves go to the even number, as by `torchvision.transforms.CenterCrop`. */
export function middle(rest: number): number {
  const half = Math.floor(rest / 2);
  return rest % 2 === 1 && half % 2 === 1 ? half + 1 : half;
}

/** The pixels that one new pixel is made of, from `from` on. */
interface Filter {
  readonly from: number;
  readonly weights: Float32Array;
}

function filterOf(from: number, to: number): readonly Filter[] {
  const scale = from / to;
  const reach = Math.max(1, scale);
  return Array.from({ length: to }, (_, at) => {
    const center = (at + 0.5) * scale;
    const first = Math.max(0, Math.floor(center - reach + 0.5));
    const end = Math.min(from, Math.floor(center + reach + 0.5));
    const weights = Float32Array.from({ length: Math.max(1, end - first) }, (_, i) =>
      Math.max(0, 1 - Math.abs(first + i + 0.5 - center) / reach),
    );
    const sum = weights.reduce((total, weight) => total + weight, 0);
    return { from: first, weights: sum === 0 ? weights.fill(1 / weights.length) : weights.map((weight) => weight / sum) };
  });
}

/** How pixels become numbers: from 0 to 1, less `mean`, divided by `std`, for each channel; or as they are. */
export interface Scale {
  readonly mean: readonly number[];
  readonly std: readonly number[];
}

/**
 * Writes a part of an image as `[channels, height, width]`, mirrored if asked for. One channel is its brightness, as Rec. 601 weighs the colors. Without `scale`, numbers are those
 * of the pixels, 0 to 255.
 */
export function writePixels(
  image: Pixels,
  { top, left, width, height }: Region,
  { channels, isMirrored, scale }: { readonly channels: 1 | 3; readonly isMirrored: boolean; readonly scale: Scale | undefined },
  into: { [index: number]: number },
  start: number,
): void {
  for (let channel = 0; channel < channels; channel++) {
    const mean = scale?.mean[channel % scale.mean.length] ?? 0;
    const std = scale?.std[channel % scale.std.length] ?? 1;
    for (let y = 0; y < height; y++)
      for (let x = 0; x < width; x++) {
        const at = ((top + y) * image.width + left + (isMirrored ? width - 1 - x : x)) * 3;
        const value = channels === 3 ? (image.rgb[at + channel] as number) : brightness(image.rgb, at);
        into[start + (channel * height + y) * width + x] = scale === undefined ? value : (value / 255 - mean) / std;
      }
  }
}

function brightness(rgb: Uint8Array, at: number): number {
  return Math.round((299 * (rgb[at] as number) + 587 * (rgb[at + 1] as number) + 114 * (rgb[at + 2] as number)) / 1000);
}
