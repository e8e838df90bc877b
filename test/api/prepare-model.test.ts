import { describe, expect, test } from 'vitest';
import { writeSafetensors } from '../../src/6-emit/weights/write-safetensors.js';
import { build } from '../../src/build.js';
import type { BinaryHost, Host } from '../../src/host.js';
import { createMemoryHost } from '../../src/memory-host.js';
import { type PrepareOptions, prepareModel } from '../../src/prepare-model.js';
import { tensorOf } from '../../src/runtime/pure/tensor-numbers.js';

const source = `model M(x: Tensor[N, 2]) -> (y: Tensor[N, 2]) {
  return x -> out: Linear(2, bias = false)
}`;
const weights = tensorOf('f32', [2, 2], [1, 2, 3, 4]);

/** The files of a build, with the number of those that are open. */
function counted(files: Readonly<Record<string, string>> = { 'm.arch': source }): { host: Host & BinaryHost; isOpen: () => number } {
  const bytes = writeSafetensors([{ name: 'out.weight', ...weights }]).flatMap((chunk) => [...chunk]);
  const host = createMemoryHost({ ...files, 'w.safetensors': Uint8Array.from(bytes) });
  let open = 0;
  const openBinary: BinaryHost['openBinary'] = (path) => {
    const file = host.openBinary(path);
    open++;
    return { ...file, close: () => open-- };
  };
  return { host: { ...host, openBinary }, isOpen: () => open };
}

function options(file: string | undefined, more: Partial<PrepareOptions> = {}): PrepareOptions {
  return { settings: {}, weights: { file, frozen: new Map(), patterns: [], seed: 0 }, ...more };
}

describe('prepareModel', () => {
  test('leaves the weights open for whoever writes them', () => {
    const { host, isOpen } = counted();
    const { prepared, report } = prepareModel('m.arch', host, options('w.safetensors'));
    expect(report.diagnostics).toEqual([]);
    expect(prepared?.weights.files).toEqual(['w.safetensors']);
    expect(isOpen()).toBe(1);
    prepared?.weights.close();
    expect(isOpen()).toBe(0);
  });

  test('closes them if they do not fit', () => {
    const { host, isOpen } = counted({ 'm.arch': source.replaceAll('2', '3') });
    const { prepared, report } = prepareModel('m.arch', host, options('w.safetensors'));
    expect(prepared).toBeUndefined();
    expect(report.diagnostics.map(({ code }) => code)).toEqual(['weights-shape']);
    expect(isOpen()).toBe(0);
  });

  test('calls back between a correct model and its weights', () => {
    const { host, isOpen } = counted();
    const refuse = () => {
      throw new Error(`${isOpen()} open`);
    };
    expect(() => prepareModel('m.arch', host, options('w.safetensors', { onCompiled: refuse }))).toThrow('0 open');
    const wrong = createMemoryHost({ 'm.arch': source.replace('out', 'return') });
    expect(prepareModel('m.arch', wrong, options('w.safetensors', { onCompiled: refuse })).prepared).toBeUndefined();
  });

  test('stops at a limit of the file, before the weights', () => {
    const { host } = counted();
    const { prepared, report } = prepareModel('m.arch', host, options('missing.safetensors', { settings: { limits: { nameLength: 9 } } }));
    expect(prepared).toBeUndefined();
    expect(report.diagnostics.map(({ code }) => code)).toEqual(['onnx-name-too-long']);
  });

  test('needs a host that opens files only for a weights file', () => {
    const { openBinary: _, ...texts } = createMemoryHost({ 'm.arch': source });
    expect(prepareModel('m.arch', texts, options(undefined)).prepared?.weights.files).toEqual([]);
    expect(() => prepareModel('m.arch', texts, options('w.safetensors'))).toThrow(TypeError);
  });
});

test('build closes the weights file', () => {
  const { host, isOpen } = counted();
  expect(build('m.arch', host, { weights: 'w.safetensors' }).bytes?.length).toBeGreaterThan(0);
  expect(isOpen()).toBe(0);
});
