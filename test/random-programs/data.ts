import type { DType, NdArray } from '../../src/ops/types.js';
import { Draw } from './draw.js';

/**
 * How the elements of an input are drawn. `smooth` is any f32 near zero, `grid` multiples of 1/4, `wild` also infinities, NaN and -0 (or the ends of an
 * integer type), `ids` whole numbers from 0 to below `count`.
 */
export type Style = 'smooth' | 'grid' | 'wild' | 'ids' | 'small' | 'probability' | 'positive' | 'boolean';

const ends: Readonly<Partial<Record<DType, readonly [number, number]>>> = {
  i8: [-128, 127],
  u8: [0, 255],
  i16: [-(2 ** 15), 2 ** 15 - 1],
  i32: [-(2 ** 31), 2 ** 31 - 1],
  i64: [-(2 ** 40), 2 ** 40],
};

export function drawTensor(dtype: DType, shape: readonly number[], style: Style, count: number, seed: number): NdArray {
  const draw = new Draw(seed);
  const length = shape.reduce((a, b) => a * b, 1);
  return { dtype, shape, data: Float64Array.from({ length }, () => element(dtype, style, count, draw)) };
}

function element(dtype: DType, style: Style, count: number, draw: Draw): number {
  const [low, high] = ends[dtype] ?? [0, 0];
  switch (style) {
    case 'smooth':
      return Math.fround(3 * draw.number() - 1.5);
    case 'probability':
      return Math.fround(0.05 + 0.9 * draw.number());
    case 'positive':
      return Math.fround(0.25 + draw.number());
    case 'grid':
      return draw.int(-8, 8) / 4;
    case 'ids':
      return draw.int(0, Math.max(count - 1, 0));
    case 'small':
      return low < 0 ? draw.int(-6, 6) : draw.int(0, 9);
    case 'boolean':
      return draw.int(0, 1);
    case 'wild':
      if (dtype === 'f32') return draw.chance(0.6) ? draw.int(-8, 8) / 4 : draw.pick([Infinity, -Infinity, Number.NaN, -0, 1e30]);
      return draw.chance(0.5) ? draw.int(Math.max(low, -9), 9) : draw.pick([low, low + 1, high, high - 1]);
  }
}
