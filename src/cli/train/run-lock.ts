import { existsSync, readFileSync } from 'node:fs';
import process from 'node:process';
import { hostError } from '../../node/host-error.js';
import { isAbandoned, ownerText, withOutputLock } from '../../node/output-lock.js';
import { writeAtomically } from '../../node/write-atomically.js';
import { UsageError } from '../usage-error.js';

/**
 * Makes the file that keeps other processes from the folder of a run as long as it trains: it has the id of this process. One that a dead process has left is replaced. Throws
 * `UsageError` and `HostError`.
 */
export async function takeRunLock(path: string, folder: string): Promise<void> {
  await withOutputLock(path, () => {
    const text = existsSync(path) ? textOf(path) : '';
    const [pid] = text.split(' ', 1);
    if (text !== '' && Number(pid) !== process.pid && !isAbandoned(text))
      throw new UsageError(`process ${pid} is training in ${folder}`, `if it is not, remove ${path}`);
    writeAtomically(path, [new TextEncoder().encode(ownerText())]);
  });
}

function textOf(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    throw hostError('read', path, error);
  }
}
