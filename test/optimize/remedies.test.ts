import { describe, expect, test } from 'vitest';
import { compileText } from '../kit/source.js';

/** What leaves WebGPU, a part of the help, and what the help leads to, which stays there. */
const cases: readonly (readonly [what: string, before: string, help: string, after: string])[] = [
  [
    'a sum of booleans',
    'model M(mask: Tensor<bool>[N, T]) -> (y: Tensor<i64>[N]) { return sum(mask, axis = 1) }',
    'write `sum(cast(.., f32), ..)`',
    'model M(mask: Tensor<bool>[N, T]) -> (y: Tensor[N]) { return sum(cast(mask, f32), axis = 1) }',
  ],
  [
    'a sum of i32',
    'model M(x: Tensor<i32>[N, T]) -> (y: Tensor<i64>[N]) { return sum(x, axis = 1) }',
    'write `sum(cast(.., f32), ..)`',
    'model M(x: Tensor<i32>[N, T]) -> (y: Tensor<i64>[N]) { return cast(sum(cast(x, f32), axis = 1), i64) }',
  ],
  [
    'a product',
    'model M(x: Tensor<bool>[N, T]) -> (y: Tensor<i64>[N]) { return prod(x, axis = 1) }',
    'write `prod(cast(.., f32), ..)`',
    'model M(x: Tensor<bool>[N, T]) -> (y: Tensor[N]) { return prod(cast(x, f32), axis = 1) }',
  ],
  [
    'positions of a mask, with what is computed from them',
    'model M(mask: Tensor<bool>[N, T]) -> (y: Tensor[N, T, 8]) {\n  at = clip(cumsum(cast(mask, i64), 1) - 1, min = 0)\n  return at -> pos: Embedding(512, 8)\n}',
    'write `cumsum(cast(.., f32), ..)`',
    'model M(mask: Tensor<bool>[N, T]) -> (y: Tensor[N, T, 8]) {\n  at = clip(cumsum(cast(mask, f32), 1) - 1, min = 0)\n  return cast(at, i64) -> pos: Embedding(512, 8)\n}',
  ],
  [
    'a comparison of ids that an embedding reads, too',
    'model M(ids: Tensor<i64>[N, T]) -> (y: Tensor[N, T, 8]) { return where(unsqueeze(ids != 0, -1), ids -> tok: Embedding(10, 8), 0.0) }',
    'declare the input `ids` as `Tensor<i32>[...]`; where i64 is needed, as for an `Embedding`, `cast(ids, i64)` stays on webgpu',
    'model M(ids: Tensor<i32>[N, T]) -> (y: Tensor[N, T, 8]) { return where(unsqueeze(ids != 0, -1), cast(ids, i64) -> tok: Embedding(10, 8), 0.0) }',
  ],
  [
    'a conversion of an input',
    'model M(x: Tensor<i64>[N]) -> (y: Tensor[N]) { return cast(x, f32) * 2 }',
    'declare the input `x` as `Tensor<i32>[...]`',
    'model M(x: Tensor<i32>[N]) -> (y: Tensor[N]) { return cast(x, f32) * 2 }',
  ],
  [
    'clip',
    'model M(x: Tensor<i64>[N]) -> (y: Tensor<i64>[N]) { return clip(x, min = 0) }',
    'declare the input `x` as `Tensor<i32>[...]`',
    'model M(x: Tensor<i32>[N]) -> (y: Tensor<i64>[N]) { return cast(clip(x, min = 0), i64) }',
  ],
  [
    'one_hot',
    'model M(x: Tensor<i64>[N]) -> (y: Tensor[N, 5]) { return one_hot(x, 5) }',
    'declare the input `x` as `Tensor<i32>[...]`',
    'model M(x: Tensor<i32>[N]) -> (y: Tensor[N, 5]) { return one_hot(x, 5) }',
  ],
  [
    'a range',
    'model M(x: Tensor[N, T]) -> (y: Tensor[N, T]) { return x * cast(range(T), f32) }',
    '`range(.., dtype = i32)` stays on webgpu',
    'model M(x: Tensor[N, T]) -> (y: Tensor[N, T]) { return x * cast(range(T, dtype = i32), f32) }',
  ],
  [
    'arithmetic after a conversion',
    'model M(x: Tensor[N]) -> (y: Tensor<i64>[N]) { return cast(x, i64) + 1 }',
    'compute in i32 or f32, and convert the result',
    'model M(x: Tensor[N]) -> (y: Tensor<i64>[N]) { return cast(cast(x, i32) + 1, i64) }',
  ],
  [
    'a remainder of i32',
    'model M(x: Tensor<i32>[N]) -> (y: Tensor<bool>[N]) { return x % 3 == 0 }',
    'the quotient `q = floor((x + 0.5) / y)` and the remainder `x - q * y`',
    'model M(n: Tensor<i32>[N]) -> (y: Tensor<bool>[N]) {\n  x = cast(n, f32)\n  q = floor((x + 0.5) / 3)\n  return x - q * 3 == 0\n}',
  ],
  [
    'a quotient of i32',
    'model M(x: Tensor<i32>[N]) -> (y: Tensor<i32>[N]) { return x // 3 }',
    'the quotient `q = floor((x + 0.5) / y)`',
    'model M(n: Tensor<i32>[N]) -> (y: Tensor<i32>[N]) {\n  x = cast(n, f32)\n  return cast(floor((x + 0.5) / 3), i32)\n}',
  ],
  [
    'a remainder of f32',
    'model M(x: Tensor[N]) -> (y: Tensor[N]) { return x % 3 }',
    '`x - floor(x / y) * y` stays on webgpu',
    'model M(x: Tensor[N]) -> (y: Tensor[N]) { return x - floor(x / 3) * 3 }',
  ],
  [
    'rounding',
    'model M(x: Tensor[N]) -> (y: Tensor[N]) { return round(x) }',
    '`floor(x + 0.5)` stays on webgpu, but rounds halves up',
    'model M(x: Tensor[N]) -> (y: Tensor[N]) { return floor(x + 0.5) }',
  ],
  [
    'a comparison of positions',
    'model M(x: Tensor[N, T], w: Tensor[T, 2]) -> (y: Tensor<bool>[N]) { return argmax(x, 1) == 3 }',
    'they can only be outputs, or be read by `gather` and `gather_elements`',
    'model M(x: Tensor[N, T], w: Tensor[T, 2]) -> (y: Tensor[N, 2], best: Tensor<i64>[N], z: Tensor[N, 1]) {\n  best = argmax(x, 1)\n  return (gather(w, best, axis = 0), best, gather_elements(x, argmax(x, 1, keep = true), axis = 1))\n}',
  ],
];

