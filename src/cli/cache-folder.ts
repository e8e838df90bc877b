import { homedir } from 'node:os';
import { join } from 'node:path';

/** The platform's folder for a user's caches: `XDG_CACHE_HOME/archc` or `~/.cache/archc`, `~/Library/Caches/archc`. Undefined if there is no home. */
export function cacheFolder(platform: NodeJS.Platform, env: NodeJS.ProcessEnv): string | undefined {
  if (platform !== 'darwin' && env.XDG_CACHE_HOME?.startsWith('/')) return join(env.XDG_CACHE_HOME, 'archc');
  const home = env.HOME || homedir();
  if (!home.startsWith('/')) return undefined;
  return platform === 'darwin' ? join(home, 'Library', 'Caches', 'archc') : join(home, '.cache', 'archc');
}
