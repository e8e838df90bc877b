import { encode } from 'jpeg-js';
import { PNG } from 'pngjs';
import { describe, expect, test } from 'vitest';
import { type ClassFolder, classNames, imageFiles } from '../../src/data/classes.js';
import { decodeImage } from '../../src/data/decode-image.js';
import { type ImageOptions, ImageSet } from '../../src/data/image-set.js';
import type { ImageInput, RowInput } from '../../src/data/inputs.js';
import { covering, middle, type Pixels, resized } from '../../src/data/pixels.js';

const plain: ImageOptions = { resize: undefined, mean: undefined, std: undefined, flip: false, crop: false };
const label: RowInput = { name: 'label', dtype: 'i64', shape: [] };
const input = (height?: number, width = height, more: Partial<ImageInput> = {}): ImageInput => ({
  name: 'image',
  dtype: 'f32',
  channels: 3,
  height,
  width,
  ...more,
});

/** An image whose red is the column and whose green is the row. */
function ramp(width: number, height: number): Pixels {
  const rgb = new Uint8Array(width * height * 3);
  for (let at = 0; at < width * height; at++) rgb.set([at % width, Math.floor(at / width), 200], at * 3);
  return { width, height, rgb };
}

function pngOf({ width, height, rgb }: Pixels): Uint8Array {
  const png = new PNG({ width, height });
  for (let at = 0; at < width * height; at++) png.data.set([...rgb.subarray(at * 3, at * 3 + 3), 255], at * 4);
  return PNG.sync.write(png);
}

function setOf(images: readonly Pixels[], image: ImageInput, options: Partial<ImageOptions> = {}): ImageSet {
  const files = images.map((_, i) => ({ path: `${i}.png`, label: i }));
  return new ImageSet(files, async (path) => pngOf(images[Number.parseInt(path, 10)]!), { image, label }, { ...plain, ...options });
}

type Given = { readonly data: Float32Array; readonly shape: readonly number[] };
const variation = (epoch: number) => ({ seed: 1, epoch });

describe('decoding', () => {
  test('PNG with colors, grays, palette, transparency and 16 bits', async () => {
    const png = new PNG({ width: 2, height: 1 });
    png.data.set([255, 128, 0, 255, 10, 20, 30, 0]);
    const rgb = [255, 128, 0, 10, 20, 30];
    expect([...(await decodeImage(PNG.sync.write(png), 'a.png')).rgb]).toEqual(rgb);
    expect([...(await decodeImage(PNG.sync.write(png, { colorType: 2 }), 'a.png')).rgb].slice(0, 3)).toEqual([255, 128, 0]);
    const gray = await decodeImage(PNG.sync.write(png, { colorType: 0 }), 'a.png');
    expect(new Set(gray.rgb.slice(0, 3)).size).toBe(1);
    // 2 x 1 pixels of one bit with the palette red, blue; written by hand.
    const palette = Buffer.from(
      'iVBORw0KGgoAAAANSUhEUgAAAAIAAAABAQMAAADO7O3JAAAABlBMVEX/AAAAAP9sof2OAAAACklEQVR4nGNwAAAAQgBBKTf07wAAAABJRU5ErkJggg==',
      'base64',
    );
    expect([...(await decodeImage(palette, 'p.png')).rgb]).toEqual([255, 0, 0, 0, 0, 255]);
  });

  test('JPEG', async () => {
    const data = new Uint8Array(16 * 16 * 4).fill(255);
    for (let i = 0; i < data.length; i += 4) data.set([200, 100, 50], i);
    const { width, height, rgb } = await decodeImage(encode({ width: 16, height: 16, data }, 95).data, 'a.jpg');
    expect([width, height, rgb.length]).toEqual([16, 16, 768]);
    for (const [i, value] of [200, 100, 50].entries()) expect(Math.abs(rgb[i]! - value)).toBeLessThan(4);
  });

  test('a file that is not an image, or a damaged one, is refused by name', async () => {
    await expect(decodeImage(new TextEncoder().encode('GIF89a'), 'cat/1.png')).rejects.toThrow(
      'cat/1.png is neither a PNG nor a JPEG image',
    );
    const png = pngOf(ramp(9, 9));
    await expect(decodeImage(png.subarray(0, 60), 'cat/1.png')).rejects.toThrow(/^cat\/1\.png cannot be decoded: /);
    await expect(decodeImage(png.subarray(0, png.length - 8), 'cat/1.png')).rejects.toThrow(
      'cat/1.png cannot be decoded: it ends too early',
    );
    await expect(decodeImage(png.subarray(0, 12), 'cat/1.png')).rejects.toThrow('cat/1.png cannot be decoded: it ends in its header');
    const damaged = Uint8Array.from(png);
    damaged[damaged.length - 20]! ^= 0xff;
    await expect(decodeImage(damaged, 'cat/1.png')).rejects.toThrow(/^cat\/1\.png cannot be decoded: /);
    const huge = Uint8Array.from(png);
    new DataView(huge.buffer).setUint32(16, 1_000_000_000);
    await expect(decodeImage(huge, 'cat/1.png')).rejects.toThrow('it has 1000000000 x 9 pixels');
    const jpeg = encode({ width: 16, height: 16, data: new Uint8Array(1024) }, 90).data;
    await expect(decodeImage(jpeg.subarray(0, 100), 'cat/1.jpg')).rejects.toThrow(/^cat\/1\.jpg cannot be decoded: /);
  });
});

