import type { Batch } from '../api/runtime.js';
import { generator } from '../runtime/pure/random-tensor.js';
import { elementsOf } from '../runtime/pure/tensor-data.js';
import { tensorOf } from '../runtime/pure/tensor-numbers.js';
import { DataError } from './data-error.js';
import type { Dataset, Variation } from './dataset.js';
import { decodeImage } from './decode-image.js';
import type { ImageInput, RowInput } from './inputs.js';
import { covering, middle, type Pixels, type Region, type Scale, type Size, writePixels } from './pixels.js';

/** An image file and the number of its class. */
export interface ImageFile {
  readonly path: string;
  readonly label: number;
}

/** How images are made ready. */
export interface ImageOptions {
  /** Images are made as small as still covers this. Default: what the model takes, or 8/7 of that for `crop`. */
  readonly resize: Size | undefined;
  readonly mean: readonly number[] | undefined;
  readonly std: readonly number[] | undefined;
  /** Mirrors every other image of a training. */
  readonly flip: boolean;
  /** Cuts a random part of an image of a training, instead of its center. */
  readonly crop: boolean;
}

/** Bytes of decoded images that are kept for the next epoch. */
const cacheSize = 512 * 2 ** 20;

/** Images of a folder and their classes. */
export class ImageSet implements Dataset {
  readonly #files: readonly ImageFile[];
  readonly #read: (path: string) => Promise<Uint8Array>;
  readonly #image: ImageInput;
  readonly #label: RowInput;
  readonly #options: ImageOptions;
  readonly #covered: Size;
  readonly #taken: Size;
  readonly #scale: Scale | undefined;
  readonly #cache = new Map<number, Pixels>();
  #cached = 0;

  /** Throws `DataError` for options that do not fit the model. */
  constructor(
    files: readonly ImageFile[],
    read: (path: string) => Promise<Uint8Array>,
    { image, label }: { readonly image: ImageInput; readonly label: RowInput },
    options: ImageOptions,
  ) {
    this.#files = files;
    this.#read = read;
    this.#image = image;
    this.#label = label;
    this.#options = options;
    ({ covered: this.#covered, taken: this.#taken } = sizesOf(image, options));
    this.#scale = scaleOf(image, options);
  }

  get count(): number {
    return this.#files.length;
  }

  async batch(rows: readonly number[], variation?: Variation): Promise<Batch> {
    const { name, dtype, channels } = this.#image;
    const { height, width } = this.#taken;
    const size = channels * height * width;
    const isPlain = dtype === 'f32' || dtype === 'u8';
    const numbers =
      dtype === 'f32'
        ? new Float32Array(rows.length * size)
        : dtype === 'u8'
          ? new Uint8Array(rows.length * size)
          : new Float64Array(rows.length * size);
    for (const [i, row] of rows.entries()) {
      const image = await this.#pixels(row);
      const { region, isMirrored } = this.#view(image, row, variation);
      writePixels(image, region, { channels, isMirrored, scale: this.#scale }, numbers, i * size);
    }
    const labels = tensorOf(
      this.#label.dtype,
      [],
      rows.map((row) => this.#files[row]?.label ?? 0),
    );
    return {
      [name]: {
        data: isPlain ? (numbers as Float32Array) : elementsOf(tensorOf(dtype, [], numbers)),
        shape: [rows.length, channels, height, width],
      },
      [this.#label.name]: { data: elementsOf(labels), shape: [rows.length] },
    };
  }

  async #pixels(row: number): Promise<Pixels> {
    const known = this.#cache.get(row);
    if (known !== undefined) return known;
    const path = this.#files[row]?.path ?? '';
    const image = covering(await decodeImage(await this.#read(path), path), this.#covered);
    if (this.#cached + image.rgb.length <= cacheSize) {
      this.#cached += image.rgb.length;
      this.#cache.set(row, image);
    }
    return image;
  }

  /** The part of an image that the model sees. */
  #view(image: Pixels, row: number, variation: Variation | undefined): { readonly region: Region; readonly isMirrored: boolean } {
    const { height, width } = this.#taken;
    const [down, right] = [image.height - height, image.width - width];
    if (variation === undefined) return { region: { top: middle(down), left: middle(right), height, width }, isMirrored: false };
    const next = generator(`image/${variation.seed}/${variation.epoch}/${row}`);
    const [first, second, third] = [next(), next(), next()];
    const { crop, flip } = this.#options;
    const top = crop ? Math.floor(first * (down + 1)) : middle(down);
    const left = crop ? Math.floor(second * (right + 1)) : middle(right);
    return { region: { top, left, height, width }, isMirrored: flip && third < 0.5 };
  }
}

function sizesOf({ name, height, width }: ImageInput, { resize, crop }: ImageOptions): { readonly covered: Size; readonly taken: Size } {
  if (height === undefined || width === undefined) {
    if (resize === undefined) throw new DataError(`\`${name}\` takes images of any size`, '`--resize 224` or `--resize 224x320` gives one');
    const taken = { height: height ?? resize.height, width: width ?? resize.width };
    return { covered: crop ? larger(taken) : taken, taken };
  }
  const taken = { height, width };
  if (resize !== undefined && (resize.height < height || resize.width < width))
    throw new DataError(`\`--resize\`: \`${name}\` takes ${height}x${width}, which cannot be cut from ${resize.height}x${resize.width}`);
  return { covered: resize ?? (crop ? larger(taken) : taken), taken };
}

/** A larger size in the same proportion as 256 pixels to a crop of 224. */
function larger({ height, width }: Size): Size {
  return { height: Math.ceil((height * 8) / 7), width: Math.ceil((width * 8) / 7) };
}

function scaleOf({ name, dtype, channels }: ImageInput, { mean, std }: ImageOptions): Scale | undefined {
  for (const [option, values] of Object.entries({ mean, std })) {
    if (values === undefined) continue;
    if (dtype === 'u8') throw new DataError(`\`--${option}\`: \`${name}\` is u8, so its pixels cannot be scaled`);
    if (values.length !== 1 && values.length !== channels)
      throw new DataError(
        `\`--${option}\` has ${values.length} numbers, and \`${name}\` has ${channels === 1 ? 'one channel' : '3 channels'}`,
      );
  }
  if (std?.some((value) => value === 0) === true) throw new DataError('`--std`: a standard deviation is not 0');
  return dtype === 'u8' ? undefined : { mean: mean ?? [0], std: std ?? [1] };
}
