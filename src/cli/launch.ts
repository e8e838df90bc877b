import nodeModule, { createRequire } from 'node:module';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { cacheFolder } from './cache-folder.js';
import { CodeCache } from './code-cache.js';
import type * as commandLine from './start.js';

/** All commands in one file of CommonJS, beside this one in `dist/`. */
const bundle = fileURLToPath(new URL('cli.cjs', import.meta.url));

/** Runs the command line; its code is compiled once and kept for the next process. */
export async function launch(words: readonly string[]): Promise<void> {
  const folder = cacheFolder(process.platform, process.env);
  // Since version 22.1 Node itself keeps what is loaded after this call.
  const { enableCompileCache } = nodeModule as { enableCompileCache?: (folder: string) => unknown };
  if (enableCompileCache !== undefined) {
    if (folder !== undefined) enableCompileCache(folder);
    const { start } = createRequire(import.meta.url)(bundle) as typeof commandLine;
    process.exitCode = await start(words);
    return;
  }
  // Each command compiles other parts of the bundle.
  const [word = ''] = words;
  const cache = new CodeCache(bundle, folder, /^[a-z]+$/.test(word) ? word : 'build');
  const { start } = cache.load() as typeof commandLine;
  process.exitCode = await start(words);
  if (process.exitCode === 0) cache.keep();
}