describe('scaling', () => {
  test('an image in its own size is the same', () => {
    expect(resized(ramp(5, 3), { width: 5, height: 3 }).rgb).toEqual(ramp(5, 3).rgb);
  });

  test('is that of Pillow, whose intermediate results are bytes', () => {
    // Image.fromarray(a).resize((width, height), Image.BILINEAR) of Pillow 12.3.
    const rows = Array.from({ length: 5 }, (_, y) => Array.from({ length: 7 }, (_, x) => ((7 * y + x) * 37) % 256));
    for (const [from, width, height, want] of [
      [[[0, 10, 20, 30, 40, 50, 60, 70]], 4, 1, [[7, 25, 45, 63]]],
      [[[0, 100]], 4, 1, [[0, 25, 75, 100]]],
      [
        rows,
        3,
        4,
        [
          [33, 112, 191],
          [36, 115, 194],
          [40, 119, 198],
          [43, 122, 201],
        ],
      ],
      [
        rows,
        10,
        2,
        [
          [3, 23, 49, 75, 101, 127, 153, 179, 205, 225],
          [9, 29, 55, 81, 107, 133, 159, 185, 211, 231],
        ],
      ],
    ] as const) {
      const rgb = Uint8Array.from(from.flat().flatMap((value) => [value, value, value]));
      const result = resized({ width: from[0].length, height: from.length, rgb }, { width, height });
      for (const [i, value] of want.flat().entries()) expect(Math.abs(result.rgb[i * 3]! - value)).toBeLessThanOrEqual(1);
    }
  });

  test('the proportions stay', () => {
    const { width, height } = covering(ramp(40, 20), { width: 10, height: 10 });
    expect([width, height]).toEqual([20, 10]);
  });

  // int(size * long / short) and int(round((whole - part) / 2)), as in torchvision.transforms.functional.
  test('sides and centers are rounded as by torchvision', () => {
    const sides = ([from, to]: readonly [readonly [number, number], number]) => {
      const { width, height } = covering(ramp(...from), { width: to, height: to });
      return [width, height];
    };
    expect(
      (
        [
          [[17, 23], 8],
          [[30, 20], 11],
          [[20, 30], 11],
          [[16, 17], 8],
        ] as const
      ).map(sides),
    ).toEqual([
      [8, 10],
      [16, 11],
      [11, 16],
      [8, 8],
    ]);
    expect([0, 1, 2, 3, 4, 5, 7].map(middle)).toEqual([0, 0, 1, 2, 2, 2, 4]);
  });
});

