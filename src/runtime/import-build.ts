import type { OrtModule, Provider } from '../api/runtime.js';
import { type Ort, ortOf } from './session/ort.js';
import { reasonOf, SessionError } from './session/session-error.js';

/** The builds of onnxruntime-web: for a GPU in an engine that suspends WebAssembly, for a GPU in any engine, and for the processor. */
type Build = 'jspi' | 'webgpu' | 'wasm';

/** A bundler must see each name. An app that does without a build maps it to an empty module. */
const imports: Readonly<Record<Build, () => Promise<OrtModule>>> = {
  jspi: () => import('onnxruntime-web/jspi'),
  webgpu: () => import('onnxruntime-web/webgpu'),
  wasm: () => import('onnxruntime-web/wasm'),
};

/** Imports one build of onnxruntime-web for a provider, or what `url` has. Throws `SessionError`: `no-adapter` before anything is loaded, and `missing-runtime`. */
export async function importBuild(url: string | undefined, provider: Provider): Promise<Ort> {
  if (url !== undefined) return importFrom(url, () => import(url) as Promise<OrtModule>);
  // Each build for a GPU also computes on the processor.
  const [loaded] = loadedBuilds().filter(({ build }) => provider === 'cpu' || build !== 'wasm');
  if (loaded !== undefined) return loaded.ort;
  if (provider === 'webgpu' && !(await hasAdapter())) throw new SessionError({ kind: 'no-adapter' });
  const builds: readonly Build[] = provider === 'cpu' ? ['wasm', 'webgpu', 'jspi'] : canSuspend() ? ['jspi', 'webgpu'] : ['webgpu'];
  let failure: unknown;
  for (const build of builds) {
    try {
      const ort = await importFrom('onnxruntime-web', imports[build]);
      loadedBuilds().push({ build, ort });
      return ort;
    } catch (error) {
      failure ??= error;
    }
  }
  throw failure;
}

async function importFrom(name: string, load: () => Promise<OrtModule>): Promise<Ort> {
  try {
    const ort = ortOf(await load());
    if (ort?.InferenceSession === undefined) throw new Error('it has no `InferenceSession`');
    return ort;
  } catch (error) {
    const hint =
      name === 'onnxruntime-web' && 'WorkerGlobalScope' in globalThis ? '; a worker does not see the import map of its page' : '';
    throw new SessionError({ kind: 'missing-runtime', package: name, reason: `${reasonOf(error)}${hint}` }, { cause: error });
  }
}

/** Whether WebAssembly can wait for JavaScript: then its code needs no second form for that, and is smaller and faster. */
function canSuspend(): boolean {
  const { WebAssembly } = globalThis as { readonly WebAssembly?: object };
  return WebAssembly !== undefined && 'Suspending' in WebAssembly;
}

const key = Symbol.for('archc.onnxruntime.builds');

/** The builds that this page or worker has, also those of other copies of this module. */
function loadedBuilds(): { readonly build: Build; readonly ort: Ort }[] {
  const holder = globalThis as { [key]?: { readonly build: Build; readonly ort: Ort }[] };
  holder[key] ??= [];
  return holder[key];
}

/** Whether the browser gives this page a GPU. */
export async function hasAdapter(): Promise<boolean> {
  const { navigator } = globalThis as { readonly navigator?: { readonly gpu?: { requestAdapter(): Promise<object | null> } } };
  try {
    return ((await navigator?.gpu?.requestAdapter()) ?? null) !== null;
  } catch {
    return false;
  }
}
