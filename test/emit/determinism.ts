/// <reference types="node" />
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { cpSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { expect } from 'vitest';

const examples = resolve(import.meta.dirname, '../../examples');

/** Six of the examples with their options; the large ones are made small, which does not change their graphs. Three are optimized as much as a target allows. */
export const models: readonly string[] = [
  'cnn',
  'lenet --seed 7',
  'lstm',
  'transformer --dtype f16',
  'unet',
  'gpt2 --set D=64 --set vocab=500 --set layers=3 --set heads=4',
  'cnn --target cpu -O2',
  'unet --target webgpu -O2',
  'transformer --target cuda -O2',
];

export interface Surroundings {
  readonly env?: Readonly<Record<string, string>>;
  /** The program that runs JavaScript, with its first arguments; by default this Node. */
  readonly node?: readonly string[];
  /** Gives the command the absolute path of the source, from another folder. */
  readonly absolute?: boolean;
}

/** Compiles one of `models` in `folder`, which is created for it, in a separate process, and returns the bytes. */
export function compiled(
  cli: string,
  folder: string,
  name: string,
  { env = {}, node = [process.execPath], absolute = false }: Surroundings,
): Buffer {
  const [example = '', ...options] = name.split(' ');
  mkdirSync(folder, { recursive: true });
  cpSync(join(examples, example), folder, { recursive: true });
  const [program = '', ...first] = node;
  const source = absolute ? join(folder, 'model.arch') : 'model.arch';
  const { status, stderr } = spawnSync(program, [...first, cli, source, '-o', join(folder, 'out.onnx'), ...options], {
    cwd: absolute ? examples : folder,
    env: { ...process.env, ...env },
    encoding: 'utf8',
  });
  expect(status, stderr).toBe(0);
  const bytes = readFileSync(join(folder, 'out.onnx'));
  rmSync(folder, { recursive: true });
  return bytes;
}

export function sha256Of(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}
