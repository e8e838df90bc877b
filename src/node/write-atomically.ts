import { accessToReplace } from './access.js';
import { outputPath } from './output-path.js';
import { TemporaryFile } from './temporary-file.js';

/**
 * Writes a file so that it is either unchanged or complete, and as private as before. Synchronous: for files that are written in a moment.
 * Throws `HostError`.
 */
export function writeAtomically(path: string, chunks: Iterable<Uint8Array>): void {
  const destination = outputPath(path);
  const file = new TemporaryFile(destination, accessToReplace(destination), path);
  try {
    for (const chunk of chunks) file.write(chunk);
  } catch (error) {
    // The chunks may also come from a file that cannot be read.
    file.discard();
    throw error;
  }
  file.commit(destination);
}
