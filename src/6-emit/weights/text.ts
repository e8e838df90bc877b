import protobuf from 'protobufjs/minimal.js';

/** The text of UTF-8 bytes, or undefined if they are not UTF-8. */
export function decodeUtf8(bytes: Uint8Array): string | undefined {
  try {
    return protobuf.util.utf8.readStrict(bytes, 0, bytes.length);
  } catch (error) {
    if (error instanceof TypeError) return undefined;
    throw error;
  }
}
