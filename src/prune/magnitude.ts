import type { Parameter } from '../3-graph/parameter.js';
import { elementCount } from '../6-emit/parameter-count.js';
import { elementBytes, magnitudeBits } from './elements.js';
import { type Sources, sourceOf } from './remove-channels.js';

/** The magnitude below which elements become zero, and how many of the elements equal to it do. */
export interface Threshold {
  /** The bits of the magnitude as f32. Magnitudes are ordered as their bits are. */
  readonly bits: number;
  /** How many of the elements with exactly this magnitude become zero: the first ones. */
  readonly equal: number;
}

/** The threshold that sets the `share` of elements with the smallest magnitudes to zero (Han et al. 2015, "Learning both Weights and Connections"). */
export function thresholdOf(parameters: readonly Parameter[], share: number, sources: Sources): Threshold {
  const count = parameters.reduce((sum, parameter) => sum + elementCount(parameter), 0);
  let rest = Math.round(share * count);
  // The first pass over the weights finds the upper half of the bits, and the second one the lower half among elements with that upper half. This takes little memory.
  const upper = new Float64Array(1 << 16);
  for (const block of magnitudes(parameters, sources)) for (const bits of block) upper[bits >>> 16] = (upper[bits >>> 16] ?? 0) + 1;
  const high = place(upper, rest);
  rest = high.rest;
  const lower = new Float64Array(1 << 16);
  for (const block of magnitudes(parameters, sources))
    for (const bits of block) if (bits >>> 16 === high.bin) lower[bits & 0xffff] = (lower[bits & 0xffff] ?? 0) + 1;
  const low = place(lower, rest);
  return { bits: high.bin * 0x10000 + low.bin, equal: low.rest };
}

/** The bin in which the first `count` elements end, and how many of that bin's elements are among them. */
function place(bins: Float64Array, count: number): { readonly bin: number; readonly rest: number } {
  let rest = count;
  let bin = 0;
  while (bin < bins.length - 1 && rest >= (bins[bin] ?? 0)) {
    rest -= bins[bin] ?? 0;
    bin++;
  }
  return { bin, rest };
}

function* magnitudes(parameters: readonly Parameter[], sources: Sources): Iterable<Uint32Array> {
  for (const { name, type } of parameters) for (const block of sourceOf(name, sources).blocks()) yield magnitudeBits(type.dtype, block);
}

/** Makes weights with zeros in place of their smallest elements. Weights that share a threshold must be made one after the other, and each only once. */
export class Zeroing {
  readonly #threshold: Threshold;
  #equal: number;

  constructor(threshold: Threshold) {
    this.#threshold = threshold;
    this.#equal = threshold.equal;
  }

  /** The bytes of a weight. */
  bytes({ name, type }: Parameter, sources: Sources): Uint8Array {
    const source = sourceOf(name, sources);
    const result = new Uint8Array(source.length);
    const size = elementBytes(type.dtype);
    let at = 0;
    for (const block of source.blocks()) {
      result.set(block, at);
      const magnitudes = magnitudeBits(type.dtype, block);
      for (let i = 0; i < magnitudes.length; i++) if (this.#isZero(magnitudes[i] ?? 0)) result.fill(0, at + i * size, at + (i + 1) * size);
      at += block.length;
    }
    return result;
  }

  #isZero(bits: number): boolean {
    if (bits !== this.#threshold.bits) return bits < this.#threshold.bits;
    if (this.#equal === 0) return false;
    this.#equal--;
    return true;
  }
}
