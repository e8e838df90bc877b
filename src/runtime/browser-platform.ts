import type { OrtModule } from '../api/runtime.js';
import { HostError } from '../host.js';
import type { Platform } from './platform.js';
import { ortOf } from './session/ort.js';
import { reasonOf, SessionError } from './session/session-error.js';

/** A page or worker of a browser: files by their URLs, and onnxruntime-web. */
export const browserPlatform: Platform = {
  kind: 'browser',
  loadOrt: async (url) => {
    try {
      return ortOf(url === undefined ? await import('onnxruntime-web/webgpu') : ((await import(url)) as OrtModule));
    } catch (error) {
      const hint = url === undefined && 'WorkerGlobalScope' in globalThis ? '; a worker does not see the import map of its page' : '';
      const reason = `${reasonOf(error)}${hint}`;
      throw new SessionError({ kind: 'missing-runtime', package: url ?? 'onnxruntime-web', reason }, { cause: error });
    }
  },
  // WebAssembly counts its bytes with 32 bits.
  memory: () => ({ where: 'WebAssembly', bytes: 2 ** 32, tensorBytes: undefined }),
  defaultProvider: async () => ((await hasAdapter()) ? 'webgpu' : 'cpu'),
  read: async (place) => {
    try {
      const response = await fetch(place);
      if (!response.ok) throw new Error(`the server answers ${response.status}`);
      return new Uint8Array(await response.arrayBuffer());
    } catch (error) {
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
  absolute: (place) => new URL(place, (globalThis as { readonly location?: { readonly href: string } }).location?.href).href,
};

/** Whether the browser gives this page a GPU. */
async function hasAdapter(): Promise<boolean> {
  const { navigator } = globalThis as { readonly navigator?: { readonly gpu?: { requestAdapter(): Promise<object | null> } } };
  try {
    return ((await navigator?.gpu?.requestAdapter()) ?? null) !== null;
  } catch {
    return false;
  }
}
