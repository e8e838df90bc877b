/// <reference types="node" />
import { spawnSync } from 'node:child_process';
import { resolve } from 'node:path';
import { expect, test } from 'vitest';

function verify(...args: readonly string[]) {
  const { stdout, stderr, status } = spawnSync(
    process.execPath,
    [resolve(import.meta.dirname, '../../scripts/verify-device.mjs'), ...args],
    {
      encoding: 'utf8',
    },
  );
  return { stdout, stderr, status };
}

test('`npm run verify-device` runs the checks of a provider and reports differences', () => {
  const { stdout, status } = verify('--provider', 'cpu', '--only', 'com.microsoft.FusedConv f32');
  expect(stdout).toMatch(/^ONNX Runtime \d+\.\d+\.\d+, provider cpu: [1-9]\d* claims\n/);
  expect(stdout).toContain('\nsaid to be computed, and not: 0\nsaid not to be computed, and otherwise here: 0\n');
  expect(status).toBe(0);
});

test('`npm run verify-device` requires one of the providers', () => {
  expect(verify('--provider', 'tpu')).toMatchObject({ status: 2, stderr: '--provider is one of cpu, cuda, webgpu, wasm\n' });
});
