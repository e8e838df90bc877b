/// <reference types="node" />
import { join, resolve } from 'node:path';
import { build } from 'esbuild';

/** Bundles the command line as it is in the working tree into `folder`, for tests that run it in a separate process; returns its path. */
export async function bundleCli(folder: string): Promise<string> {
  await build({
    stdin: {
      contents: `import { main } from './main.ts'; import { processTerminal } from './process-terminal.ts'; process.exitCode = await main(process.argv.slice(2), processTerminal());`,
      resolveDir: resolve(import.meta.dirname, '../../src/cli'),
    },
    outfile: join(folder, 'cli.mjs'),
    bundle: true,
    format: 'esm',
    platform: 'node',
    external: ['onnxruntime-node'],
    logLevel: 'warning',
  });
  return join(folder, 'cli.mjs');
}
