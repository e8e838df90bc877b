/// <reference types="node" />
import { closeSync, mkdtempSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { crc32 } from 'node:zlib';
import { afterAll, describe, expect, test } from 'vitest';
import { rawElements } from '../../src/6-emit/onnx/raw-data.js';
import { floatCast, floatConversions } from '../../src/6-emit/weights/float-cast.js';
import { copyInThreads } from '../../src/node/copy-segments.js';
import type { SegmentCast } from '../../src/node/copy-worker.js';
import { bytesOf } from '../../src/ops/types.js';

const folder = mkdtempSync(join(tmpdir(), 'archc-casts-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const blockBytes = 256 * 1024;
const types = ['f16', 'bf16', 'f32', 'f64'] as const;
type Float = (typeof types)[number];
const pairs = types.flatMap((from) => types.filter((to) => to !== from).map((to) => [from, to] as const));

/** The values of all bit patterns of f16, and the values between them that are hard to round, as far as both types can represent them. */
function hardValues(from: Float, to: Float): Float64Array {
  const halves = new Uint32Array(1 << 16).map((_, half) => floatConversions.f32BitsFromF16(half));
  const values = [...new Float32Array(halves.buffer)];
  const near = values.flatMap((value) => [
    value,
    value * (1 + 2 ** -11),
    value * (1 + 2 ** -11 + 2 ** -40),
    value * (1 + 2 ** -8),
    value * 2 ** -12,
  ]);
  const stored = roundTrip(from, Float64Array.from([...near, 2 ** -133, 2 ** -149, 3 * 2 ** -150, 1e-300, -0]));
  const cast = roundTrip(to, stored);
  return stored.filter((value, i) => !Number.isFinite(value) || Number.isFinite(cast[i]));
}

/** The values as a type represents them. */
function roundTrip(type: Float, values: Float64Array): Float64Array {
  const bytes = rawElements(type, values);
  if (type === 'f64') return new Float64Array(bytes.slice().buffer);
  if (type === 'f32') return new Float64Array(new Float32Array(bytes.slice().buffer));
  const halves = new Uint16Array(bytes.slice().buffer);
  const bits = Uint32Array.from(halves, type === 'f16' ? floatConversions.f32BitsFromF16 : (half) => half << 16);
  return new Float64Array(new Float32Array(bits.buffer));
}

function castOf(from: Float, to: Float): SegmentCast {
  return { from, to, ratio: bytesOf[from] / bytesOf[to] };
}

/** Converts segments of a file into another; returns what was written, and the sums of its blocks. */
async function copied(bytes: Uint8Array, segments: readonly { from: number; to: number; length: number; cast?: SegmentCast }[]) {
  const path = join(folder, 'source');
  writeFileSync(path, bytes);
  const source = openSync(path, 'r');
  const target = openSync(join(folder, 'target'), 'w');
  try {
    const tooLarge = (value: number) => new Error(`${value} is too large`);
    const sums = await copyInThreads(
      target,
      segments.map((segment) => ({ path, descriptor: source, tooLarge, ...segment })),
      blockBytes,
    );
    return { written: new Uint8Array(readFileSync(join(folder, 'target'))), sums: sums.map((blocks) => [...blocks]) };
  } finally {
    closeSync(source);
    closeSync(target);
  }
}

function sumsOf(bytes: Uint8Array): number[] {
  return Array.from({ length: Math.ceil(bytes.length / blockBytes) }, (_, i) =>
    crc32(bytes.subarray(i * blockBytes, (i + 1) * blockBytes)),
  );
}

function isSame(a: Uint8Array, b: Uint8Array): boolean {
  return Buffer.compare(a, b) === 0;
}

describe('threads convert floats as the rest of the compiler does', () => {
  test.each(pairs)('%s to %s', async (from, to) => {
    const values = hardValues(from, to);
    const stored = rawElements(from, values);
    const wanted = rawElements(to, values);
    const { written, sums } = await copied(stored, [{ from: 0, to: 0, length: wanted.length, cast: castOf(from, to) }]);
    expect(values.length).toBeGreaterThan(1 << 17);
    expect(isSame(written, wanted)).toBe(true);
    expect(sums).toEqual([sumsOf(wanted)]);
    const inline = new Uint8Array(wanted.length);
    expect(floatCast(from, to, floatConversions)(new Uint8Array(stored), inline)).toBeUndefined();
    expect(isSame(inline, wanted)).toBe(true);
  });

  test('with several threads, next to data that are copied unchanged', async () => {
    const count = 20_000_000;
    const halves = new Uint16Array(count).map((_, i) => 0x3c00 + (i % 0x301));
    const stored = new Uint8Array(halves.buffer);
    const wanted = new Uint8Array(new Uint32Array(halves).map((half) => half << 16).buffer);
    const { written, sums } = await copied(stored, [
      { from: 0, to: 0, length: 4 * count, cast: castOf('bf16', 'f32') },
      { from: 2, to: 4 * count, length: 1_000_000 },
    ]);
    expect(isSame(written.subarray(0, 4 * count), wanted)).toBe(true);
    expect(isSame(written.subarray(4 * count), stored.subarray(2, 1_000_002))).toBe(true);
    expect(sums).toEqual([sumsOf(wanted), sumsOf(stored.subarray(2, 1_000_002))]);
  });
});

describe('a finite value that would become infinite is refused', () => {
  test.each([
    ['f32', 'f16', 65_520],
    ['f32', 'bf16', -3.4e38],
    ['bf16', 'f16', -65_536],
    ['f64', 'f32', 1e300],
    ['f64', 'f16', 65_520],
    ['f64', 'bf16', 1e300],
  ] as const)('%s to %s', async (from, to, value) => {
    const [kept = 0] = roundTrip(from, Float64Array.of(value));
    const bytes = rawElements(from, Float64Array.of(1, Number.NEGATIVE_INFINITY, Number.NaN, kept, value));
    await expect(copied(bytes, [{ from: 0, to: 0, length: 5 * bytesOf[to], cast: castOf(from, to) }])).rejects.toThrow(
      `${kept} is too large`,
    );
  });

  test('if there are several, the first is reported, whichever thread finds one first', async () => {
    const values = new Float32Array(40_000_000);
    values[values.length / 2 - 1] = 70_000;
    values[values.length / 2 + 1] = 80_000;
    const cast = castOf('f32', 'f16');
    await expect(copied(new Uint8Array(values.buffer), [{ from: 0, to: 0, length: 2 * values.length, cast }])).rejects.toThrow(
      '70000 is too large',
    );
  });
});
