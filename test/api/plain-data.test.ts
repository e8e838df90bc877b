import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { build, check, compile, createMemoryHost, type Diagnostic, format } from '../../src/index.js';
import { buildFile } from '../../src/node.js';

const folder = mkdtempSync(join(tmpdir(), 'archc-plain-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const source = `model M(x: Tensor[N, 8]) -> (y: Tensor[N, 4]) {
  return x -> fc: Linear(4)
}
`;
/** A warning, an error with notes, and one with a fix. */
const wrong = `let unused = 1
model M(x: Tensor[N, 8]) -> (y: Tensor[N, 5]) {
  h = x -> fc: Liner(4)
  return x -> fc: Linear(4)
}
`;
const unclosed = `${source}let a = [1\n`;

function memory(text: string): ReturnType<typeof createMemoryHost> {
  return createMemoryHost({ 'm.arch': text, 'w.safetensors': new Uint8Array(3) });
}

async function fromDisk(): Promise<readonly Diagnostic[]> {
  const entry = join(folder, 'm.arch');
  writeFileSync(entry, source);
  writeFileSync(join(folder, 'w.safetensors'), 'no weights');
  return (await buildFile(entry, join(folder, 'm.onnx'), { weights: join(folder, 'w.safetensors') })).diagnostics;
}

describe('diagnostics are plain data', () => {
  test.each<[string, () => readonly Diagnostic[] | Promise<readonly Diagnostic[]>]>([
    ['check', () => check('m.arch', memory(wrong)).diagnostics],
    ['next', () => check('m.arch', memory(source)).next(wrong).diagnostics],
    ['compile', () => compile('m.arch', memory(wrong)).diagnostics],
    ['build', () => build('m.arch', memory(wrong)).diagnostics],
    ['build with a broken weights file', () => build('m.arch', memory(source), { weights: 'w.safetensors' }).diagnostics],
    ['build beyond a limit of the file', () => build('m.arch', memory(source), { limits: { onnxBytes: 9 } }).diagnostics],
    ['buildFile', fromDisk],
    ['format', () => format('m.arch', unclosed).diagnostics],
  ])('of %s', async (_, get) => {
    const diagnostics = await get();
    expect(diagnostics).not.toEqual([]);
    // A class would lose its getters.
    expect(structuredClone(diagnostics)).toStrictEqual(diagnostics);
    expect(diagnostics.map(({ span }) => ({ ...span }))).toEqual(
      diagnostics.map(() => ({ file: expect.any(String), start: expect.any(Number), end: expect.any(Number) })),
    );
  });
});
