import { once } from '../../../once.js';
import { expOfNegative, log } from './elementary.js';

/**
 * Standard normal numbers from 32 random bits each. G. Marsaglia and W. W. Tsang, "The ziggurat method for generating random variables", J.
 * Stat. Soft. 5(8), 2000, with separate bits for the layer, the sign and the position in the layer as in J. A. Doornik, "An improved
 * ziggurat method to generate normal random samples", 2005. The density is covered by 128 layers of equal area; 98.8 of 100 draws need a
 * multiplication and a comparison, the others look closer and may need more random words.
 */
const layers = 128;

/** Where the lowest layer ends and the tail begins, and the area of each layer, for 128 layers (Doornik, table 1). */
const tailStart = 3.442619855899;
const area = 9.91256303526217e-3;

/** For each layer: the density at its right edge, the step between its 2^24 positions, and the number of positions that are certainly inside the density. */
interface Table {
  readonly densities: Float64Array;
  readonly steps: Float64Array;
  readonly safe: Int32Array;
}

const places = 0x100_0000;

/** Made for the first normal numbers: most models have none. It depends on nothing. */
const layerTable = once(makeLayerTable);

function makeLayerTable(): Table {
  const edges = new Float64Array(layers + 1);
  const bottom = density(tailStart);
  edges[0] = area / bottom;
  edges[1] = tailStart;
  for (let i = 2; i < layers; i++) {
    const below = edges[i - 1] ?? 0;
    edges[i] = Math.sqrt(-2 * log(area / below + density(below)));
  }
  // The last one is the top of the density, where the edge is 0.
  const densities = edges.map(density);
  const steps = edges.map((edge) => edge / places);
  const safe = Int32Array.from({ length: layers }, (_, i) => (places * (edges[i + 1] ?? 0)) / (edges[i] ?? 1));
  return { densities, steps, safe };
}

/** Without the factor that makes its integral 1. */
function density(x: number): number {
  return expOfNegative(-0.5 * x * x);
}

/**
 * Fills `values` with `mean + std * z`, one word for each. `more(i, k)` is the `k`-th further word for element `i`: it must be a function
 * of only these two.
 */
export function fillNormal(
  words: Uint32Array,
  values: Float32Array | Float64Array,
  mean: number,
  std: number,
  more: (element: number, k: number) => number,
): void {
  const { steps, safe } = layerTable();
  for (let i = 0; i < values.length; i++) {
    const word = words[i] ?? 0;
    const layer = word & 0x7f;
    const place = word >>> 8;
    const z = place < (safe[layer] ?? 0) ? (place + 0.5) * (steps[layer] ?? 0) : lookCloser(word, i, more);
    // The sign as a factor: a branch would be mispredicted every other time.
    values[i] = mean + std * (1 - ((word >>> 6) & 2)) * z;
  }
}

/** The absolute value for a word that falls near the edge of its layer, or for the first further word that is accepted. */
function lookCloser(first: number, element: number, more: (element: number, k: number) => number): number {
  const { densities, steps, safe } = layerTable();
  let word = first;
  for (let k = 0; ; ) {
    const layer = word & 0x7f;
    const place = word >>> 8;
    const x = (place + 0.5) * (steps[layer] ?? 0);
    if (place < (safe[layer] ?? 0)) return x;
    if (layer === 0) return tail(element, k, more);
    const outer = densities[layer] ?? 0;
    const inner = densities[layer + 1] ?? 0;
    if (outer + unit(more(element, k++)) * (inner - outer) < density(x)) return x;
    word = more(element, k++);
  }
}

/** Beyond the lowest layer: Marsaglia's method of 1964, from the `k`-th further word on. */
function tail(element: number, first: number, more: (element: number, k: number) => number): number {
  for (let k = first; ; k += 2) {
    const x = -log(unit(more(element, k))) / tailStart;
    const y = -log(unit(more(element, k + 1)));
    if (2 * y > x * x) return tailStart + x;
  }
}

/** The middle of the interval of [0, 1] that the 32 bits represent: never 0 and never 1. */
function unit(word: number): number {
  return (word + 0.5) / 0x1_0000_0000;
}
