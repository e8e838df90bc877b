import { homedir } from 'node:os';
import { join } from 'node:path';

/**
 * Where the platform wants caches of a user: `XDG_CACHE_HOME` or `~/.cache`, `~/Library/Caches`, `%LOCALAPPDATA%`. Never a folder that
 * others may write to, because what lies in it is run. Undefined: nothing is kept (`NODE_DISABLE_COMPILE_CACHE=1`, or no home).
 */
export function cacheFolder(platform: NodeJS.Platform, env: NodeJS.ProcessEnv): string | undefined {
  if (env.NODE_DISABLE_COMPILE_CACHE === '1') return undefined;
  const parent = parentFolder(platform, env);
  return parent === undefined ? undefined : join(parent, 'archc');
}

function parentFolder(platform: NodeJS.Platform, env: NodeJS.ProcessEnv): string | undefined {
  if (platform === 'win32') return env.LOCALAPPDATA || undefined;
  if (platform !== 'darwin' && env.XDG_CACHE_HOME?.startsWith('/')) return env.XDG_CACHE_HOME;
  const home = env.HOME || homedir();
  if (home === '') return undefined;
  return platform === 'darwin' ? join(home, 'Library', 'Caches') : join(home, '.cache');
}
