import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { bundleCli } from '../kit/bundled-cli.js';
import { everyNth } from '../kit/samples.js';
import { type Bomb, bombs } from './bombs.js';

/** Each program has 512 MiB and so much processor time: two seconds on an idle machine, and some more on a busy one. */
const processorSeconds = 6;
/** A program that neither ends nor fails is killed. */
const wallSeconds = 60;

let folder = '';
let cli = '';

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'archc-bombs-'));
  cli = await bundleCli(folder);
  // Says on descriptor 3 how much processor time was used.
  writeFileSync(
    join(folder, 'usage.mjs'),
    `import { writeSync } from 'node:fs';
process.on('exit', () => { const { user, system } = process.cpuUsage(); writeSync(3, String((user + system) / 1e6)); });\n`,
  );
});

afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

function write(place: string, { source, links }: Bomb): void {
  for (const [name, text] of Object.entries(typeof source === 'string' ? { 'main.arch': source } : source)) {
    mkdirSync(dirname(join(place, name)), { recursive: true });
    writeFileSync(join(place, name), text);
  }
  for (const [name, target] of Object.entries(links ?? {})) symlinkSync(target, join(place, name));
}

test.each(everyNth(bombs, 2).map((bomb) => [bomb.name, bomb] as const))('%s', { timeout: 2 * wallSeconds * 1000 }, (_, bomb) => {
  const place = mkdtempSync(join(folder, 'bomb-'));
  write(place, bomb);
  const before = readdirSync(place).sort();
  const result = spawnSync(
    process.execPath,
    [
      '--max-old-space-size=512',
      '--import',
      pathToFileURL(join(folder, 'usage.mjs')).href,
      cli,
      'main.arch',
      '-o',
      'out.onnx',
      '--format',
      'json',
    ],
    { cwd: place, timeout: wallSeconds * 1000, maxBuffer: 2 ** 28, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe', 'pipe'] },
  );
  expect(result.status, result.stderr.slice(-2000)).toBe(bomb.codes.length === 0 ? 0 : 1);
  const codes: readonly string[] = JSON.parse(result.stdout).map((d: { readonly code: string }) => d.code);
  expect([...new Set(codes)].sort()).toEqual(bomb.codes);
  // A limit of the file, and one line that says so.
  expect(codes.length).toBeLessThanOrEqual(bomb.files ?? 101);
  expect(Number(result.output[3]), 'seconds of processor time').toBeLessThan(processorSeconds);
  expect(readdirSync(place).sort()).toEqual(bomb.codes.length === 0 ? [...before, 'out.onnx'].sort() : before);
  rmSync(place, { recursive: true });
});
