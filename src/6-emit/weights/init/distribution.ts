import type { Initializer, NamedInitializer } from '../../../ops/initializer.js';
import { normalCdfOfNegative, normalQuantile } from './elementary.js';
import { fanOf, gainOf } from './fan.js';
import { fillNormal } from './ziggurat.js';

/**
 * Turns words of 32 random bits into the values of as many elements. If one word is not enough, `more(i, k)` returns the `k`-th further
 * word for element `i`. The loop belongs to the distribution: a call for each of a hundred million elements would take longer than its
 * arithmetic.
 */
export type Distribution = (words: Uint32Array, values: Float32Array | Float64Array, more: (element: number, k: number) => number) => void;

/** An initializer as numbers, with the fan of the tensor included. `orthogonal` needs a whole matrix; see orthogonal.ts. */
export type Elementwise = { readonly kind: 'constant'; readonly value: number } | { readonly kind: 'random'; readonly draw: Distribution };

/** Why a tensor of this shape cannot be initialized like this, in words for a diagnostic. */
export function initializerProblem(init: Initializer, shape: readonly number[]): string | undefined {
  switch (init.kind) {
    case 'kaiming_uniform':
    case 'kaiming_normal':
      if (gainOf(init.nonlinearity, init.a) === undefined) return `\`${init.kind}\` knows no nonlinearity "${init.nonlinearity}"`;
      return matrixProblem(init.kind, shape);
    case 'xavier_uniform':
    case 'xavier_normal':
    case 'orthogonal':
      return matrixProblem(init.kind, shape);
    case 'uniform':
    case 'trunc_normal':
      return init.low <= init.high ? undefined : `\`${init.kind}\` has its lower bound ${init.low} above its upper bound ${init.high}`;
    default:
      return undefined;
  }
}

function matrixProblem(kind: string, shape: readonly number[]): string | undefined {
  return shape.length >= 2 ? undefined : `\`${kind}\` needs two axes at least, one for outputs and one for inputs`;
}

/** The definitions are those of `torch.nn.init`; the caller has called `initializerProblem` before. */
export function elementwise(init: Exclude<NamedInitializer, { kind: 'orthogonal' }>, shape: readonly number[]): Elementwise {
  switch (init.kind) {
    case 'zeros':
      return { kind: 'constant', value: 0 };
    case 'ones':
      return { kind: 'constant', value: 1 };
    case 'constant':
      return init;
    case 'uniform':
      return uniform(init.low, init.high);
    case 'normal':
      return normal(init.mean, init.std);
    case 'trunc_normal':
      return truncated(init.mean, init.std, init.low, init.high);
    case 'kaiming_uniform':
    case 'kaiming_normal': {
      const fan = fanOf(shape);
      const std = (gainOf(init.nonlinearity, init.a) ?? 1) / Math.sqrt(init.mode === 'fan_in' ? fan.in : fan.out);
      return init.kind === 'kaiming_normal' ? normal(0, std) : uniform(-Math.sqrt(3) * std, Math.sqrt(3) * std);
    }
    case 'xavier_uniform':
    case 'xavier_normal': {
      const fan = fanOf(shape);
      const std = init.gain * Math.sqrt(2 / (fan.in + fan.out));
      return init.kind === 'xavier_normal' ? normal(0, std) : uniform(-Math.sqrt(3) * std, Math.sqrt(3) * std);
    }
  }
}

/** The middle of the interval of [0, 1] that the 32 bits represent: never 0 and never 1. */
function open(bits: number): number {
  return (bits + 0.5) / 0x1_0000_0000;
}

/** In `[low, high)`, from the 24 bits that a float32 can hold; rounding to the element type may reach `high`. */
function uniform(low: number, high: number): Elementwise {
  const step = (high - low) / 0x100_0000;
  const draw: Distribution = (words, values) => {
    for (let i = 0; i < values.length; i++) values[i] = low + step * ((words[i] ?? 0) >>> 8);
  };
  return { kind: 'random', draw };
}

function normal(mean: number, std: number): Elementwise {
  return { kind: 'random', draw: (words, values, more) => fillNormal(words, values, mean, std, more) };
}

/** By the inverse of the distribution function between the bounds, which gives the same distribution as redrawing. */
function truncated(mean: number, std: number, low: number, high: number): Elementwise {
  if (std === 0) return { kind: 'constant', value: Math.min(Math.max(mean, low), high) };
  // Far up in the tail, the function is too close to 1 to be inverted: such an interval is mirrored.
  const mirrored = low > mean;
  const a = (mirrored ? mean - high : low - mean) / std;
  const b = (mirrored ? mean - low : high - mean) / std;
  const below = normalCdf(a);
  const mass = normalCdf(b) - below;
  const draw: Distribution = (words, values) => {
    for (let i = 0; i < values.length; i++) {
      const p = below + mass * open(words[i] ?? 0);
      const x = mass > 0 && p > 0 && p < 1 ? normalQuantile(p) : b;
      values[i] = Math.min(Math.max(mean + (mirrored ? -x : x) * std, low), high);
    }
  };
  return { kind: 'random', draw };
}

function normalCdf(x: number): number {
  return x <= 0 ? normalCdfOfNegative(x) : 1 - normalCdfOfNegative(-x);
}
