/// <reference types="node" />
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { expect, test } from 'vitest';
import { writtenTable } from '../kit/capabilities/write-table.js';
import { webgpu } from '../kit/webgpu.js';

test.runIf(webgpu)('a probe of every form in every opset, one by one, writes the table of kernels as it is', async () => {
  const table = readFileSync(resolve(import.meta.dirname, '../../src/ops/capabilities/kernels.generated.ts'), 'utf8');
  expect(await writtenTable()).toBe(table);
});
