/// <reference types="node" />
import { join, resolve } from 'node:path';
import { build } from 'esbuild';

/** Bundles the command line as it is in the working tree into `folder`, for tests that run it as a process of its own; gives its path. */
export async function bundleCli(folder: string): Promise<string> {
  await build({
    entryPoints: { cli: resolve(import.meta.dirname, '../../src/cli/bin.ts') },
    outdir: folder,
    outExtension: { '.js': '.mjs' },
    bundle: true,
    splitting: true,
    format: 'esm',
    platform: 'node',
    external: ['onnxruntime-node'],
    logLevel: 'warning',
  });
  return join(folder, 'cli.mjs');
}
