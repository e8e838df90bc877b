import { expect, test } from 'vitest';
import { killWriters } from '../emit/killed.js';
import { buildWriterChild, temporaryFolder } from '../emit/writer.js';

const folder = temporaryFolder(true);

test('200 processes killed while they write 200 MB leave the old model or the new one', async () => {
  const seen = await killWriters(buildWriterChild(folder), folder, 200, 2);
  expect(seen.old).toBeGreaterThan(0);
  expect(seen.new).toBeGreaterThan(0);
}, 1_800_000);
