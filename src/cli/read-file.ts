import { openBinaryFile } from '../node/binary-file.js';

/** All bytes of a file; throws `HostError` in the words of the other commands. */
export function readFile(path: string): Uint8Array {
  const file = openBinaryFile(path);
  try {
    return file.read(0, file.size);
  } finally {
    file.close();
  }
}
