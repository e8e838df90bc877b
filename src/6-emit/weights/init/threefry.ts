/**
 * Threefry2x32-20, a counter-based generator: word `i` of a stream is a function of only the key and `i`, so any part of any tensor can be
 * made without making the rest. It needs only additions, rotations and exclusive-ors of 32 bits, which JavaScript does well. J. K. Salmon
 * et al., "Parallel random numbers: as easy as 1, 2, 3", SC 2011; also the default generator of JAX.
 */
export interface StreamKey {
  readonly low: number;
  readonly high: number;
}

/** Words per counter. */
export const wordsPerBlock = 2;

/** `parity` of the key schedule: "C240" of the paper, for 32 bits. */
const parity = 0x1bd11bda;

/** Fills `words` with those from number `wordsPerBlock * block` on. The length of `words` must be a multiple of `wordsPerBlock`. */
export function threefryWords(key: StreamKey, block: number, words: Uint32Array): void {
  for (let at = 0; at < words.length; at += wordsPerBlock) {
    const counter = block + at / wordsPerBlock;
    threefryBlock(key, counter | 0, Math.floor(counter / 0x1_0000_0000) | 0, words, at);
  }
}

/** The two random words of one 64-bit counter, given as its lower and its upper half, are written to `words[at]` and `words[at + 1]`. */
export function threefryBlock({ low, high }: StreamKey, counterLow: number, counterHigh: number, words: Uint32Array, at: number): void {
  // `| 0` keeps everything in 32-bit integers, which V8 would otherwise store as float64. The rounds are unrolled, because a table of
  // rotations would take longer than rotating.
  const k0 = low | 0;
  const k1 = high | 0;
  const k2 = parity ^ k0 ^ k1;
  let a = (counterLow + k0) | 0;
  let b = (counterHigh + k1) | 0;

  a = (a + b) | 0;
  b = ((b << 13) | (b >>> 19)) ^ a;
  a = (a + b) | 0;
  b = ((b << 15) | (b >>> 17)) ^ a;
  a = (a + b) | 0;
  b = ((b << 26) | (b >>> 6)) ^ a;
  a = (a + b) | 0;
  b = ((b << 6) | (b >>> 26)) ^ a;
  a = (a + k1) | 0;
  b = (b + k2 + 1) | 0;

  a = (a + b) | 0;
  b = ((b << 17) | (b >>> 15)) ^ a;
  a = (a + b) | 0;
  b = ((b << 29) | (b >>> 3)) ^ a;
  a = (a + b) | 0;
  b = ((b << 16) | (b >>> 16)) ^ a;
  a = (a + b) | 0;
  b = ((b << 24) | (b >>> 8)) ^ a;
  a = (a + k2) | 0;
  b = (b + k0 + 2) | 0;

  a = (a + b) | 0;
  b = ((b << 13) | (b >>> 19)) ^ a;
  a = (a + b) | 0;
  b = ((b << 15) | (b >>> 17)) ^ a;
  a = (a + b) | 0;
  b = ((b << 26) | (b >>> 6)) ^ a;
  a = (a + b) | 0;
  b = ((b << 6) | (b >>> 26)) ^ a;
  a = (a + k0) | 0;
  b = (b + k1 + 3) | 0;

  a = (a + b) | 0;
  b = ((b << 17) | (b >>> 15)) ^ a;
  a = (a + b) | 0;
  b = ((b << 29) | (b >>> 3)) ^ a;
  a = (a + b) | 0;
  b = ((b << 16) | (b >>> 16)) ^ a;
  a = (a + b) | 0;
  b = ((b << 24) | (b >>> 8)) ^ a;
  a = (a + k1) | 0;
  b = (b + k2 + 4) | 0;

  a = (a + b) | 0;
  b = ((b << 13) | (b >>> 19)) ^ a;
  a = (a + b) | 0;
  b = ((b << 15) | (b >>> 17)) ^ a;
  a = (a + b) | 0;
  b = ((b << 26) | (b >>> 6)) ^ a;
  a = (a + b) | 0;
  b = ((b << 6) | (b >>> 26)) ^ a;
  words[at] = a + k2;
  words[at + 1] = b + k0 + 5;
}
