import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { afterAll, afterEach, beforeAll, beforeEach } from 'vitest';

/** Runs the tests of a file in an empty folder, which is removed afterwards. `fill` writes the files that they need there. */
export function useOwnFolder(fill: () => void = () => {}): void {
  let leave = () => {};
  beforeAll(() => {
    leave = enterFolder();
    fill();
  });
  afterAll(() => leave());
}

/** The same, with a new folder for each test. */
export function useFolderForEach(fill: () => void = () => {}): void {
  let leave = () => {};
  beforeEach(() => {
    leave = enterFolder();
    fill();
  });
  afterEach(() => leave());
}

/** Makes a new folder the current one. The result goes back and removes the folder. */
function enterFolder(): () => void {
  const before = process.cwd();
  const folder = mkdtempSync(join(tmpdir(), 'archc-test-'));
  process.chdir(folder);
  return () => {
    process.chdir(before);
    rmSync(folder, { recursive: true, force: true });
  };
}