function helpOf(source: string): string {
  return compileText(source, { target: 'webgpu' })
    .diagnostics.map(({ code, help }) => `${code}: ${help}`)
    .join('\n');
}

describe('the help about what leaves WebGPU', () => {
  test.each(cases)('for %s keeps it there', (_, before, help, after) => {
    expect(helpOf(before)).toContain(help);
    expect(helpOf(after)).toBe('');
  });

  test.each([
    ['isnan', 'model M(x: Tensor[N]) -> (y: Tensor<bool>[N]) { return isnan(x) }'],
    ['isinf', 'model M(x: Tensor[N]) -> (y: Tensor<bool>[N]) { return isinf(x) }'],
    ['nonzero', 'model M(x: Tensor[N]) -> (y: Tensor[]) { return sum(cast(nonzero(x > 0), f32)) }'],
  ])('says that nothing does it there for %s', (_, source) => {
    expect(helpOf(source)).toMatch(/no-kernel: nothing that computes this stays on webgpu/);
  });

  test('is for WebGPU only: CUDA computes in i64', () => {
    const { diagnostics } = compileText('model M(x: Tensor<i64>[N]) -> (y: Tensor<bool>[N]) { return x == 3 }', { target: 'cuda' });
    expect(diagnostics[0]?.help).toBe('there is one for i32: use `cast(x, i32)`, or an input of this type');
  });
});
