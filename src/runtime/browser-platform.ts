import { HostError } from '../host.js';
import { hasAdapter, importBuild } from './import-build.js';
import type { Platform } from './platform.js';
import { readResponse, requestOf } from './read-response.js';
import { reasonOf } from './session/session-error.js';
import { cached, isHashed, keep } from './weight-cache.js';

/** A page or worker of a browser: files by their URLs, and onnxruntime-web. */
export const browserPlatform: Platform = {
  kind: 'browser',
  loadOrt: importBuild,
  // WebAssembly counts its bytes with 32 bits.
  memory: () => ({ where: 'WebAssembly', bytes: 2 ** 32, tensorBytes: undefined }),
  providers: async () => ((await hasAdapter()) ? ['webgpu', 'cpu'] : ['cpu']),
  read: async (place, options = {}) => {
    try {
      const url = absolute(place);
      const isKept = options.cache === true && isHashed(url);
      const known = isKept ? await cached(url) : undefined;
      if (known !== undefined) return await readResponse(known, options);
      const bytes = await readResponse(await fetch(place, requestOf(options)), options);
      if (isKept) await keep(url, bytes);
      return bytes;
    } catch (error) {
      if (options.signal?.aborted === true) throw options.signal.reason;
      throw new HostError(`cannot read ${place}: ${reasonOf(error)}`, { cause: error });
    }
  },
  write: async (place) => {
    throw new HostError(`cannot write ${place}: a page writes to file handles, not to URLs`);
  },
  makeFolder: async (place) => {
    throw new HostError(`cannot write ${place}: a page writes to file handles, not to URLs`);
  },
  join: (folder, name) => `${folder.replace(/\/$/, '')}/${name}`,
  pathOf: () => undefined,
  absolute,
};

function absolute(place: string): string {
  return new URL(place, (globalThis as { readonly location?: { readonly href: string } }).location?.href).href;
}
