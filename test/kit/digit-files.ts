/// <reference types="node" />
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { zipSync } from 'fflate';
import { PNG } from 'pngjs';
import { drawDigits } from '../../scripts/digits.mjs';
import { joinChunks } from '../../src/6-emit/onnx/encode.js';
import { writeNpy } from '../../src/6-emit/weights/npy.js';
import { writeSafetensors } from '../../src/6-emit/weights/write-safetensors.js';

/** Digits as files of data have them: rows of pixels from 0 to 255, `[3, 24, 24]` each. */
export interface Digits {
  readonly count: number;
  readonly pixels: readonly Uint8Array[];
  readonly labels: readonly number[];
}

const side = 24;

/** The same seed gives the same digits. */
export function digits(count: number, seed = 1): Digits {
  const { images, labels } = drawDigits(count, { seed, side });
  const size = 3 * side * side;
  const pixels = Array.from({ length: count }, (_, n) =>
    Uint8Array.from(images.subarray(n * size, (n + 1) * size), (value) => Math.min(255, Math.max(0, Math.round(255 * value)))),
  );
  return { count, pixels, labels: Array.from(labels, Number) };
}

/** A row as the model takes it. */
export function scaled({ pixels }: Digits, row: number): Float32Array {
  return Float32Array.from(pixels[row] ?? [], (value) => value / 255);
}

/** A folder with a folder of PNG images for each digit, in the order of their rows. */
export function writePngFolder(folder: string, { pixels, labels }: Digits): void {
  for (const [row, image] of pixels.entries()) {
    mkdirSync(join(folder, String(labels[row])), { recursive: true });
    writeFileSync(join(folder, String(labels[row]), `${String(row).padStart(4, '0')}.png`), pngOf(image, side, side));
  }
}

/** The PNG of an image `[3, height, width]`. */
export function pngOf(image: Uint8Array, width: number, height: number): Uint8Array {
  const png = new PNG({ width, height });
  for (let at = 0; at < width * height; at++) {
    for (let channel = 0; channel < 3; channel++) png.data[4 * at + channel] = image[channel * width * height + at] ?? 0;
    png.data[4 * at + 3] = 255;
  }
  return PNG.sync.write(png);
}

type Tensors = Readonly<
  Record<
    string,
    { readonly dtype: 'f16' | 'f32' | 'f64' | 'u8' | 'i32' | 'i64'; readonly shape: readonly number[]; readonly data: ArrayBufferView }
  >
>;

function bytesOf({ buffer, byteOffset, byteLength }: ArrayBufferView): Uint8Array {
  return new Uint8Array(buffer as ArrayBuffer, byteOffset, byteLength);
}

/** A file as `np.savez` writes it. */
export function npzOf(tensors: Tensors): Uint8Array {
  const files = Object.entries(tensors).map(([name, { dtype, shape, data }]) => [
    `${name}.npy`,
    joinChunks(writeNpy(dtype, shape, bytesOf(data))),
  ]);
  return zipSync(Object.fromEntries(files));
}

export function safetensorsOf(tensors: Tensors): Uint8Array {
  return joinChunks(
    writeSafetensors(Object.entries(tensors).map(([name, { dtype, shape, data }]) => ({ name, dtype, shape, bytes: bytesOf(data) }))),
  );
}

/** The digits as arrays, with these names. */
export function digitArrays(set: Digits, image = 'image', labels = 'labels'): Tensors {
  const size = 3 * side * side;
  const data = new Float32Array(set.count * size);
  for (let row = 0; row < set.count; row++) data.set(scaled(set, row), row * size);
  return {
    [image]: { dtype: 'f32', shape: [set.count, 3, side, side], data },
    [labels]: { dtype: 'i64', shape: [set.count], data: BigInt64Array.from(set.labels, BigInt) },
  };
}

/** A line for each digit, with its pixels as one list, or nested. */
export function digitLines(set: Digits): string {
  return set.labels.map((label, row) => `${JSON.stringify({ image: [...scaled(set, row)], labels: label })}\n`).join('');
}

/** A table with a column for each pixel. */
export function digitTable(set: Digits): string {
  const names = Array.from({ length: 3 * side * side }, (_, i) => `pixel${i}`);
  const rows = set.labels.map((label, row) => [label, ...scaled(set, row)].join(','));
  return `${[['digit', ...names].join(','), ...rows].join('\n')}\n`;
}
