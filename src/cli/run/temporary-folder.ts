import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';

const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/** Does `work` with a new folder, which is removed afterwards: when the work is done, when it fails, and when a signal ends the process in the middle of it. */
export async function withTemporaryFolder<T>(work: (folder: string) => Promise<T>): Promise<T> {
  const folder = mkdtempSync(join(tmpdir(), 'archc-'));
  const remove = (): void => rmSync(folder, { recursive: true, force: true });
  const forget = (): void => {
    process.off('exit', remove);
    for (const signal of signals) process.off(signal, onSignal);
  };
  const onSignal = (signal: NodeJS.Signals): void => {
    forget();
    remove();
    // Without this listener, the signal has its usual effect again.
    process.kill(process.pid, signal);
  };
  process.on('exit', remove);
  for (const signal of signals) process.on(signal, onSignal);
  try {
    return await work(folder);
  } finally {
    forget();
    remove();
  }
}
