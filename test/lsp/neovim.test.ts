/// <reference types="node" />
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const hasNeovim = spawnSync('nvim', ['--version']).status === 0;
if (!hasNeovim) {
  const message = 'the tests with a real editor need Neovim (`nvim`), which is not installed';
  if (process.env.ARCHC_REQUIRE_WEBGPU === '1') throw new Error(message);
  console.warn(`\n*** SKIPPED: ${message} ***\n`);
}

const model = `model Net(hidden = 32)(x: Tensor[N, 3, 8, 8]) -> (y: Tensor[N, 10]) {
  h = x -> conv: Conv2d(hidden, kernel = 3) -> relu
  z = h -> flaten
  return z -> fc: Linear(10)
}
`;

interface Shown {
  readonly problem?: string;
  readonly diagnostics: readonly object[];
  readonly hover: readonly string[];
  readonly renamed: readonly string[];
  readonly hints: readonly { readonly line: number; readonly label: string }[];
  readonly definition: { readonly uri: string } | readonly { readonly targetUri: string }[];
  readonly formatted: readonly string[];
  readonly saved: readonly string[];
  readonly stopped: boolean;
}

describe.runIf(hasNeovim)('Neovim', () => {
  const folder = mkdtempSync(join(tmpdir(), 'archc-neovim-'));
  let shown: Shown;

  beforeAll(() => {
    writeFileSync(join(folder, 'net.arch'), model);
    const out = join(folder, 'out.json');
    const { stderr } = spawnSync(
      'nvim',
      ['--headless', '-u', 'NONE', '-i', 'NONE', '-n', '-S', resolve(import.meta.dirname, 'neovim.lua')],
      {
        env: { ...process.env, ARCHC: resolve(import.meta.dirname, '../../dist/archc.cjs'), ROOT: folder, OUT: out },
        timeout: 120_000,
        encoding: 'utf8',
      },
    );
    try {
      shown = JSON.parse(readFileSync(out, 'utf8'));
    } catch (error) {
      throw new Error(`Neovim wrote nothing: ${stderr}`, { cause: error });
    }
  }, 130_000);
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it('does everything that it is asked for, and the server ends with it', () => {
    expect(shown.problem).toBeUndefined();
    expect(shown.stopped).toBe(true);
  });

  it('shows mistakes under the words that cause them', () => {
    expect(shown.diagnostics).toMatchObject([{ line: 3, from: 12, to: 18, severity: 'ERROR' }]);
  });

  it('shows signatures on hover', () => {
    expect(shown.hover.join('\n')).toContain('layer Linear(out: int, bias = true)(x: Tensor[*B, In]) -> Tensor[*B, out]');
  });

  it('renames', () => {
    expect(shown.renamed.slice(0, 2)).toEqual([
      'model Net(width = 32)(x: Tensor[N, 3, 8, 8]) -> (y: Tensor[N, 10]) {',
      '  h = x -> conv: Conv2d(width, kernel = 3) -> relu',
    ]);
  });

  it('has shapes at the ends of stages', () => {
    expect(shown.hints).toContainEqual({ line: 4, label: '[N, 10]' });
    expect(shown.hints).toContainEqual({ line: 4, label: 'In = 36*width' });
  });

  it('goes to files of the standard library', () => {
    expect(JSON.stringify(shown.definition)).not.toBe('null');
  });

  it('formats, also when it saves', () => {
    expect(shown.formatted).toEqual(shown.renamed);
    expect(shown.saved).toEqual(shown.formatted);
  });
});