describe('a set of images', () => {
  test('gives channels from 0 to 1, and the number of the class', async () => {
    const batch = await setOf([ramp(4, 4), ramp(4, 4)], input(4)).batch([1, 0]);
    const { data, shape } = batch.image as Given;
    expect(shape).toEqual([2, 3, 4, 4]);
    expect([...data.subarray(0, 4)]).toEqual([0, 1, 2, 3].map((x) => Math.fround(x / 255)));
    expect([...data.subarray(16, 20)]).toEqual([0, 0, 0, 0]);
    expect(data[32]).toBe(Math.fround(200 / 255));
    expect(batch.label).toEqual({ data: BigInt64Array.of(1n, 0n), shape: [2] });
  });

  test('takes mean and standard deviation, and one channel', async () => {
    const { data } = (await setOf([ramp(2, 1)], input(1, 2), { mean: [0.5, 0, 0], std: [0.5, 1, 2] }).batch([0])).image as Given;
    expect([...data]).toEqual([-1, (1 / 255 - 0.5) / 0.5, 0, 0, 200 / 255 / 2, 200 / 255 / 2].map(Math.fround));
    const gray = (await setOf([ramp(2, 1)], input(1, 2, { channels: 1 })).batch([0])).image as Given;
    expect([gray.shape, [...gray.data]]).toEqual([
      [1, 1, 1, 2],
      [Math.fround(23 / 255), Math.fround(23 / 255)],
    ]);
    const bytes = (await setOf([ramp(2, 1)], input(1, 2, { dtype: 'u8' })).batch([0])).image as { data: Uint8Array };
    expect(bytes.data).toEqual(Uint8Array.of(0, 1, 0, 0, 200, 200));
    const halves = (await setOf([ramp(2, 1)], input(1, 2, { dtype: 'f16' }), { std: [1 / 255] }).batch([0])).image as { data: Uint16Array };
    expect([...halves.data.subarray(0, 2)]).toEqual([0, 0x3c00]);
  });

  test('cuts out the center, or a random part of a training', async () => {
    const set = setOf([ramp(12, 8)], input(4), { resize: { height: 8, width: 8 }, crop: true });
    const corner = async (epoch?: number) => {
      const { data } = (await set.batch([0], epoch === undefined ? undefined : variation(epoch))).image as Given;
      return [Math.round(data[0]! * 255), Math.round(data[16]! * 255)];
    };
    expect(await corner()).toEqual([4, 2]);
    const corners = await Promise.all(Array.from({ length: 60 }, (_, epoch) => corner(epoch)));
    expect(new Set(corners.map(([x]) => x)).size).toBe(9);
    expect(new Set(corners.map(([, y]) => y)).size).toBe(5);
    expect(await corner(7)).toEqual(corners[7]);
  });

  test('mirrors about every other image of a training, and none that is held out', async () => {
    const set = setOf([ramp(4, 4)], input(4), { flip: true });
    const first = async (epoch?: number) =>
      Math.round((((await set.batch([0], epoch === undefined ? undefined : variation(epoch))).image as Given).data[0] ?? 0) * 255);
    expect(await first()).toBe(0);
    const firsts = await Promise.all(Array.from({ length: 200 }, (_, epoch) => first(epoch)));
    expect(new Set(firsts)).toEqual(new Set([0, 3]));
    expect(Math.abs(firsts.filter((value) => value === 3).length - 100)).toBeLessThan(35);
  });

  test('changes do not depend on the batch in which an image is', async () => {
    const set = setOf([ramp(9, 9), ramp(9, 9)], input(4), { resize: { height: 9, width: 9 }, crop: true, flip: true });
    const alone = (await set.batch([1], variation(3))).image as Given;
    const both = (await set.batch([0, 1], variation(3))).image as Given;
    expect(both.data.subarray(48)).toEqual(alone.data);
  });

  test.each([
    ['a size is needed', input(), {}, '`image` takes images of any size'],
    ['too small', input(24), { resize: { height: 20, width: 30 } }, '`--resize`: `image` takes 24x24, which cannot be cut from 20x30'],
    ['numbers for each channel', input(4), { mean: [1, 2] }, '`--mean` has 2 numbers, and `image` has 3 channels'],
    ['of one channel', input(4, 4, { channels: 1 }), { std: [1, 1, 1] }, '`--std` has 3 numbers, and `image` has one channel'],
    ['bytes', input(4, 4, { dtype: 'u8' }), { std: [1] }, '`--std`: `image` is u8, so its pixels cannot be scaled'],
    ['zero', input(4), { std: [0] }, '`--std`: a standard deviation is not 0'],
  ] as const)('refuses options that do not fit: %s', (_, image, options, message) => {
    expect(() => setOf([], image, options)).toThrow(expect.objectContaining({ name: 'DataError', message }));
    expect(`archc: ${message}`.length).toBeLessThanOrEqual(80);
  });
});

describe('classes', () => {
  const folder = (name: string, count = 1): ClassFolder => ({
    name,
    path: `d/${name}`,
    images: Array.from({ length: count }, (_, i) => `d/${name}/${i}.png`),
  });

  test('are numbered by their sorted names', () => {
    const folders = [folder('b', 2), folder('10'), folder('2'), folder('B')];
    expect(classNames(folders, 'd')).toEqual(['10', '2', 'B', 'b']);
    expect(imageFiles(folders, ['10', '2', 'B', 'b'])).toEqual([
      { path: 'd/10/0.png', label: 0 },
      { path: 'd/2/0.png', label: 1 },
      { path: 'd/B/0.png', label: 2 },
      { path: 'd/b/0.png', label: 3 },
      { path: 'd/b/1.png', label: 3 },
    ]);
  });

  test('must have images, and be known', () => {
    expect(() => classNames([folder('a'), folder('b', 0)], 'd')).toThrow('the class d/b is empty: it has no PNG or JPEG images');
    expect(() => classNames([], 'd')).toThrow('d has no folders of images');
    expect(() => classNames([folder('train', 0), folder('val', 0)], 'd')).toThrow(
      expect.objectContaining({ hint: '`--data d/train --val-data d/val`' }),
    );
    expect(() => imageFiles([folder('c')], ['a', 'b'])).toThrow('d/c: the training data have no class `c`');
  });
});
