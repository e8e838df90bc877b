import nodeModule from 'node:module';
import process from 'node:process';
import { cacheFolder } from './cache-folder.js';
import { privateFolder } from './private-folder.js';

/** Runs the command line. From Node 22.1 on, Node keeps the compiled code of what is loaded here for the next process. */
export async function launch(words: readonly string[]): Promise<void> {
  keepCompiledCode();
  const { main } = await import('./main.js');
  const { processTerminal } = await import('./process-terminal.js');
  process.exitCode = await main(words, processTerminal());
}

/** Compiled code is run without being checked again, so it is kept only where nobody else can write. */
function keepCompiledCode(): void {
  const { enableCompileCache } = nodeModule as { enableCompileCache?: (folder: string) => unknown };
  if (enableCompileCache === undefined || process.env.NODE_DISABLE_COMPILE_CACHE === '1') return;
  const place = cacheFolder(process.platform, process.env);
  const folder = place === undefined ? undefined : privateFolder(place);
  if (folder !== undefined) enableCompileCache(folder);
}
