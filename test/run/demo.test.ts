/// <reference types="node" />
import { spawnSync } from 'node:child_process';
import { resolve } from 'node:path';
import { expect, it } from 'vitest';

const root = resolve(import.meta.dirname, '../..');

it('npm run demo shows every example and a mistake', () => {
  const env = { ...process.env, NO_COLOR: '1' };
  const { status, stdout, stderr } = spawnSync(process.execPath, ['scripts/demo.mjs'], { cwd: root, encoding: 'utf8', env });
  expect(stderr).toBe('');
  expect(status).toBe(0);
  expect(stdout).toMatch(/^cnn +315,722 +\d+ +image \[N, 3, 24, 24\] -> logits \[N, 10\] .* ms$/m);
  expect(stdout).toMatch(/^resnet +.*features \[N, 2048\] .* ms$/m);
  expect(stdout).toMatch(/^llama +.*attention_mask i64\[N, P \+ T\] -> logits \[N, T, 32000\], 4 states .* ms$/m);
  expect(stdout).toMatch(/^whisper step +.*memory \[N, S, 128\] -> logits \[N, T, 51865\], 4 states .* ms$/m);
  expect(stdout).toMatch(/^mamba +.*input_ids i64\[N, T\] -> logits \[N, T, 50280\], 4 states .* ms$/m);
  expect(stdout).toContain('error[shape-mismatch]: concat along axis 1');
}, 180_000);
