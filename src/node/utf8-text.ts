import { SourceText } from '../diagnostics/source-line.js';
import { HostError } from '../host.js';

/** The text in these bytes of `path`; throws a `HostError` with the location of the first byte that is not UTF-8. */
export function utf8Text(bytes: Uint8Array, path: string): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
  }
  const valid = validLength(bytes);
  const before = new TextDecoder('utf-8').decode(bytes.subarray(0, valid));
  const place = new SourceText(before).position(before.length);
  const byte = (bytes[valid] ?? 0).toString(16).padStart(2, '0');
  throw new HostError(`cannot read ${path}: it is not UTF-8 text: byte 0x${byte} at line ${place.line}, column ${place.column}`, {
    place: { file: path, ...place },
  });
}

/** How many bytes precede the first one that is not part of a character (Unicode 17, table 3-7). */
function validLength(bytes: Uint8Array): number {
  let at = 0;
  while (at < bytes.length) {
    const lead = bytes[at] ?? 0;
    const length = lead < 0x80 ? 1 : lead < 0xc2 ? 0 : lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : lead < 0xf5 ? 4 : 0;
    const [low, high] = secondByte[lead] ?? [0x80, 0xbf];
    for (let i = 1; i < length; i++) {
      const byte = bytes[at + i] ?? 0;
      if (byte < (i === 1 ? low : 0x80) || byte > (i === 1 ? high : 0xbf)) return at;
    }
    if (length === 0) return at;
    at += length;
  }
  return at;
}

/** Where the second byte has a smaller range: no overlong forms, no surrogates, nothing beyond U+10FFFF. */
const secondByte: Readonly<Record<number, readonly [low: number, high: number]>> = {
  224: [0xa0, 0xbf],
  237: [0x80, 0x9f],
  240: [0x90, 0xbf],
  244: [0x80, 0x8f],
};
