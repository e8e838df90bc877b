import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import process from 'node:process';
import { describe, expect, test } from 'vitest';
import { standardFile, standardModules } from '../../src/stdlib.js';

/** What the build works out beforehand is what the sources find. */
const root = resolve(import.meta.dirname, '../..');

test.each(standardModules())('the tree of %s', (path) => {
  const { text: _, ...tree } = standardFile(path) ?? expect.fail();
  expect(JSON.parse(readFileSync(join(root, 'dist/cli', `${path.replace('std/', 'stdlib/')}.json`), 'utf8'))).toEqual(
    JSON.parse(JSON.stringify(tree)),
  );
});

describe('the command line of the package says what the sources say of', () => {
  // One sample of each syntax error, and one of another kind.
  const codes = ['unexpected-token', 'missing-comma', 'nested-declaration', 'missing-operand', 'unexpected-end', 'shape-mismatch'];
  test.each(codes)('%s', (code) => {
    const folder = join(root, 'test/errors', code);
    const [sample = ''] = readdirSync(folder).filter((name) => name.endsWith('.arch'));
    const { stderr } = spawnSync(process.execPath, [join(root, 'dist/archc.cjs'), 'check', sample], { cwd: folder, encoding: 'utf8' });
    const golden = readFileSync(join(folder, sample.replace('.arch', '.out')), 'utf8');
    const [first = ''] = golden.split('\n');
    expect(first).toContain(code);
    expect(stderr).toContain(first);
  });
});
