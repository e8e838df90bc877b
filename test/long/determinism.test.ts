import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { compiled, models, sha256Of } from '../emit/determinism.js';
import { bundleCli } from '../kit/bundled-cli.js';

let folder = '';
let cli = '';

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'archc-versions-'));
  cli = await bundleCli(folder);
});

afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

/** npm has each version of Node as a package. */
describe.each(['20.19', '22', '24'])('Node %s', (version) => {
  test.each(models)('writes the same %s', (name) => {
    const here = sha256Of(compiled(cli, join(folder, 'here'), name, {}));
    const there = compiled(cli, join(folder, 'there'), name, { node: ['npx', '-y', `node@${version}`] });
    expect(sha256Of(there)).toBe(here);
  });
});
