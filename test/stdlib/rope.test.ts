import { expect, test } from 'vitest';
import { ndArray } from '../../src/ops/nd/array.js';
import { builtModel } from '../kit/model-run.js';
import { useOrt } from '../kit/ort.js';
import { webgpu } from '../kit/webgpu.js';

const ort = useOrt();
const width = 128;
const positions = [0, 1, 2, 3, 100, 1023, 4096, 8191, 31_999, 32_768, 65_535, 99_999, 100_000];

/** As `1.0 / (theta ** (torch.arange(0, d, 2).float() / d))`, and the product with the position, each rounded to f32. */
function angle(position: number, i: number, theta: number): number {
  const base = Math.fround(theta ** Math.fround((2 * i) / width));
  return Math.fround(Math.fround(position) * Math.fround(1 / base));
}

// A file for the CPU has the sine of ONNX, whose kernel on a GPU is not exact.
const forms = (['portable', 'cpu', 'webgpu'] as const).flatMap((target) => [
  ...[21, 24].map((opset) => ({ provider: 'cpu' as const, target, opset })),
  ...(webgpu && target !== 'cpu' ? [21, 23].map((opset) => ({ provider: 'webgpu' as const, target, opset })) : []),
]);

test.each(forms)(
  'rope turns by the angle of PyTorch up to position 100,000: $provider, $target, opset $opset',
  async ({ provider, target, opset }) => {
    for (const theta of [10_000, 500_000]) {
      const source = [
        'import { rope } from "std/attention"',
        `model M(x: Tensor[N, 1, T, ${width}], pos: Tensor<i64>[N, T]) -> (y: Tensor[N, 1, T, ${width}]) { return rope(x, pos, theta = ${theta.toFixed(1)}) }`,
      ].join('\n');
      // Turned by an angle, (1, 0) is its cosine and sine.
      const x = ndArray(
        'f32',
        [1, 1, positions.length, width],
        Float64Array.from({ length: positions.length * width }, (_, i) => (i % width < width / 2 ? 1 : 0)),
      );
      const pos = ndArray('i64', [1, positions.length], Float64Array.from(positions));
      const { y } = await ort.run(builtModel(source, { target, opset }).bytes, { x, pos }, { provider });
      let worst = 0;
      for (const [t, position] of positions.entries()) {
        for (let i = 0; i < width / 2; i++) {
          const turned = angle(position, i, theta);
          const [cos, sin] = [y?.data[t * width + i] ?? Number.NaN, y?.data[t * width + width / 2 + i] ?? Number.NaN];
          worst = Math.max(worst, Math.abs(cos - Math.cos(turned)), Math.abs(sin - Math.sin(turned)));
        }
      }
      expect(worst, `theta ${theta}`).toBeLessThan(1e-6);
    }
  },
);
