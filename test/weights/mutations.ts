import { threefryWords } from '../../src/6-emit/weights/init/threefry.js';

/** Bytes that break parsers more often than others. */
const nasty = [...'{}[]":,\\-0129eE \u0000'].map((c) => c.charCodeAt(0)).concat([0xff, 0x80, 0xc3]);

/** Files with one to four bytes replaced, inserted or removed, or the end cut off, always the same for a seed. */
export function* mutations(originals: readonly Uint8Array[], count: number, seed: number): Iterable<Uint8Array> {
  const words = new Uint32Array(16);
  for (let n = 0; n < count; n++) {
    threefryWords({ low: seed, high: 0 }, (n * words.length) / 2, words);
    let next = 0;
    const below = (limit: number) => (words[next++] ?? 0) % Math.max(1, limit);
    const bytes = [...(originals[n % originals.length] ?? [])];
    for (let edits = 1 + below(4); edits > 0; edits--) {
      const at = below(bytes.length);
      const what = below(8);
      const value = what % 2 === 0 ? (nasty[at % nasty.length] ?? 0) : at & 0xff;
      if (what < 4) bytes[at] = value;
      else if (what < 6) bytes.splice(at, 0, value);
      else if (what < 7) bytes.splice(at, 1);
      else bytes.splice(at + Math.floor(bytes.length / 2));
    }
    yield Uint8Array.from(bytes);
  }
}
