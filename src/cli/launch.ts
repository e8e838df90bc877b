import nodeModule, { createRequire } from 'node:module';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { cacheFolder } from './cache-folder.js';
import { privateFolder } from './private-folder.js';
import type * as commandLine from './start.js';

/** All commands in one file of CommonJS, beside this one in `dist/`. */
const bundle = fileURLToPath(new URL('cli.cjs', import.meta.url));

/** Runs the command line. From Node 22.1 on, Node keeps the compiled code of what is loaded here for the next process. */
export async function launch(words: readonly string[]): Promise<void> {
  keepCompiledCode();
  const { start } = createRequire(import.meta.url)(bundle) as typeof commandLine;
  process.exitCode = await start(words);
}

/** Compiled code is run without being checked again: it is kept only where nobody else can put some. */
function keepCompiledCode(): void {
  const { enableCompileCache } = nodeModule as { enableCompileCache?: (folder: string) => unknown };
  if (enableCompileCache === undefined || process.env.NODE_DISABLE_COMPILE_CACHE === '1') return;
  const place = cacheFolder(process.platform, process.env);
  const folder = place === undefined ? undefined : privateFolder(place);
  if (folder !== undefined) enableCompileCache(folder);
}
