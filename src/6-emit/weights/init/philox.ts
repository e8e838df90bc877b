/**
 * Philox4x32-10, a counter-based generator: word `i` of a stream is a function of the key and `i` alone, so that any part of
 * any tensor can be made without making the rest. J. K. Salmon et al., "Parallel random numbers: as easy as 1, 2, 3", SC 2011.
 */
export interface PhiloxKey {
  readonly low: number;
  readonly high: number;
}

const multiplier0 = 0xd2511f53;
const multiplier1 = 0xcd9e8d57;
const weyl0 = 0x9e3779b9;
const weyl1 = 0xbb67ae85;

/** Fills `words` with the words from number `4 * block` on. The length of `words` must be a multiple of 4. */
export function philoxWords(key: PhiloxKey, block: number, words: Uint32Array): void {
  for (let at = 0; at < words.length; at += 4) {
    const counter = block + at / 4;
    words[at] = counter;
    words[at + 1] = Math.floor(counter / 0x1_0000_0000);
    philoxBlock(key, words, at);
  }
}

/** Replaces the counter of 128 bits in the four words from `at` on by its random words: ten rounds. */
export function philoxBlock(key: PhiloxKey, words: Uint32Array, at: number): void {
  // `| 0` keeps all of it in integers of 32 bits, which V8 would otherwise have to hold as float64.
  let c0 = (words[at] ?? 0) | 0;
  let c1 = (words[at + 1] ?? 0) | 0;
  let c2 = (words[at + 2] ?? 0) | 0;
  let c3 = (words[at + 3] ?? 0) | 0;
  let k0 = key.low | 0;
  let k1 = key.high | 0;
  for (let round = 0; round < 10; round++) {
    const high0 = highOfProduct(multiplier0, c0);
    const high1 = highOfProduct(multiplier1, c2);
    const low0 = Math.imul(multiplier0, c0);
    const low1 = Math.imul(multiplier1, c2);
    c0 = high1 ^ c1 ^ k0;
    c1 = low1;
    c2 = high0 ^ c3 ^ k1;
    c3 = low0;
    k0 = (k0 + weyl0) | 0;
    k1 = (k1 + weyl1) | 0;
  }
  words[at] = c0;
  words[at + 1] = c1;
  words[at + 2] = c2;
  words[at + 3] = c3;
}

/**
 * The upper 32 of the 64 bits of `a * b`, both taken as unsigned, from products of 16 bits. No sum exceeds 32 bits, so that all of it is
 * integer arithmetic, which V8 compiles to a few instructions. H. S. Warren, "Hacker's Delight", figure 8-2.
 */
function highOfProduct(a: number, b: number): number {
  const aLow = a & 0xffff;
  const aHigh = a >>> 16;
  const bLow = b & 0xffff;
  const bHigh = b >>> 16;
  const middle = (Math.imul(aHigh, bLow) + (Math.imul(aLow, bLow) >>> 16)) | 0;
  const carry = (Math.imul(aLow, bHigh) + (middle & 0xffff)) | 0;
  return (Math.imul(aHigh, bHigh) + (middle >>> 16) + (carry >>> 16)) | 0;
}
