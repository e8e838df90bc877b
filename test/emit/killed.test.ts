import { expect, test } from 'vitest';
import { killWriters } from './killed.js';
import { buildWriterChild, temporaryFolder } from './writer.js';

const folder = temporaryFolder(true);

test('a process killed while it writes 200 MB leaves the old model or the new one', async () => {
  const seen = await killWriters(buildWriterChild(folder), folder, 8, 1);
  expect(seen.old + seen.new).toBe(8);
  // Kills that all come too early or too late would show nothing.
  expect(seen.old).toBeGreaterThan(0);
}, 180_000);
