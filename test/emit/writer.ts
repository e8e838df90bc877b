/// <reference types="node" />
import { type ChildProcess, type SpawnOptions, spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { buildSync } from 'esbuild';
import { afterAll } from 'vitest';
import { decodeOnnx } from '../../src/6-emit/onnx/decode.js';

/** A folder that is removed after the tests of this file; in memory where the system has such a place and `fast` is set. */
export function temporaryFolder(fast = false): string {
  const folder = mkdtempSync(join(fast && existsSync('/dev/shm') ? '/dev/shm' : tmpdir(), 'archc-emit-'));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** `writer-child.ts` as one file that Node can run. */
export function buildWriterChild(folder: string): string {
  const outfile = join(folder, 'writer-child.mjs');
  const banner = "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);";
  buildSync({
    entryPoints: [fileURLToPath(new URL('./writer-child.ts', import.meta.url))],
    bundle: true,
    platform: 'node',
    format: 'esm',
    outfile,
    banner: { js: banner },
    logLevel: 'error',
  });
  return outfile;
}

export interface Finished {
  readonly code: number | null;
  readonly signal: string | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Starts a command and collects what it prints. */
export function start(
  command: string,
  args: readonly string[],
  options: SpawnOptions = {},
): { child: ChildProcess; finished: Promise<Finished> } {
  const child = spawn(command, args, { ...options, stdio: ['ignore', 'pipe', 'pipe'] });
  let stdout = '';
  let stderr = '';
  child.stdout?.on('data', (text: Buffer) => {
    stdout += text.toString();
  });
  child.stderr?.on('data', (text: Buffer) => {
    stderr += text.toString();
  });
  const finished = new Promise<Finished>((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code, signal) => resolve({ code, signal, stdout, stderr }));
  });
  return { child, finished };
}

/** One hash of a model and of all data that it refers to; undefined if the model or a part of its data is missing. */
export function modelHash(path: string): string | undefined {
  if (!existsSync(path)) return undefined;
  const bytes = readFileSync(path);
  const hash = createHash('sha256').update(bytes);
  const locations = (decodeOnnx(bytes).graph?.initializer ?? []).flatMap((tensor) =>
    (tensor.externalData ?? []).flatMap(({ key, value }) => (key === 'location' && value !== undefined ? value : [])),
  );
  for (const location of [...new Set(locations)].sort()) {
    const data = join(dirname(path), location);
    if (!existsSync(data)) return undefined;
    hash.update(readFileSync(data));
  }
  return hash.digest('hex');
}

export function temporaryFilesIn(folder: string): readonly string[] {
  return readdirSync(folder).filter((name) => name.endsWith('.tmp'));
}
