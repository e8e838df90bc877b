import { nearestPositions } from './nearest.js';

/** How `interpolate` finds values between pixels. */
export type ResizeMode = 'nearest' | 'linear' | 'cubic';

/** One axis of a resampling. */
export interface Resampling {
  readonly mode: ResizeMode;
  readonly input: number;
  readonly output: number;
  /** The factor as the user gave it; `output / input` if the size was given. */
  readonly scale: number | undefined;
  readonly alignCorners: boolean;
}

/** One input position that an output position reads, with its weight. */
export interface Tap {
  readonly position: number;
  readonly weight: number;
}

/** For each output position, the input positions it reads; positions outside count as the nearest edge. Definitions as in PyTorch. */
export function resamplingTaps(axis: Resampling): readonly (readonly Tap[])[] {
  if (axis.mode === 'nearest') return nearestPositions(axis).map((position) => [{ position, weight: 1 }]);
  return Array.from({ length: axis.output }, (_, i) => tapsOf(axis, i));
}

function tapsOf(axis: Resampling, i: number): readonly Tap[] {
  const clamp = (position: number) => Math.min(Math.max(position, 0), axis.input - 1);
  const source = sourceOf(axis, i);
  if (axis.mode === 'linear') {
    const inside = Math.max(source, 0);
    const low = Math.floor(inside);
    return [
      { position: clamp(low), weight: 1 - (inside - low) },
      { position: clamp(low + 1), weight: inside - low },
    ];
  }
  const low = Math.floor(source);
  return cubicWeights(source - low).map((weight, j) => ({ position: clamp(low - 1 + j), weight }));
}

function sourceOf({ input, output, scale, alignCorners }: Resampling, i: number): number {
  if (alignCorners) return output === 1 ? 0 : (i * (input - 1)) / (output - 1);
  return (i + 0.5) * (scale === undefined ? input / output : 1 / scale) - 0.5;
}

/** Keys' cubic convolution with a = -0.75, at a fraction `t` of the way from the second to the third of four positions. */
function cubicWeights(t: number): readonly number[] {
  const a = -0.75;
  const near = (d: number) => ((a + 2) * d - (a + 3)) * d * d + 1;
  const far = (d: number) => ((a * d - 5 * a) * d + 8 * a) * d - 4 * a;
  return [far(t + 1), near(t), near(1 - t), far(2 - t)];
}

/** The resampling of one axis as a matrix `[output, input]`, row-major. */
export function resamplingMatrix(axis: Resampling): Float64Array {
  const matrix = new Float64Array(axis.output * axis.input);
  for (const [i, taps] of resamplingTaps(axis).entries()) {
    for (const { position, weight } of taps) {
      const at = i * axis.input + position;
      matrix[at] = (matrix[at] ?? 0) + weight;
    }
  }
  return matrix;
}
