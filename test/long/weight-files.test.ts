import { expect, test } from 'vitest';
import { readNpy } from '../../src/6-emit/weights/npy.js';
import { readSafetensors } from '../../src/6-emit/weights/safetensors.js';
import { WeightFileError } from '../../src/6-emit/weights/stored-tensor.js';
import { HostError } from '../../src/host.js';
import { memoryFile } from '../../src/memory-host.js';
import { fixture } from '../weights/fixture.js';
import { mutations } from '../weights/mutations.js';

function countAccepted(
  files: Iterable<Uint8Array>,
  read: (bytes: Uint8Array) => Iterable<{ readonly offset: number; readonly length: number }>,
): number {
  let accepted = 0;
  for (const bytes of files) {
    try {
      for (const { offset, length } of read(bytes)) if (offset + length > bytes.length) expect.fail('a tensor outside of its file');
      accepted++;
    } catch (error) {
      if (!(error instanceof WeightFileError || error instanceof HostError)) throw error;
    }
  }
  return accepted;
}

test('2,000,000 mutated safetensors files are read or refused', () => {
  const files = mutations([fixture('types.safetensors'), fixture('odd.safetensors')], 2_000_000, 3);
  expect(countAccepted(files, (bytes) => readSafetensors(memoryFile(bytes, 'm'), 'm').tensors.values())).toBeGreaterThan(10_000);
}, 1_800_000);

test('1,000,000 mutated .npy files are read or refused', () => {
  const files = mutations([fixture('f32-2x3.npy'), fixture('version3.npy')], 1_000_000, 4);
  expect(countAccepted(files, (bytes) => [readNpy(memoryFile(bytes, 'm'), 'm')])).toBeGreaterThan(10_000);
}, 1_800_000);
